import { z } from 'zod';
import type { TenantSession } from '../../../data/database.ts';
import { decodeRows } from '../../../data/decode-rows.ts';

const shape = {
  slug: z.string(),
  name: z.string(),
  region: z.string().nullable(),
  stock: z.number(),
};

export type StoreStock = z.output<z.ZodObject<typeof shape>>;

const TEXT = `SELECT s.slug, s.name, r.slug AS region, coalesce(i.stock_level, 0) AS stock
  FROM retail.stores s
    LEFT JOIN retail.regions r ON r.region_id = s.region_id
    LEFT JOIN retail.inventory i ON i.store_id = s.store_id AND i.product_id = $1::uuid
  WHERE $3::text IS NULL OR s.slug = $3::text OR s.region_id = (SELECT region_id FROM retail.stores WHERE slug = $3::text)
  ORDER BY s.slug IS NOT DISTINCT FROM $3::text DESC, stock DESC, s.slug
  LIMIT $2::integer`;

/**
 * What each of the caller's stores has of a product, most first; stores without any are listed with 0. With `slug`, that store first,
 * and then those of its region only.
 */
export async function stockByStore(
  tenant: TenantSession,
  productId: string,
  maxStores: number,
  slug: string | null = null,
): Promise<StoreStock[]> {
  const rows = await tenant.query({ text: TEXT, values: [productId, maxStores, slug], isTimeless: true });
  return decodeRows(rows, shape);
}
