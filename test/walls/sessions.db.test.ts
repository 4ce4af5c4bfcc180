/** What one request leaves in a connection, the next must not meet. No guard here. */
import { describe, expect, it } from 'vitest';
import { databasesAndManaged } from '../harness/databases.ts';
import { NORTH, SOUTH } from '../harness/two-stores.ts';
import { wallOn } from '../harness/wall.ts';

describe.each(databasesAndManaged)('on $name', ({ name, open }) => {
  const wall = wallOn(open);

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
        'SELECT count(*) FROM pg_prepared_statements WHERE from_sql',
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
      [
        'a prepared statement of DO and EXECUTE',
        [`DO $$ BEGIN EXECUTE 'PREPARE q AS SELECT 1'; END $$`],
        'SELECT count(*) FROM pg_prepared_statements WHERE from_sql',
      ],
      [
        'a prepared statement of a query that failed after it',
        [`DO $$ BEGIN EXECUTE 'PREPARE q AS SELECT 1'; PERFORM 1 / 0; END $$`],
        'SELECT count(*) FROM pg_prepared_statements WHERE from_sql',
      ],
      [
        'a temporary table',
        ['CREATE TEMP TABLE mine AS SELECT email FROM retail.customers'],
        'SELECT count(*) FROM pg_class WHERE relnamespace = pg_my_temp_schema()',
      ],
      [
        'a setting made inside a query, which needs no SET',
        [`SELECT set_config('enable_hashjoin', 'off', false)`],
        `SELECT count(*) WHERE current_setting('enable_hashjoin') <> 'on'`,
      ],
      [
        'an advisory lock shared, taken by a query that failed',
        ['SELECT pg_advisory_lock_shared(43), 1 / count(*) FROM regions WHERE false'],
        `SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()`,
      ],
      [
        'an open transaction that failed',
        ['BEGIN', 'SELECT 1 / 0'],
        `SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()`,
      ],
      [
        'a savepoint and the transaction around it',
        ['BEGIN', 'SAVEPOINT s', 'SELECT count(*) FROM retail.payments'],
        `SELECT count(*) FROM pg_locks WHERE relation = 'retail.payments'::regclass AND pid = pg_backend_pid()`,
      ],
      [
        'the context of whoever came before',
        ['SELECT 1'],
        `SELECT count(*) WHERE current_setting('aisle.context') LIKE '%${NORTH.principal.subject}%'`,
      ],
      [
        'a listener',
        ['LISTEN something'],
        "SELECT count(*) FROM pg_listening_channels() AS channel WHERE channel = 'something'",
      ],
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
        wall
          .opened()
          .database.withTenant(
            { principal: NORTH.principal, signal: wall.signal, requestId: 'r' },
            async (tenant) => {
              for (const text of leave) await tenant.query({ text });
            },
          );
      await Promise.all(Array.from({ length: connections }, () => leaving().catch(() => undefined)));
      const seen = await Promise.all(
        Array.from({ length: connections }, () => wall.as(SOUTH.principal, look)),
      );
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
      const context = { principal: NORTH.principal, signal: wall.signal, requestId: 'r' };
      const rows = await wall.opened().database.withTenant(context, async (tenant) => {
        await tenant.query({ text: dirty });
        return (await tenant.query({ text: 'SELECT current_setting($1)', values: [setting] })).rows;
      });
      expect(rows).toEqual([[pinned]]);
    },
  );
});

// Its session belongs to a superuser, who may become any session user; a server's login may become nobody else.
describe('on embedded', () => {
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
