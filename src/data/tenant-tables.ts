import { TENANT_TABLE } from './walls/wall-check.ts';

/** The tenant tables that a database really has, ours or not: oid, name with its schema, and `store`, the number of store_id. */
export const TENANT_TABLES_FOUND = `SELECT c.oid, c.oid::regclass::text AS name, a.attnum AS store
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'store_id' AND NOT a.attisdropped
  WHERE ${TENANT_TABLE}`;
