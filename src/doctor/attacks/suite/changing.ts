import { type Attack, attacks, type Sql } from '../attack.ts';

/** Statements that must not be done, each aimed at canary rows or at objects that do not exist. */
const STATEMENTS: readonly (readonly [name: string, sql: Sql])[] = [
  [
    'INSERT',
    ({ own }) =>
      `INSERT INTO retail.customers (store_id, email) VALUES ('${own.storeId}', 'new@canary.invalid')`,
  ],
  [
    'INSERT into the other store',
    ({ other }) =>
      `INSERT INTO retail.customers (store_id, email) VALUES ('${other.storeId}', 'new@canary.invalid')`,
  ],
  ['UPDATE', ({ own }) => `UPDATE retail.orders SET total_amount = 0 WHERE store_id = '${own.storeId}'`],
  [
    'UPDATE of the other store',
    ({ other }) => `UPDATE retail.orders SET total_amount = 0 WHERE store_id = '${other.storeId}'`,
  ],
  [
    'UPDATE that moves a row',
    ({ own, other }) =>
      `UPDATE retail.orders SET store_id = '${other.storeId}' WHERE store_id = '${own.storeId}'`,
  ],
  ['DELETE', ({ own }) => `DELETE FROM retail.payments WHERE store_id = '${own.storeId}'`],
  [
    'MERGE',
    ({ own }) =>
      `MERGE INTO retail.payments p USING (SELECT 1) x ON p.store_id = '${own.storeId}' WHEN MATCHED THEN DELETE`,
  ],
  ['TRUNCATE', 'TRUNCATE retail.payments'],
  [
    'a data-modifying CTE',
    ({ own }) =>
      `WITH gone AS (DELETE FROM retail.payments WHERE store_id = '${own.storeId}' RETURNING 1) SELECT * FROM gone`,
  ],
  [
    'a grant to itself',
    ({ own, other }) =>
      `INSERT INTO access.grants (subject_id, scope, store_id) VALUES ('${own.subject}', 'store', '${other.storeId}')`,
  ],
  [
    'a key of its own',
    `INSERT INTO access.context_keys (key_id, inner_pad, outer_pad) VALUES ('canary', '', '')`,
  ],
  ['SELECT INTO', 'SELECT 1 AS a INTO public.aisle_canary'],
  ['CREATE TABLE', 'CREATE TABLE public.aisle_canary (a int)'],
  ['CREATE TABLE in retail', 'CREATE TABLE retail.aisle_canary (a int)'],
  ['CREATE TEMP TABLE', 'CREATE TEMP TABLE aisle_canary (a int)'],
  ['CREATE TABLE AS', 'CREATE TABLE public.aisle_canary AS SELECT * FROM retail.customers'],
  ['CREATE VIEW', 'CREATE VIEW public.aisle_canary AS SELECT 1'],
  ['CREATE TEMP VIEW', 'CREATE TEMP VIEW aisle_canary AS SELECT * FROM retail.customers'],
  [
    'CREATE FUNCTION, cheap and leaky',
    `CREATE FUNCTION public.aisle_canary(text) RETURNS boolean LANGUAGE sql COST 0.0001 AS 'SELECT true'`,
  ],
  ['CREATE OPERATOR', 'CREATE OPERATOR public.=== (LEFTARG = text, RIGHTARG = text, FUNCTION = texteq)'],
  ['CREATE SEQUENCE', 'CREATE SEQUENCE public.aisle_canary'],
  ['CREATE SCHEMA', 'CREATE SCHEMA aisle_canary'],
  ['CREATE EXTENSION', 'CREATE EXTENSION IF NOT EXISTS tablefunc'],
  ['CREATE ROLE', 'CREATE ROLE aisle_canary'],
  ['CREATE POLICY', 'CREATE POLICY aisle_canary ON retail.customers USING (true)'],
  ['CREATE RULE', 'CREATE RULE aisle_canary AS ON INSERT TO retail.customers DO NOTHING'],
  ['CREATE PUBLICATION', 'CREATE PUBLICATION aisle_canary'],
  ['CREATE FOREIGN SERVER', 'CREATE FOREIGN DATA WRAPPER aisle_canary'],
  ['its own password', `ALTER ROLE CURRENT_USER PASSWORD 'canary'`],
  ['its own defaults', `ALTER ROLE CURRENT_USER SET statement_timeout = 0`],
  ['itself made superuser', 'ALTER ROLE CURRENT_USER SUPERUSER'],
  ['row security switched off', 'ALTER TABLE retail.customers DISABLE ROW LEVEL SECURITY'],
  ['a table taken over', 'ALTER TABLE retail.customers OWNER TO CURRENT_USER'],
  ['a role granted to itself', 'GRANT aisle_loader TO CURRENT_USER'],
  ['a table granted to all', 'GRANT SELECT ON access.subjects TO PUBLIC'],
  [
    'defaults for what others make',
    'ALTER DEFAULT PRIVILEGES FOR ROLE aisle_owner GRANT SELECT ON TABLES TO PUBLIC',
  ],
  ['the server’s settings', `ALTER SYSTEM SET work_mem = '64MB'`],
  ['the database’s settings', 'ALTER DATABASE postgres SET statement_timeout = 0'],
  ['a comment', `COMMENT ON TABLE retail.customers IS 'canary'`],
  ['DROP TABLE', 'DROP TABLE IF EXISTS retail.aisle_canary'],
  ['DROP OWNED', 'DROP OWNED BY aisle_loader'],
  ['a row lock', 'SELECT * FROM retail.customers FOR UPDATE NOWAIT'],
  ['VACUUM', 'VACUUM retail.regions'],
  ['REINDEX', 'REINDEX TABLE retail.regions'],
  ['CLUSTER', 'CLUSTER retail.regions'],
  ['CHECKPOINT', 'CHECKPOINT'],
  ['IMPORT FOREIGN SCHEMA', 'IMPORT FOREIGN SCHEMA public FROM SERVER aisle_canary INTO public'],
  ['CALL', 'CALL public.aisle_canary()'],
];

/** Closes: a statement that changes rows, objects, roles or settings. */
export const CHANGING: readonly Attack[] = attacks(
  'changing something',
  'Model SQL runs in a read-only transaction, as a role that owns nothing and may only SELECT: REVOKE whatever let this pass.',
  [
    ...STATEMENTS.map(([name, sql]) => ({ name, sql, sign: 'success' as const })),
    {
      name: 'LOCK TABLE',
      sql: ['BEGIN', 'LOCK TABLE retail.customers IN ACCESS EXCLUSIVE MODE NOWAIT'],
      sign: 'success',
    },
    { name: 'LISTEN and NOTIFY', sql: ['LISTEN aisle_canary', `NOTIFY aisle_canary, 'x'`] },
    {
      name: 'the next value of a sequence',
      sql: `SELECT nextval(c.oid::regclass) FROM pg_class c WHERE c.relkind = 'S' LIMIT 1`,
      sign: 'value',
    },
    {
      name: 'a sequence set back',
      sql: `SELECT setval(c.oid::regclass, 1) FROM pg_class c WHERE c.relkind = 'S' LIMIT 1`,
      sign: 'value',
    },
  ],
);
