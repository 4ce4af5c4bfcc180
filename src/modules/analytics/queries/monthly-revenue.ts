import { z } from 'zod';
import type { TenantSession } from '../../../data/database.ts';
import { decodeRows } from '../../../data/decode-rows.ts';
import { SALES_SCOPE, type SalesScope, scopeValues } from './sales-scope.ts';

const shape = {
  currency: z.string(),
  month: z.string(),
  revenue: z.string(),
  orders: z.number(),
  first_day: z.string(),
  last_day: z.string(),
};

export type Month = z.output<z.ZodObject<typeof shape>>;

const TEXT = `WITH ${SALES_SCOPE}
  SELECT currency, date_trunc('month', order_date AT TIME ZONE 'UTC')::date AS month,
    sum(total_amount) AS revenue, count(*) FILTER (WHERE NOT is_return) AS orders,
    (min(order_date) AT TIME ZONE 'UTC')::date AS first_day, (max(order_date) AT TIME ZONE 'UTC')::date AS last_day
  FROM sale
  GROUP BY 1, 2
  ORDER BY 1, 2`;

/** Each month with orders, per currency, in order, with the first and the last day that has any. */
export async function monthlyRevenue(tenant: TenantSession, scope: SalesScope): Promise<Month[]> {
  return decodeRows(await tenant.query({ text: TEXT, values: scopeValues(scope), maxRows: 10_000 }), shape);
}
