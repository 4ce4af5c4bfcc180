import { z } from 'zod';
import type { TenantSession } from '../../../data/database.ts';
import { decodeRows } from '../../../data/decode-rows.ts';
import { findProduct } from '../product-key.ts';
import { type ServingSet, stillServes } from '../search/serving-set.ts';
import type { Recommendation } from './recommendation.ts';

async function vectorOf(
  tenant: TenantSession,
  productId: string,
  set: ServingSet,
): Promise<string | undefined> {
  const rows = await tenant.query({
    text: `SELECT description_embedding::text AS vector FROM retail.product_description_embeddings
      WHERE slot = ${set.slot} AND product_id = $1::uuid AND ${stillServes(set, '$2::uuid')}`,
    values: [productId, set.setId],
  });
  return decodeRows(rows, { vector: z.string().nullable() })[0]?.vector ?? undefined;
}

/** What is like it. */
export const similarProducts: Recommendation = {
  permissions: [],
  needs: ['product'],
  async run({ max_rows: rows, ...key }, { database, search }, context) {
    const product = await database.withTenant(context, (tenant) => findProduct(tenant, key));
    const { product_id: id } = product;
    const near = await search.near(
      async (tenant, set) => {
        const vector = await vectorOf(tenant, id, set);
        return vector === undefined ? undefined : { vector, without: [id] };
      },
      rows,
      context,
    );
    if ('products' in near) return { mode: 'vector', products: near.products };
    const words = `${product.name} ${product.type}`;
    return {
      mode: 'text',
      degraded: `${near.why ?? 'The product has no vector'}, so only words were compared.`,
      products: await search.byWords(words, rows, { without: [id] }, context),
    };
  },
};
