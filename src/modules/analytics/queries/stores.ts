import { z } from 'zod';
import type { TenantSession } from '../../../data/database.ts';
import { decodeRows } from '../../../data/decode-rows.ts';
import { isUuid } from '../../../kernel/uuid.ts';

const store = { store_id: z.string(), slug: z.string(), currency: z.string() };
const SLUG = /^[a-z0-9][a-z0-9-]{0,62}$/;

export type StoreKey = z.output<z.ZodObject<typeof store>>;

/** The store of this UUID or slug; undefined when there is none that the caller may see. */
export async function findStore(tenant: TenantSession, idOrSlug: string): Promise<StoreKey | undefined> {
  const wanted = idOrSlug.toLowerCase();
  if (!SLUG.test(wanted)) return undefined;
  const found = await tenant.query({
    text: 'SELECT store_id, slug, currency FROM retail.stores WHERE store_id = $1::uuid OR slug = $2::text',
    values: [isUuid(wanted) ? wanted : null, wanted],
  });
  const stores = decodeRows(found, store);
  // A slug may look like a UUID; an id is exact.
  return stores.find(({ store_id }) => store_id === wanted) ?? stores[0];
}

const described = {
  ...store,
  name: z.string(),
  location: z.string(),
  region: z.string().nullable(),
  is_online: z.boolean(),
};

export type StoreDescription = z.output<z.ZodObject<typeof described>>;

/** The caller's stores by slug, at most `maxRows`. */
export async function listStores(
  tenant: TenantSession,
  maxRows: number,
): Promise<{ stores: StoreDescription[]; truncated: boolean }> {
  const rows = await tenant.query({
    text: `SELECT s.store_id, s.slug, s.name, s.location, r.slug AS region, s.is_online, s.currency
      FROM retail.stores s LEFT JOIN retail.regions r USING (region_id)
      ORDER BY s.slug`,
    maxRows,
  });
  return { stores: decodeRows(rows, described), truncated: rows.truncated };
}

/** Slugs of the caller's stores that begin with `typed`, at most `maxRows`. */
export async function slugsLike(
  tenant: TenantSession,
  typed: string,
  maxRows: number,
): Promise<readonly string[]> {
  const found = await tenant.query({
    text: 'SELECT slug FROM retail.stores WHERE starts_with(slug, lower($1)) ORDER BY slug',
    values: [typed],
    maxRows,
  });
  return decodeRows(found, { slug: z.string() }).map(({ slug }) => slug);
}
