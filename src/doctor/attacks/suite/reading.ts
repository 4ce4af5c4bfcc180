import { type Attack, attacks, type Sql } from '../attack.ts';

const CATALOGUES =
  'Catalogues tell names, sizes and settings, of all stores together and of none alone; PostgreSQL lets nobody hide them.';

const ofOther =
  (text: string): Sql =>
  ({ other }) =>
    text.replaceAll('$OTHER', `'${other.storeId}'`);

/** Closes: what only Aisle itself reads, catalogues that tell of other stores, and every way to write a table's name. */
export const READING: readonly Attack[] = attacks(
  'reading what is not listed',
  'Readers may read the tables of src/data/tables.ts and nothing else: REVOKE ALL ON … FROM the reader and from PUBLIC, and force row security on every tenant table (migrations/0004_row_security.sql).',
  [
    ...[
      ['the keys that sign contexts', 'SELECT * FROM access.context_keys'],
      ['the subjects', 'SELECT * FROM access.subjects'],
      ['the grants', 'SELECT * FROM access.grants'],
      ['the imports', 'SELECT * FROM audit.imports'],
      ['the migrations', 'SELECT * FROM aisle.migrations'],
      ['password hashes', 'SELECT * FROM pg_authid'],
      ['password hashes by the view', 'SELECT * FROM pg_shadow'],
      ['passwords of foreign servers', 'SELECT umoptions FROM pg_user_mapping'],
      ['the rules for logging in', 'SELECT * FROM pg_hba_file_rules'],
      ['the configuration files', 'SELECT * FROM pg_file_settings'],
      ['the raw statistics', 'SELECT * FROM pg_statistic'],
      ['subscriptions and their passwords', 'SELECT subconninfo FROM pg_subscription'],
      ['the pages of large objects', 'SELECT * FROM pg_largeobject'],
      ['the data directory', `SELECT current_setting('data_directory')`],
    ].map(([name = '', sql = '']) => ({ name, sql, sign: 'value' as const })),
    ...[
      ['column statistics', `SELECT * FROM pg_stats WHERE schemaname = 'retail'`],
      ['running statements', 'SELECT * FROM pg_stat_activity'],
      ['past statements', 'SELECT * FROM pg_stat_statements'],
      ['row counts of all stores', `SELECT relname, reltuples FROM pg_class WHERE relname = 'orders'`],
      ['row traffic of all stores', `SELECT * FROM pg_stat_user_tables`],
      ['roles', 'SELECT * FROM pg_roles'],
      ['settings', 'SELECT name, setting FROM pg_settings'],
      ['settings of roles', 'SELECT * FROM pg_db_role_setting'],
      [
        'source of functions',
        `SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'access'::regnamespace`,
      ],
      ['locks', 'SELECT * FROM pg_locks'],
      ['the standard’s catalogue', 'SELECT * FROM information_schema.columns'],
    ].map(([name = '', sql = '']) => ({ name, sql, residue: CATALOGUES })),
    ...['customers', 'orders', 'order_items', 'inventory', 'support_tickets', 'payments', 'stores'].map(
      (table) => ({
        name: `rows of the other store in ${table}`,
        sql: ofOther(`SELECT * FROM retail.${table} WHERE store_id = $OTHER`),
        sign: 'value' as const,
      }),
    ),
    { name: 'every row, as whole rows', sql: 'SELECT to_jsonb(c), c FROM retail.customers AS c' },
    { name: 'TABLE', sql: 'TABLE retail.customers' },
    { name: 'FROM ONLY', sql: 'SELECT * FROM ONLY retail.customers' },
    { name: 'a row expanded', sql: 'SELECT (c).* FROM retail.customers AS c' },
    { name: 'a row in column notation', sql: 'SELECT c.to_jsonb FROM retail.customers AS c' },
    { name: 'system columns', sql: 'SELECT ctid, xmin, tableoid, last_name FROM retail.customers' },
    { name: 'TABLESAMPLE', sql: 'SELECT * FROM retail.customers TABLESAMPLE SYSTEM (100)' },
    {
      name: 'TABLESAMPLE with a call in its argument',
      sql: `SELECT * FROM retail.customers TABLESAMPLE SYSTEM (length(current_setting('aisle.context')))`,
    },
    {
      name: 'a FULL JOIN on nothing',
      sql: 'SELECT c.*, s.* FROM retail.customers c FULL JOIN retail.stores s ON true',
    },
    {
      name: 'a CTE that shadows a table it reads',
      sql: 'WITH customers AS (SELECT * FROM retail.customers) SELECT * FROM customers',
    },
    {
      name: 'a schema-qualified name that looks like a CTE',
      sql: 'WITH context_keys AS (SELECT 1) SELECT * FROM access.context_keys',
      sign: 'value',
    },
    { name: 'a name escaped by U&', sql: 'SELECT * FROM U&"access".U&"subject\\0073"', sign: 'value' },
    {
      name: 'a name with another escape character',
      sql: `SELECT * FROM access.U&"subject!0073" UESCAPE '!'`,
      sign: 'value',
    },
    { name: 'a name in fullwidth letters', sql: 'SELECT * FROM ａｃｃｅｓｓ.subjects', sign: 'value' },
    { name: 'a name with a zero-width joiner', sql: 'SELECT * FROM access.sub\u200djects', sign: 'value' },
    { name: 'a name with the long s', sql: 'SELECT * FROM acce\u017fs.subjects', sign: 'value' },
    {
      name: 'a NUL that hides a second statement',
      sql: 'SELECT 1\0; SELECT * FROM access.subjects',
      sign: 'value',
    },
    {
      name: 'a comment that hides a second statement',
      sql: 'SELECT 1 --\r; SELECT * FROM access.subjects',
      sign: 'value',
    },
    { name: 'two statements in one text', sql: 'SELECT 1; SELECT * FROM access.subjects', sign: 'value' },
    {
      name: 'a table of the other schema by search_path',
      sql: ['BEGIN', 'SET LOCAL search_path = access', 'SELECT * FROM subjects'],
      sign: 'value',
    },
    { name: 'a name by cast to regclass', sql: `SELECT 'access.subjects'::regclass::oid::bigint * 0` },
    { name: 'a role by cast to regrole', sql: `SELECT 'aisle_owner'::regrole::oid::bigint * 0` },
    {
      name: 'JSON_TABLE over rows',
      sql: `SELECT j.* FROM retail.customers c, JSON_TABLE(to_jsonb(c), '$' COLUMNS (e text PATH '$.email')) AS j`,
    },
    {
      name: 'XMLTABLE over rows',
      sql: `SELECT x.* FROM retail.customers c, XMLTABLE('/r' PASSING xmlelement(name r, c.email) COLUMNS e text PATH '.') AS x`,
    },
    {
      name: 'a window frame with an offset by a call',
      sql: `SELECT last_name, count(*) OVER (ROWS length(current_setting('aisle.context')) PRECEDING) FROM retail.customers`,
    },
    { name: 'the TOAST table', sql: `SELECT * FROM pg_toast.pg_toast_1262`, sign: 'value' },
  ],
);
