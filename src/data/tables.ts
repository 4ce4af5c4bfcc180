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

export const CATALOGUE_TABLES = [
  'retail.regions',
  'retail.categories',
  'retail.product_types',
  'retail.products',
  'retail.product_description_embeddings',
] as const;

export const READABLE_TABLES: readonly string[] = [...TENANT_TABLES, ...CATALOGUE_TABLES];

/** How an unqualified name in model SQL resolves. */
export const SEARCH_PATH = ['retail', 'extensions'] as const;
