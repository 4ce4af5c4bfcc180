import { SHARED_TABLES } from '../tables.ts';
import { IS_MASKING_VIEW } from './masking-checks.ts';
import { OF_EXTENSION, OWN_SCHEMA, READABLE, RELATIONS, type WallCheck } from './wall-check.ts';

/** The definer functions that readers are meant to call. */
const VERIFIERS = ['access.visible_stores()', 'access.sees_customer_pii()'];
const VERIFIER_NAMES = VERIFIERS.map((name) => `('${name}')`).join(', ');

/** What the reader may do besides reading tenant tables. */
export const RIGHT_CHECKS: readonly WallCheck[] = [
  {
    name: 'reader writes nothing',
    sql: `${RELATIONS} WHERE ${OWN_SCHEMA} AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
        AND (has_table_privilege($1::name, c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')
          OR has_any_column_privilege($1::name, c.oid, 'INSERT, UPDATE, REFERENCES')) ORDER BY 1`,
    wrong: 'The reader may write',
    mend: 'REVOKE INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON … FROM aisle_reader, PUBLIC.',
  },
  {
    name: 'reader makes nothing',
    sql: `SELECT 'schema ' || n.nspname AS breach FROM pg_namespace n
      WHERE has_schema_privilege($1::name, n.oid, 'CREATE')
      UNION ALL SELECT 'database ' || current_database()
      WHERE has_database_privilege($1::name, current_database(), 'CREATE, TEMPORARY') ORDER BY 1`,
    wrong: 'The reader may make objects, temporary ones included, in',
    mend: 'REVOKE CREATE ON SCHEMA … FROM PUBLIC, aisle_reader; REVOKE CREATE, TEMPORARY ON DATABASE … FROM PUBLIC, aisle_reader.',
  },
  {
    name: 'sequences',
    sql: `${RELATIONS} WHERE ${OWN_SCHEMA} AND CASE c.relkind
        WHEN 'S' THEN has_sequence_privilege($1::name, c.oid, 'USAGE, SELECT, UPDATE') END ORDER BY 1`,
    wrong: 'The reader reaches sequences, which tell how much all stores together do',
    mend: 'REVOKE ALL ON SEQUENCE … FROM aisle_reader, PUBLIC.',
  },
  {
    name: 'keys and grants out of reach',
    sql: `${RELATIONS} WHERE n.nspname IN ('access', 'audit', 'aisle') AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
        AND has_any_column_privilege($1::name, c.oid, 'SELECT') ORDER BY 1`,
    wrong: 'The reader can read who may see what, or the keys',
    mend: 'REVOKE ALL ON … FROM aisle_reader, PUBLIC; then run "aisle keys rotate --now".',
  },
  {
    name: 'no other tables',
    // With store_id it is a tenant table, and has checks of its own; those of the schemas named are the check above.
    sql: `${RELATIONS} WHERE ${OWN_SCHEMA} AND n.nspname NOT IN ('access', 'audit', 'aisle') AND c.relkind IN ('r', 'p') AND ${READABLE}
        AND n.nspname || '.' || c.relname NOT IN (${SHARED_TABLES.map((table) => `'${table}'`).join(', ')})
        AND NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'store_id' AND NOT a.attisdropped)
        AND NOT ${OF_EXTENSION}
      ORDER BY 1`,
    wrong:
      'The reader can read tables that belong to no store and are not on the list of what all stores share',
    mend: 'REVOKE SELECT ON … FROM aisle_reader, PUBLIC. One whose rows belong to stores needs a store_id and the walls of a tenant table; one that all stores share is added to src/data/tables.ts.',
  },
  {
    name: 'definer functions',
    sql: `SELECT p.oid::regprocedure::text AS breach FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
      WHERE p.prosecdef AND p.oid NOT IN (SELECT COALESCE(to_regprocedure(name), 0) FROM (VALUES ${VERIFIER_NAMES}) AS meant (name))
        AND has_schema_privilege($1::name, n.oid, 'USAGE') AND has_function_privilege($1::name, p.oid, 'EXECUTE')
      ORDER BY 1`,
    wrong: "The reader may call functions that run with their owner's rights (SECURITY DEFINER)",
    mend: 'ALTER FUNCTION … SECURITY INVOKER, or REVOKE EXECUTE ON FUNCTION … FROM PUBLIC, aisle_reader.',
  },
  {
    name: 'verifier',
    sql: `SELECT name AS breach FROM (VALUES ${VERIFIER_NAMES}) AS meant (name) WHERE NOT EXISTS (
        SELECT FROM pg_proc p JOIN pg_roles o ON o.oid = p.proowner
        WHERE p.oid = to_regprocedure(name) AND p.prosecdef AND p.provolatile = 's'
          AND p.proconfig = ARRAY['search_path=pg_catalog, pg_temp'] AND o.rolname = 'aisle_verifier'
          AND NOT (o.rolcanlogin OR o.rolsuper OR o.rolbypassrls OR o.rolcreaterole)) ORDER BY 1`,
    wrong: 'The functions that turn a signed context into stores and rights are not as they were made',
    mend: 'They must be STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp and belong to aisle_verifier, a role without login or attributes: see migrations/0018_one_look_at_keys_and_grants.sql.',
  },
  {
    name: 'views',
    sql: `${RELATIONS} WHERE ${OWN_SCHEMA} AND c.relkind = 'v' AND ${READABLE} AND NOT ${IS_MASKING_VIEW} AND NOT EXISTS (
        SELECT FROM pg_options_to_table(c.reloptions) WHERE option_name = 'security_invoker' AND option_value::boolean)
      ORDER BY 1`,
    wrong: "The reader can read views that look with their owner's eyes",
    mend: 'ALTER VIEW … SET (security_invoker = true, security_barrier = true), or REVOKE SELECT ON … FROM PUBLIC, aisle_reader.',
  },
  {
    name: 'materialized views and foreign tables',
    sql: `${RELATIONS} WHERE ${OWN_SCHEMA} AND c.relkind IN ('m', 'f') AND ${READABLE} ORDER BY 1`,
    wrong: 'The reader can read materialized views or foreign tables, which have no row security',
    mend: 'REVOKE SELECT ON … FROM PUBLIC, aisle_reader.',
  },
];
