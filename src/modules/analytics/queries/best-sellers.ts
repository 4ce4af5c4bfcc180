import { z } from 'zod';
import type { TenantSession } from '../../../data/database.ts';
import { decodeRows } from '../../../data/decode-rows.ts';
import { SALES_SCOPE, type SalesScope, scopeValues } from './sales-scope.ts';

const shape = {
  label: z.string(),
  kind: z.enum(['category', 'product']),
  currency: z.string(),
  sku: z.string().nullable(),
  name: z.string(),
  units: z.number(),
  revenue: z.string(),
};

export type BestSeller = z.output<z.ZodObject<typeof shape>>;

const TEXT = `WITH ${SALES_SCOPE},
  sold AS (
    SELECT label, currency, i.product_id, sum(i.quantity) AS units, sum(i.line_total) AS revenue
    FROM sale JOIN retail.order_items i USING (store_id, order_id)
    GROUP BY label, currency, i.product_id
  ),
  ranked AS (
    SELECT label, 'product' AS kind, currency, p.sku, p.name, units, revenue,
      row_number() OVER (PARTITION BY label, currency ORDER BY revenue DESC, p.sku) AS place
    FROM sold JOIN retail.products p USING (product_id)
    UNION ALL
    SELECT label, 'category', currency, NULL, c.name, sum(units), sum(revenue),
      row_number() OVER (PARTITION BY label, currency ORDER BY sum(revenue) DESC, c.name)
    FROM sold JOIN retail.products p USING (product_id) JOIN retail.categories c USING (category_id)
    GROUP BY label, currency, c.category_id, c.name
  )
  SELECT label, kind, currency, sku, name, units::bigint AS units, revenue
  FROM ranked WHERE place <= $6::integer
  ORDER BY kind, label, currency, place`;

/** The products and the categories that brought most, best first, at most `places` of each per period and currency. */
export async function bestSellers(
  tenant: TenantSession,
  scope: SalesScope,
  places: number,
): Promise<BestSeller[]> {
  return decodeRows(await tenant.query({ text: TEXT, values: [...scopeValues(scope), places] }), shape);
}
