import { z } from 'zod';
import { decodeRows } from '../../../data/decode-rows.ts';
import type { ProductList } from '../answer.ts';
import { KIND_OF_PRODUCT, PRODUCT_COLUMNS, productShape } from '../product.ts';
import { findProduct } from '../product-key.ts';
import { DAY_MS, MOST_DAYS, type Recommendation } from './recommendation.ts';
import { MOST_RECENT, type SoldWithType, soldWithType } from './sold-with-type.ts';

const shape = { ...productShape, orders_together: z.number(), affinity: z.number() };

/** Orders of a product that are looked at, the latest first, and products of them that are weighed. */
const MOST_ORDERS = 5000;
const MOST_PRODUCTS = 50;
/** Fewer orders than this say nothing. */
const LEAST_ORDERS = 2;

/**
 * What is bought in the same orders as a product ($1), in the caller's stores, since $2. Ranked by the cosine of the two sets of orders,
 * together / sqrt(one * other), so that what is in every basket does not come first with everything.
 */
const TEXT = `WITH baskets AS (
    SELECT o.store_id, o.order_id
    FROM retail.order_items i JOIN retail.orders o ON o.store_id = i.store_id AND o.order_id = i.order_id
    WHERE i.product_id = $1::uuid AND i.quantity > 0 AND o.order_date >= $2::timestamptz AND o.status NOT IN ('cancelled', 'returned')
    GROUP BY o.store_id, o.order_id, o.order_date
    ORDER BY o.order_date DESC LIMIT ${MOST_ORDERS}
  ),
  together AS (
    SELECT i.product_id, count(DISTINCT i.order_id) AS orders
    FROM baskets b JOIN retail.order_items i ON i.store_id = b.store_id AND i.order_id = b.order_id
    WHERE i.product_id <> $1::uuid AND i.quantity > 0
    GROUP BY i.product_id HAVING count(DISTINCT i.order_id) >= ${LEAST_ORDERS}
    ORDER BY 2 DESC, 1 LIMIT ${MOST_PRODUCTS}
  ),
  weighed AS (
    SELECT together.product_id, together.orders AS orders_together, together.orders / sqrt((SELECT count(*) FROM baskets) * (
        SELECT count(DISTINCT i.order_id)
        FROM retail.order_items i JOIN retail.orders o ON o.store_id = i.store_id AND o.order_id = i.order_id
        WHERE i.product_id = together.product_id AND i.quantity > 0
          AND o.order_date >= $2::timestamptz AND o.status NOT IN ('cancelled', 'returned')
      )) AS affinity
    FROM together
  )
  SELECT ${PRODUCT_COLUMNS}, orders_together, round(affinity::numeric, 4)::float8 AS affinity
  FROM weighed
    JOIN retail.products p USING (product_id)
    ${KIND_OF_PRODUCT}
  WHERE NOT p.discontinued
  ORDER BY weighed.affinity DESC, p.sku
  LIMIT $3::integer`;

/** What others bought with it; where that is too little, what sells best of the types that are bought with its type. */
export const crossSell: Recommendation = {
  permissions: ['read:basic_reports'],
  needs: ['product'],
  async run({ days, max_rows: rows, ...key }, { database, clock }, context) {
    const since = new Date(clock.now() - days * DAY_MS).toISOString();
    return database.withTenant(context, async (tenant) => {
      const { product_id: id } = await findProduct(tenant, key);
      const found = await tenant.query({ text: TEXT, values: [id, since, rows] });
      const together = decodeRows(found, shape);
      const skus = together.map(({ sku }) => sku);
      const lacking = rows - together.length;
      const others = lacking > 0 ? await soldWithType(tenant, id, since, skus, lacking) : [];
      return answer(together, others, days);
    });
  },
};

function answer(
  together: readonly z.output<z.ZodObject<typeof shape>>[],
  others: readonly SoldWithType[],
  days: number,
): ProductList {
  const products = [...together, ...others];
  const mode = 'sales';
  if (products.length === 0) {
    const longer = days < MOST_DAYS ? `Raise days, to ${MOST_DAYS} at most, or use` : 'Use';
    return { mode, products, note: `${longer} kind similar_products.` };
  }
  const figures = [
    `Of the last ${days} days.`,
    ...(together.length > 0 ? [OF_PRODUCTS] : []),
    ...(others.length > 0 ? [OF_TYPES] : []),
  ];
  const degraded = others.length > 0 ? tooFew(together.length) : undefined;
  return { mode, degraded, products, note: figures.join(' ') };
}

const OF_PRODUCTS = 'orders_together: orders with both; affinity: 1 where all orders of either have both.';
const OF_TYPES = `units: sold in the latest ${MOST_RECENT} orders at most; type_orders_together: those of them with both types; type_affinity: 1 where all orders of either type have both.`;

function tooFew(together: number): string {
  const few = together === 0 ? 'Nothing is' : `Only ${together} of these are`;
  const those = together === 0 ? 'these' : 'those with units';
  return `${few} in ${LEAST_ORDERS} orders with it; ${those} are best sellers of types that are bought with its type more often than by chance.`;
}
