/**
 * The tables of tenants that a database really has, ours or not: whatever has a store_id, but for the lists of who may see
 * which store. Columns: oid, name (with its schema), store (the number of the column).
 */
export const TENANT_TABLES_FOUND = `SELECT c.oid, c.oid::regclass::text AS name, a.attnum AS store
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'store_id' AND NOT a.attisdropped
  WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'access')`;
