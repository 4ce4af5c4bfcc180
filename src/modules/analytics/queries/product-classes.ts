import { z } from 'zod';
import type { TenantSession } from '../../../data/database.ts';
import { decodeRows } from '../../../data/decode-rows.ts';
import { SALES_SCOPE, type SalesScope, scopeValues } from './sales-scope.ts';

const shape = {
  currency: z.string(),
  class: z.enum(['A', 'B', 'C']),
  products: z.number(),
  units: z.number(),
  revenue: z.string(),
};

export type ProductClass = z.output<z.ZodObject<typeof shape>>;

/**
 * ABC (Pareto) classes per currency: products by revenue, best first; A until 80 % of all positive revenue is reached (the
 * product that reaches it included), B until 95 %, C the rest, with whatever earned nothing or less.
 */
const TEXT = `WITH ${SALES_SCOPE},
  sold AS (
    SELECT currency, i.product_id, sum(i.quantity) AS units, sum(i.line_total) AS revenue
    FROM sale JOIN retail.order_items i USING (store_id, order_id)
    GROUP BY currency, i.product_id
  ),
  ranked AS (
    SELECT *,
      coalesce(sum(revenue) OVER (PARTITION BY currency ORDER BY revenue DESC, product_id
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS better,
      sum(revenue) FILTER (WHERE revenue > 0) OVER (PARTITION BY currency) AS positive
    FROM sold
  )
  SELECT currency,
    CASE WHEN revenue <= 0 THEN 'C' WHEN better < 0.80 * positive THEN 'A' WHEN better < 0.95 * positive THEN 'B' ELSE 'C' END AS class,
    count(*) AS products, sum(units)::bigint AS units, sum(revenue) AS revenue
  FROM ranked
  GROUP BY 1, 2
  ORDER BY 1, 2`;

export async function productClasses(tenant: TenantSession, scope: SalesScope): Promise<ProductClass[]> {
  return decodeRows(await tenant.query({ text: TEXT, values: scopeValues(scope) }), shape);
}
