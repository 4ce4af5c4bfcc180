import { z } from 'zod';
import type { TenantSession } from '../../../data/database.ts';
import { decodeRows } from '../../../data/decode-rows.ts';
import { SALES_SCOPE, type SalesScope, scopeValues } from './sales-scope.ts';

const shape = {
  sku: z.string(),
  name: z.string(),
  stock: z.number(),
  units: z.number(),
  all_products: z.number(),
  all_stock: z.number(),
};

export type SlowMover = z.output<z.ZodObject<typeof shape>>;

/** Stock that lasts longer than this many days at the period's rate of sale is slow. */
export const SLOW_AFTER_DAYS = 180;

/** $6: length of the period in days, $7: slow after days, $8: rows. Pieces only, so that no currencies are mixed. */
const TEXT = `WITH ${SALES_SCOPE},
  stocked AS (
    SELECT product_id, sum(stock_level)::bigint AS stock
    FROM retail.inventory
    WHERE stock_level > 0 AND ($5::uuid IS NULL OR store_id = $5::uuid)
    GROUP BY product_id
  ),
  sold AS (
    SELECT i.product_id, sum(i.quantity)::bigint AS units
    FROM sale JOIN retail.order_items i USING (store_id, order_id)
    GROUP BY i.product_id
  ),
  slow AS (
    SELECT product_id, stock, coalesce(units, 0) AS units
    FROM stocked LEFT JOIN sold USING (product_id)
    WHERE stock * $6::integer > coalesce(units, 0) * $7::integer
  )
  SELECT p.sku, p.name, stock, units, count(*) OVER () AS all_products, (sum(stock) OVER ())::bigint AS all_stock
  FROM slow JOIN retail.products p USING (product_id)
  ORDER BY stock DESC, p.sku
  LIMIT $8::integer`;

/** Products with stock that hardly sell, most pieces first; `all_*` count beyond the rows given. */
export async function slowMovers(
  tenant: TenantSession,
  scope: SalesScope,
  days: number,
  rows: number,
): Promise<SlowMover[]> {
  const values = [...scopeValues(scope), days, SLOW_AFTER_DAYS, rows];
  return decodeRows(await tenant.query({ text: TEXT, values }), shape);
}
