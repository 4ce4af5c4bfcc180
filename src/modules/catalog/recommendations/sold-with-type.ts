import { z } from 'zod';
import type { TenantSession } from '../../../data/database.ts';
import { decodeRows } from '../../../data/decode-rows.ts';
import { KIND_OF_PRODUCT, PRODUCT_COLUMNS, productShape } from '../product.ts';

const shape = {
  ...productShape,
  units: z.number(),
  type_orders_together: z.number(),
  type_affinity: z.number(),
};
export type SoldWithType = z.output<z.ZodObject<typeof shape>>;

/** Orders that are looked at, the latest first: enough to tell types apart, and soon read. */
export const MOST_RECENT = 10_000;
/** Fewer orders with both than this are chance. */
const LEAST_ORDERS = 3;
const MOST_TYPES = 5;
/** What sells fourth best of its type is no best seller. */
const BEST_OF_TYPE = 3;

/**
 * Best sellers of the types that go with the type of a product ($1): those that are in the same orders more often than two that have
 * nothing to do with each other would be, in the caller's stores, since $2. Types are ranked by the cosine of their sets of orders. The
 * best seller of each type comes first, then the second best of each. Without what is there already ($3, SKUs).
 */
const TEXT = `WITH latest AS MATERIALIZED (
    SELECT store_id, order_id FROM retail.orders
    WHERE order_date >= $2::timestamptz AND status NOT IN ('cancelled', 'returned')
    ORDER BY order_date DESC LIMIT ${MOST_RECENT}
  ),
  lines AS MATERIALIZED (
    SELECT i.store_id, i.order_id, i.product_id, p.type_id, i.quantity
    FROM latest JOIN retail.order_items i USING (store_id, order_id) JOIN retail.products p USING (product_id)
    WHERE i.quantity > 0
  ),
  baskets AS (SELECT DISTINCT store_id, order_id, type_id FROM lines),
  own AS MATERIALIZED (
    SELECT store_id, order_id FROM baskets
    WHERE type_id = (SELECT type_id FROM retail.products WHERE product_id = $1::uuid)
  ),
  counted AS (
    SELECT b.type_id, count(*) AS orders, count(own.order_id) AS together,
      (SELECT count(*) FROM own) AS of_own, (SELECT count(*) FROM latest) AS of_all
    FROM baskets b LEFT JOIN own USING (store_id, order_id)
    WHERE b.type_id <> (SELECT type_id FROM retail.products WHERE product_id = $1::uuid)
    GROUP BY b.type_id
  ),
  types AS (
    SELECT type_id, together, together / sqrt(orders * of_own) AS affinity
    FROM counted WHERE together >= ${LEAST_ORDERS} AND together * of_all > orders * of_own
    ORDER BY affinity DESC, type_id LIMIT ${MOST_TYPES}
  ),
  sold AS (
    SELECT l.product_id, types.together, types.affinity, sum(l.quantity)::integer AS units,
      row_number() OVER (PARTITION BY l.type_id ORDER BY sum(l.quantity) DESC, p.sku) AS place
    FROM types JOIN lines l USING (type_id) JOIN retail.products p USING (product_id)
    WHERE NOT p.discontinued AND p.sku <> ALL ($3::text[])
    GROUP BY l.type_id, l.product_id, p.sku, types.together, types.affinity
  )
  SELECT ${PRODUCT_COLUMNS}, units, together AS type_orders_together, round(affinity::numeric, 4)::float8 AS type_affinity
  FROM sold
    JOIN retail.products p USING (product_id)
    ${KIND_OF_PRODUCT}
  WHERE place <= ${BEST_OF_TYPE}
  ORDER BY place, affinity DESC, p.sku
  LIMIT $4::integer`;

/** Where sales say too little of a product itself: what sells best of the types that are bought with its type. */
export async function soldWithType(
  tenant: TenantSession,
  productId: string,
  since: string,
  without: readonly string[],
  rows: number,
): Promise<readonly SoldWithType[]> {
  return decodeRows(await tenant.query({ text: TEXT, values: [productId, since, without, rows] }), shape);
}
