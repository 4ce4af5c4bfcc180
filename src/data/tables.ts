/**
 * What a reader may read: the guard's list, the schema tools' list, and (a test compares them) exactly what the
 * database grants to `aisle_reader`.
 */
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

export const CATALOGUE_TABLES = [
  'retail.regions',
  'retail.categories',
  'retail.product_types',
  'retail.products',
] as const;

export const READABLE_TABLES: readonly string[] = [...TENANT_TABLES, ...CATALOGUE_TABLES];

/** What product search reads besides, of no store either. No model's SQL gets at it: vectors of two models must not be compared. */
export const SEARCH_TABLES = [
  'retail.embedding_sets',
  'retail.product_description_embeddings',
  'retail.product_search',
  'retail.search_words',
] as const;

/** How an unqualified name in model SQL resolves. */
export const SEARCH_PATH = ['retail', 'extensions'] as const;

/** How it resolves for whoever loads: `customers` is the table and not the view that masks it. */
export const LOADER_SEARCH_PATH = ['private', ...SEARCH_PATH] as const;
