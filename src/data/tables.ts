/** Every row of these belongs to a store. */
export const TENANT_TABLES = [
  'retail.stores',
  'retail.customers',
  'retail.orders',
  'retail.order_items',
  'retail.inventory',
  'retail.support_tickets',
  'retail.payments',
] as const;

/** Readable names that are views which mask, and the table behind each, out of a reader's reach. */
export const MASKED_TABLES: Readonly<Record<string, string>> = { 'retail.customers': 'private.customers' };

/** The table that holds the rows of a readable name. */
export function storedTable(readable: string): string {
  return MASKED_TABLES[readable] ?? readable;
}

const CATALOGUE_TABLES = [
  'retail.regions',
  'retail.categories',
  'retail.product_types',
  'retail.products',
] as const;

/** What models' SQL may read: the guard's list and the schema tools' list. */
export const READABLE_TABLES: readonly string[] = [...TENANT_TABLES, ...CATALOGUE_TABLES];

/** What product search reads besides, of no store either. No model's SQL gets at it: vectors of two models must not be compared. */
const SEARCH_TABLES = [
  'retail.embedding_sets',
  'retail.product_description_embeddings',
  'retail.product_search',
  'retail.search_words',
] as const;

/** What all stores share: no row belongs to one. */
export const SHARED_TABLES: readonly string[] = [...CATALOGUE_TABLES, ...SEARCH_TABLES];

/** All that the database grants to `aisle_reader` of the retailer's. */
export const GRANTED_TABLES: readonly string[] = [...TENANT_TABLES, ...SHARED_TABLES];

/** How an unqualified name in model SQL resolves. */
export const SEARCH_PATH = ['retail', 'extensions'] as const;

/** How it resolves for whoever loads: `customers` is the table and not the view that masks it. */
export const LOADER_SEARCH_PATH = ['private', ...SEARCH_PATH] as const;
