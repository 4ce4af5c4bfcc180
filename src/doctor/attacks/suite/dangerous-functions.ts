import { type Attack, attacks } from '../attack.ts';

const OWN_RIGHTS =
  'It runs the text with the rights of the reader, in the same read-only transaction, and sees the same rows. Only a superuser can take it from PUBLIC.';
const LARGE_OBJECTS =
  'Before PostgreSQL 16 a large object can be made in a read-only transaction, and only a superuser can take that from PUBLIC. It crosses no store.';
const SIGNALS =
  'One session of the reader may stop another of the same role. Only a superuser can take that from PUBLIC. It crosses no store.';

/** Closes: functions that reach past tables: files, other servers, SQL as text, large objects, other sessions. */
export const DANGEROUS_FUNCTIONS: readonly Attack[] = attacks(
  'dangerous functions',
  'The reader must be no superuser and a member of no pg_… role, and have EXECUTE on no such function: REVOKE EXECUTE ON FUNCTION … FROM PUBLIC, DROP EXTENSION ….',
  [
    ...[
      ['pg_read_file', `SELECT pg_read_file('/etc/passwd')`],
      ['pg_read_file in column notation', `SELECT ('/etc/passwd'::text).pg_read_file`],
      ['pg_read_binary_file', `SELECT pg_read_binary_file('PG_VERSION')`],
      ['pg_ls_dir', `SELECT * FROM pg_ls_dir('.')`],
      ['pg_ls_dir in ROWS FROM', `SELECT * FROM ROWS FROM (generate_series(1, 2), pg_ls_dir('.'))`],
      ['pg_read_file in a VALUES row', `VALUES (1, pg_read_file('PG_VERSION'))`],
      ['pg_stat_file', `SELECT * FROM pg_stat_file('PG_VERSION')`],
      ['pg_ls_logdir', 'SELECT * FROM pg_ls_logdir()'],
      ['pg_ls_waldir', 'SELECT * FROM pg_ls_waldir()'],
      ['pg_current_logfile', 'SELECT pg_current_logfile()'],
      ['lo_import', `SELECT lo_import('/etc/passwd')`],
      ['lo_export', `SELECT lo_export(1, '/tmp/aisle-canary')`],
      ['COPY to a program', `COPY (SELECT 1) TO PROGRAM 'true'`],
      ['COPY from a file', `COPY retail.customers FROM '/etc/passwd'`],
      ['COPY from the client', 'COPY retail.customers FROM STDIN'],
      ['dblink', `SELECT * FROM dblink('dbname=postgres', 'SELECT 1') AS t(a int)`],
      ['dblink_connect', `SELECT dblink_connect('dbname=postgres')`],
      ['crosstab', `SELECT * FROM crosstab('SELECT 1, 2, 3') AS t(a int, b int)`],
      ['pg_reload_conf', 'SELECT pg_reload_conf()'],
      ['pg_rotate_logfile', 'SELECT pg_rotate_logfile()'],
      ['pg_switch_wal', 'SELECT pg_switch_wal()'],
      ['pg_create_restore_point', `SELECT pg_create_restore_point('aisle_canary')`],
      ['pg_promote', 'SELECT pg_promote(false)'],
      ['a replication slot', `SELECT pg_create_physical_replication_slot('aisle_canary', false, true)`],
      ['pg_import_system_collations', `SELECT pg_import_system_collations('public')`],
      [
        'an internal function made by hand',
        `CREATE FUNCTION pg_temp.canary() RETURNS int LANGUAGE internal AS 'now'`,
      ],
      ['a shared library', `LOAD 'auto_explain'`],
    ].map(([name = '', sql = '']) => ({ name, sql, sign: 'success' as const })),
    { name: 'COPY to the client', sql: 'COPY retail.customers TO STDOUT' },
    { name: 'COPY of a query to the client', sql: 'COPY (SELECT * FROM retail.customers) TO STDOUT' },
    ...[
      ['query_to_xml', `SELECT query_to_xml('SELECT * FROM access.subjects', true, true, '')`],
      [
        'query_to_xml and its schema',
        `SELECT query_to_xml_and_xmlschema('SELECT * FROM access.subjects', true, true, '')`,
      ],
      ['table_to_xml', `SELECT table_to_xml('access.subjects', true, true, '')`],
      ['schema_to_xml', `SELECT schema_to_xml('access', true, true, '')`],
      ['database_to_xml', `SELECT database_to_xml(true, true, '')`],
      ['schema_to_xmlschema', `SELECT schema_to_xmlschema('access', true, true, '')`],
      ['ts_stat', `SELECT * FROM ts_stat('SELECT to_tsvector(display_name) FROM access.subjects')`],
      [
        'ts_rewrite',
        `SELECT ts_rewrite('a'::tsquery, 'SELECT ''a''::tsquery, plainto_tsquery(last_name) FROM retail.customers')`,
      ],
      [
        'an external entity in XML',
        `SELECT xmlparse(document '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>')`,
      ],
    ].map(([name = '', sql = '']) => ({ name, sql, residue: OWN_RIGHTS })),
    {
      name: 'query_to_xml over the other store',
      sql: ({ other }) =>
        `SELECT query_to_xml('SELECT * FROM retail.customers WHERE store_id = ''${other.storeId}''', true, true, '')`,
      residue: OWN_RIGHTS,
    },
    {
      name: 'cursor_to_xml over the other store',
      sql: [
        'BEGIN',
        ({ other }) =>
          `DECLARE canary CURSOR FOR SELECT * FROM retail.customers WHERE store_id = '${other.storeId}'`,
        `SELECT cursor_to_xml('canary', 10, true, true, '')`,
      ],
      residue: OWN_RIGHTS,
    },
    ...[
      ['lo_create', 'SELECT lo_create(0)'],
      ['lo_from_bytea', `SELECT lo_from_bytea(0, 'canary')`],
    ].map(([name = '', sql = '']) => ({ name, sql, sign: 'success' as const, residue: LARGE_OBJECTS })),
    {
      name: 'lo_get',
      sql: 'SELECT lo_get(loid) FROM (SELECT oid AS loid FROM pg_largeobject_metadata) l',
      sign: 'value',
    },
    // No session has this id: what may be signalled is asked, and nobody is.
    ...['pg_cancel_backend', 'pg_terminate_backend'].map((name) => ({
      name,
      sql: `SELECT ${name}(2147483647)`,
      sign: 'success' as const,
      residue: SIGNALS,
    })),
    {
      name: 'pg_advisory_lock',
      sql: 'SELECT pg_advisory_lock(-7241186)',
      residue:
        'An advisory lock ends with the request at the latest. Only a superuser can take that from PUBLIC.',
    },
    {
      name: 'pg_notify',
      sql: `SELECT pg_notify('aisle_canary', 'x')`,
      residue: 'A notification carries what its sender knows already, to who listens.',
    },
  ],
);
