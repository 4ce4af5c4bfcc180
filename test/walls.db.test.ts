/**
 * The database wall alone: no guard in these tests. Whatever SQL a caller sends as the reader, no row of another store
 * comes back and nothing is changed. Each case is named after the hole that it closes.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Rows } from '../src/data/database.ts';
import { CATALOGUE_TABLES, TENANT_TABLES } from '../src/data/tables.ts';
import { AisleError } from '../src/kernel/errors.ts';
import type { Principal } from '../src/kernel/principal.ts';
import { databasesAndManaged, type OpenedDatabase } from './harness/databases.ts';
import { HEAD_OFFICE, loadTwoStores, NORTH, SOUTH, STRANGER } from './harness/two-stores.ts';

describe.each(databasesAndManaged)('the database wall on $name', ({ name, open }) => {
  let opened: OpenedDatabase;
  const signal = new AbortController().signal;

  const as = (principal: Principal, text: string): Promise<Rows> =>
    opened.database.withTenant({ principal, signal, requestId: 'r' }, (tenant) =>
      tenant.query({ text, maxRows: 100 }),
    );
  const asNorth = (text: string) => as(NORTH.principal, text);
  const failure = async (text: string): Promise<AisleError> => {
    const error = await asNorth(text).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (!(error instanceof AisleError)) expect.fail(`expected a refusal, got ${String(error)}: ${text}`);
    return error;
  };

  /** Rows, or the SQLSTATE. */
  const outcomeOf = (text: string) =>
    asNorth(text).then(
      (result) => result.rows,
      (error: AisleError) => error.data.sqlstate,
    );

  beforeAll(async () => {
    opened = await open();
    await loadTwoStores(opened.database);
  });
  afterAll(() => opened.close());

  describe.each(TENANT_TABLES)('%s', (table) => {
    it('shows a store its own rows only', async () => {
      expect((await asNorth(`SELECT DISTINCT store_id FROM ${table}`)).rows).toEqual([[NORTH.storeId]]);
      expect(
        (await asNorth(`SELECT count(*) FROM ${table} WHERE store_id = '${SOUTH.storeId}'`)).rows,
      ).toEqual([[0]]);
    });

    it('shows the head office both stores', async () => {
      const { rows } = await as(HEAD_OFFICE, `SELECT DISTINCT store_id FROM ${table} ORDER BY 1`);
      expect(rows).toEqual([[NORTH.storeId], [SOUTH.storeId]]);
    });

    it('shows nothing to a subject that nobody knows', async () => {
      expect((await as(STRANGER, `SELECT count(*) FROM ${table}`)).rows).toEqual([[0]]);
    });
  });

  it('grants the reader the listed tables to read, and nothing else', async () => {
    const { rows } = await asNorth(
      `SELECT table_schema || '.' || table_name, string_agg(privilege_type, ',')
       FROM information_schema.role_table_grants WHERE grantee = 'aisle_reader' GROUP BY 1 ORDER BY 1`,
    );
    expect(rows).toEqual([...TENANT_TABLES, ...CATALOGUE_TABLES].sort().map((table) => [table, 'SELECT']));
  });

  it('forces row security on every table that has a store_id', async () => {
    const { rows } = await asNorth(
      `SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'store_id'
       WHERE c.relnamespace = 'retail'::regnamespace AND c.relkind IN ('r', 'p', 'm', 'v')
         AND c.relrowsecurity AND c.relforcerowsecurity ORDER BY 1`,
    );
    expect(rows.map(([table]) => `retail.${String(table)}`)).toEqual([...TENANT_TABLES].sort());
  });

  it('has no role of Aisle that is a superuser, bypasses row security, or can make roles', async () => {
    const { rows } = await asNorth(
      `SELECT count(*) FROM pg_roles WHERE rolname LIKE 'aisle%' AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb)`,
    );
    expect(rows).toEqual([[0]]);
  });

  describe('a context that SQL text makes up', () => {
    const southsId = SOUTH.principal.subject;
    const forged = `${'0'.repeat(12)}.${southsId}.9999999999.1.${'0'.repeat(64)}`;
    const crossings: readonly (readonly [hole: string, sql: string, onServer: string | []])[] = [
      [
        'set_config in a materialized CTE, read after it by LATERAL',
        `WITH w AS MATERIALIZED (SELECT set_config('aisle.context', '${forged}', true) AS c)
         SELECT o.order_id FROM w, LATERAL (SELECT order_id FROM orders WHERE w.c IS NOT NULL AND store_id = '${SOUTH.storeId}') o`,
        [],
      ],
      [
        'the naive setting of the source',
        `WITH w AS MATERIALIZED (SELECT set_config('app.current_rls_user_id', '${southsId}', true) AS c)
         SELECT o.order_id FROM w, orders o WHERE w.c IS NOT NULL AND o.store_id = '${SOUTH.storeId}'`,
        [],
      ],
      [
        'the role taken back inside the query',
        `SELECT set_config('role', 'postgres', true), email FROM customers`,
        '42501',
      ],
      [
        'another role taken inside the query',
        `SELECT set_config('role', 'aisle_loader', true), email FROM customers`,
        '42501',
      ],
      [
        'the session authorization taken back, and SQL as text after it',
        `SELECT set_config('session_authorization', 'postgres', true), query_to_xml('SELECT * FROM retail.orders', true, true, '')`,
        '42501',
      ],
    ];
    it.each(crossings)('%s: no row', async (_hole, sql, onServer) => {
      // The embedded reader has no set_config at all; a server's may set what it likes and gains nothing by it.
      expect(await outcomeOf(sql)).toEqual(name === 'embedded' ? '42501' : onServer);
    });

    it.each([
      ['the keys', 'SELECT * FROM access.context_keys'],
      ['the subjects', 'SELECT * FROM access.subjects'],
      ['the grants', 'SELECT * FROM access.grants'],
      ['the audit', 'SELECT * FROM audit.imports'],
    ])('%s are out of reach', async (_what, sql) => {
      expect((await failure(sql)).data).toMatchObject({ sqlstate: '42501' });
    });

    it('a token of an own earlier call is of no use with another subject in it', async () => {
      const { rows } = await asNorth(`SELECT current_setting('aisle.context')`);
      const stolen = String(rows[0]?.[0]).replace(NORTH.principal.subject, southsId);
      const outcome = await outcomeOf(
        `WITH w AS MATERIALIZED (SELECT set_config('aisle.context', '${stolen}', true) AS c)
         SELECT o.order_id FROM w, LATERAL (SELECT order_id FROM orders WHERE w.c IS NOT NULL) o`,
      );
      expect(outcome).toEqual(name === 'embedded' ? '42501' : []);
    });
  });

  describe('a statement that would change something', () => {
    it.each([
      ['an insert', `INSERT INTO retail.regions (slug, name) VALUES ('x', 'x')`],
      ['an update', `UPDATE retail.orders SET total_amount = 0`],
      ['a delete', 'DELETE FROM retail.orders'],
      ['TRUNCATE, which ignores row security', 'TRUNCATE retail.orders'],
      ['a data-modifying CTE', `WITH d AS (DELETE FROM retail.orders RETURNING 1) SELECT * FROM d`],
      ['a table', 'CREATE TABLE retail.mine (a int)'],
      ['a temporary table', 'CREATE TEMP TABLE mine (a int)'],
      ['SELECT INTO', 'SELECT * INTO mine FROM retail.orders'],
      ['its own password', `ALTER ROLE CURRENT_USER PASSWORD 'x'`],
      ['read-write taken back', 'SET TRANSACTION READ WRITE'],
      ['a row lock', 'SELECT * FROM retail.orders FOR UPDATE'],
      ['two statements', 'SELECT 1; SELECT 2'],
    ])('%s is refused', async (_what, sql) => {
      expect((await failure(sql)).code).toBe('DATABASE_ERROR');
    });
  });

  // A managed service lets nobody take these two from PUBLIC. They cross no store; there the guard is what stops them.
  const superuserMigrated =
    name === 'managed postgres' ? [] : ['SELECT lo_create(0)', 'DO $$ BEGIN PERFORM 1; END $$'];
  it.each(superuserMigrated)('where a superuser migrated, %s is refused', async (sql) => {
    expect((await failure(sql)).data).toEqual({ sqlstate: '42501' });
  });

  describe('what one request leaves in the session does not reach the next', () => {
    const roleAtEntry = name === 'embedded' ? 'aisle_reader' : 'none';
    it.each([
      [
        'a cursor WITH HOLD',
        ['DECLARE c CURSOR WITH HOLD FOR SELECT email FROM retail.customers'],
        `SELECT count(*) FROM pg_cursors WHERE name <> ''`,
      ],
      [
        'a prepared statement',
        ['PREPARE p AS SELECT email FROM retail.customers'],
        "SELECT count(*) FROM pg_prepared_statements WHERE name <> ''",
      ],
      [
        'a setting',
        ['SET enable_seqscan = off'],
        `SELECT count(*) WHERE current_setting('enable_seqscan') <> 'on'`,
      ],
      [
        'a custom setting',
        [`SET aisle.secret = 'of north'`],
        `SELECT count(*) WHERE current_setting('aisle.secret', true) <> ''`,
      ],
      ['a listener', ['LISTEN something'], 'SELECT count(*) FROM pg_listening_channels()'],
      [
        'an advisory lock',
        ['SELECT pg_advisory_lock(42)'],
        `SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()`,
      ],
      [
        'an open transaction, and the locks that it holds',
        ['BEGIN', 'SELECT count(*) FROM retail.payments'],
        `SELECT count(*) FROM pg_locks WHERE relation = 'retail.payments'::regclass AND pid = pg_backend_pid()`,
      ],
      [
        'a role taken for the session',
        ['SET ROLE aisle_reader'],
        `SELECT count(*) WHERE current_setting('role') <> '${roleAtEntry}'`,
      ],
      [
        'a role given up for the session',
        ['SET ROLE NONE'],
        `SELECT count(*) WHERE current_user NOT LIKE 'aisle_reader%'`,
      ],
    ])('%s', async (_what, leave, look) => {
      const connections = name === 'embedded' ? 1 : 8; // every connection of the pool
      const leaving = () =>
        opened.database.withTenant({ principal: NORTH.principal, signal, requestId: 'r' }, async (tenant) => {
          for (const text of leave) await tenant.query({ text });
        });
      await Promise.all(Array.from({ length: connections }, () => leaving().catch(() => undefined)));
      const seen = await Promise.all(Array.from({ length: connections }, () => as(SOUTH.principal, look)));
      expect(seen.map((result) => result.rows)).toEqual(Array.from({ length: connections }, () => [[0]]));
    });
  });

  it.each([
    ['transaction_read_only', 'SET default_transaction_read_only = off', 'on'],
    ['statement_timeout', 'SET statement_timeout = 0', '5s'],
    ['work_mem', `SET work_mem = '1GB'`, '8MB'],
    ['search_path', 'SET search_path = pg_temp, public', 'retail, extensions'],
    ['TimeZone', `SET TimeZone = 'Asia/Tokyo'`, 'UTC'],
    ['DateStyle', `SET DateStyle = 'German'`, 'ISO, YMD'],
    ['IntervalStyle', `SET IntervalStyle = 'sql_standard'`, 'iso_8601'],
    ['bytea_output', `SET bytea_output = 'escape'`, 'hex'],
    ['extra_float_digits', 'SET extra_float_digits = -15', '1'],
    ['standard_conforming_strings', 'SET standard_conforming_strings = off', 'on'],
  ])(
    '%s changed for the session is what it was for the next query of the same work',
    async (setting, dirty, pinned) => {
      const context = { principal: NORTH.principal, signal, requestId: 'r' };
      const rows = await opened.database.withTenant(context, async (tenant) => {
        await tenant.query({ text: dirty });
        return (await tenant.query({ text: 'SELECT current_setting($1)', values: [setting] })).rows;
      });
      expect(rows).toEqual([[pinned]]);
    },
  );

  it('error texts never carry a value of a row', async () => {
    const error = await failure('SELECT email::integer FROM retail.customers');
    expect(error.message).toBe(
      'A text could not be read as the type it was cast to. Filter the rows with a pattern first, or compare as text.',
    );
    expect(JSON.stringify({ ...error, message: error.message, data: error.data })).not.toContain(
      'ann@example.com',
    );
  });

  it('a revoked grant counts at once', async () => {
    const revoke = (statement: string) =>
      opened.database.asLoader(signal, (session) => session.query(statement, [SOUTH.principal.subject]));
    await revoke('UPDATE access.subjects SET disabled_at = now() WHERE subject_id = $1');
    expect((await as(SOUTH.principal, 'SELECT count(*) FROM orders')).rows).toEqual([[0]]);
    await revoke('UPDATE access.subjects SET disabled_at = NULL WHERE subject_id = $1');
    expect((await as(SOUTH.principal, 'SELECT count(*) FROM orders')).rows).toEqual([[1]]);
  });
});

// Its session belongs to a superuser, who may become any session user; a server's login may become nobody else.
describe('the database wall on embedded', () => {
  it('another session user that one request leaves does not reach the next', async () => {
    const embedded = databasesAndManaged.find(({ name }) => name === 'embedded');
    const opened = await embedded?.open();
    if (opened === undefined) expect.fail('no embedded database');
    const context = { principal: NORTH.principal, signal: new AbortController().signal, requestId: 'r' };
    const ask = (text: string) => opened.database.withTenant(context, (tenant) => tenant.query({ text }));
    try {
      await ask('SET SESSION AUTHORIZATION aisle_reader');
      expect((await ask('SELECT session_user')).rows).toEqual([['postgres']]);
    } finally {
      await opened.close();
    }
  });
});
