import { z } from 'zod';
import type { TenantSession } from '../../../data/database.ts';
import { decodeRows } from '../../../data/decode-rows.ts';
import { SALES_SCOPE, type SalesScope, scopeValues } from './sales-scope.ts';

const shape = {
  label: z.string(),
  currency: z.string(),
  revenue: z.string(),
  sales_amount: z.string(),
  orders: z.number(),
  returns: z.number(),
  anonymous_orders: z.number(),
  unique_customers: z.number(),
  units: z.number(),
};

/** Figures of one period in one currency. `sales_amount` is revenue before returns. */
export type SalesTotals = z.output<z.ZodObject<typeof shape>>;

const TEXT = `WITH ${SALES_SCOPE},
  unit AS (
    SELECT label, currency, sum(i.quantity)::bigint AS units
    FROM sale JOIN retail.order_items i USING (store_id, order_id)
    GROUP BY label, currency
  ),
  total AS (
    SELECT label, currency,
      sum(total_amount) AS revenue,
      coalesce(sum(total_amount) FILTER (WHERE NOT is_return), 0) AS sales_amount,
      count(*) FILTER (WHERE NOT is_return) AS orders,
      count(*) FILTER (WHERE is_return) AS returns,
      count(*) FILTER (WHERE NOT is_return AND customer_id IS NULL) AS anonymous_orders,
      count(DISTINCT (store_id, customer_id)) FILTER (WHERE NOT is_return AND customer_id IS NOT NULL) AS unique_customers
    FROM sale
    GROUP BY label, currency
  )
  SELECT total.*, coalesce(unit.units, 0) AS units
  FROM total LEFT JOIN unit USING (label, currency)
  ORDER BY currency, label`;

/** One row per period and currency that has orders; none for the others. */
export async function salesTotals(tenant: TenantSession, scope: SalesScope): Promise<SalesTotals[]> {
  return decodeRows(await tenant.query({ text: TEXT, values: scopeValues(scope) }), shape);
}
