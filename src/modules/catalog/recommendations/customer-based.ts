import { z } from 'zod';
import type { TenantSession } from '../../../data/database.ts';
import { decodeRows } from '../../../data/decode-rows.ts';
import { NotFoundError } from '../../../kernel/errors.ts';
import { isUuid } from '../../../kernel/uuid.ts';
import { KIND_OF_PRODUCT, PRODUCT_COLUMNS, productShape } from '../product.ts';
import type { Start } from '../search/product-search.ts';
import { type ServingSet, stillServes } from '../search/serving-set.ts';
import { DAY_MS, type Recommendation } from './recommendation.ts';

type CustomerKey = readonly [storeId: string, customerId: string];

/** The caller's own customer of this id or number. */
async function findCustomer(tenant: TenantSession, idOrNumber: string): Promise<CustomerKey> {
  const rows = await tenant.query({
    text: `SELECT store_id, customer_id FROM retail.customers
      WHERE customer_id = $1::uuid OR customer_number = $2::text LIMIT 2`,
    values: [isUuid(idOrNumber) ? idOrNumber : null, idOrNumber],
  });
  const found = decodeRows(rows, { store_id: z.string(), customer_id: z.string() });
  const [customer] = found;
  if (customer !== undefined && found.length === 1) return [customer.store_id, customer.customer_id];
  throw new NotFoundError(
    'NOT_FOUND',
    customer === undefined
      ? 'There is no such customer in your stores. Give customer_id or customer_number.'
      : 'Several of your stores have a customer of this number. Give customer_id.',
  );
}

/** What a customer ($2) has bought in their store ($1). */
const BOUGHT = `SELECT DISTINCT i.product_id
  FROM retail.orders o JOIN retail.order_items i ON i.store_id = o.store_id AND i.order_id = o.order_id
  WHERE o.store_id = $1::uuid AND o.customer_id = $2::uuid AND o.status NOT IN ('cancelled', 'returned') AND i.quantity > 0`;

/** The middle of what a customer has bought; undefined where none of it has a vector. */
async function tasteOf(
  tenant: TenantSession,
  customer: CustomerKey,
  set: ServingSet,
): Promise<Start | undefined> {
  const rows = await tenant.query({
    text: `WITH bought AS MATERIALIZED (${BOUGHT})
      SELECT (SELECT array_agg(product_id::text) FROM bought) AS without, (
        SELECT avg(description_embedding)::text FROM retail.product_description_embeddings
        WHERE slot = ${set.slot} AND product_id IN (SELECT product_id FROM bought)
          AND ${stillServes(set, '$3::uuid')}
      ) AS vector`,
    values: [...customer, set.setId],
  });
  const [found] = decodeRows(rows, {
    without: z.array(z.string()).nullable(),
    vector: z.string().nullable(),
  });
  return found?.vector == null ? undefined : { vector: found.vector, without: found.without ?? [] };
}

const bestShape = { ...productShape, units: z.number() };

/** Best sellers since $3 of the kinds that a customer buys, without what they have. */
const BEST_OF_THEIR_KINDS = `WITH bought AS MATERIALIZED (${BOUGHT}),
  sold AS (
    SELECT i.product_id, sum(i.quantity)::integer AS units
    FROM retail.orders o JOIN retail.order_items i ON i.store_id = o.store_id AND i.order_id = o.order_id
    WHERE o.store_id = $1::uuid AND o.order_date >= $3::timestamptz AND o.status <> 'cancelled'
    GROUP BY i.product_id
  )
  SELECT ${PRODUCT_COLUMNS}, units
  FROM sold
    JOIN retail.products p USING (product_id)
    ${KIND_OF_PRODUCT}
  WHERE NOT p.discontinued AND units > 0 AND p.product_id NOT IN (SELECT product_id FROM bought)
    AND p.type_id IN (SELECT type_id FROM retail.products WHERE product_id IN (SELECT product_id FROM bought))
  ORDER BY units DESC, p.sku LIMIT $4::integer`;

async function boughtAnything(tenant: TenantSession, customer: CustomerKey): Promise<boolean> {
  const rows = await tenant.query({ text: `SELECT EXISTS (${BOUGHT}) AS bought`, values: customer });
  return decodeRows(rows, { bought: z.boolean() }).some(({ bought }) => bought);
}

const NOTHING_BOUGHT =
  'They have bought and kept nothing in your stores. Ask for kind trending: what sells now.';
const NOTHING_SOLD =
  'Nothing else of these kinds was sold in these days. Ask for kind trending: what sells now.';

/** What a customer may like, going by what they bought. */
export const customerBased: Recommendation = {
  permissions: ['read:customers', 'read:orders'],
  needs: ['customer'],
  async run({ customer: asked = '', days, max_rows: rows }, { database, search, clock }, context) {
    const customer = await database.withTenant(context, (tenant) => findCustomer(tenant, asked));
    const near = await search.near((tenant, set) => tasteOf(tenant, customer, set), rows, context);
    if ('products' in near) return { mode: 'vector', products: near.products };
    const values = [...customer, new Date(clock.now() - days * DAY_MS).toISOString(), rows];
    const { products, hasBought } = await database.withTenant(context, async (tenant) => {
      const found = await tenant.query({ text: BEST_OF_THEIR_KINDS, values });
      const best = decodeRows(found, bestShape);
      return { products: best, hasBought: best.length > 0 || (await boughtAnything(tenant, customer)) };
    });
    if (!hasBought) return { mode: 'sales', products, note: NOTHING_BOUGHT };
    const why = near.why ?? 'Nothing that they bought has a vector';
    return {
      mode: 'sales',
      degraded: `${why}, so these are best sellers of the kinds that they buy.`,
      products,
      ...(products.length === 0 && { note: NOTHING_SOLD }),
    };
  },
};
