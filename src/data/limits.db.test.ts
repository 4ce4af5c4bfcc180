/**
 * No query takes more than its part: time, locks, bytes, memory, connections. The guard is not in these tests, so what is
 * proven here holds against any SQL text.
 */
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { databases, type OpenedDatabase, type TestDatabase } from '../../test/harness/databases.ts';
import { HEAD_OFFICE, loadTwoStores, NORTH, SOUTH } from '../../test/harness/two-stores.ts';
import type { Principal } from '../kernel/principal.ts';
import type { LoaderSession, Rows, TenantSession } from './database.ts';
import type { GovernorLimits } from './governor.ts';

const ENDLESS = 'SELECT count(*) FROM generate_series(1, 1000000000000)';
/** What nothing in a session may change for the query that comes next. */
const PINNED: Readonly<Record<string, string>> = {
  statement_timeout: '20s',
  lock_timeout: '1500ms',
  idle_in_transaction_session_timeout: '20s',
  work_mem: '8MB',
  hash_mem_multiplier: '1',
  max_parallel_workers_per_gather: '0',
  jit: 'off',
};

const LIMITS = { statementTimeoutMs: 20_000, lockTimeoutMs: 1500, maxResultBytes: 2_000_000 };
const { signal } = new AbortController();

/** A database with these limits and four connections for all tests of a block. */
function withLimits(open: TestDatabase['open'], limits: Partial<GovernorLimits>) {
  let opened: OpenedDatabase;
  beforeAll(async () => {
    opened = await open(limits, undefined, 4);
    await loadTwoStores(opened.database);
  });
  afterAll(() => opened.close());
  const inside = <Result>(
    work: (tenant: TenantSession) => Promise<Result>,
    principal = NORTH.principal,
    deadline?: number,
  ) => opened.database.withTenant({ principal, signal, requestId: 'r', deadline }, work);
  return {
    inside,
    ask: (text: string, deadline?: number, maxRows = 1000): Promise<Rows> =>
      inside((tenant) => tenant.query({ text, maxRows }), NORTH.principal, deadline),
    asLoader: (work: (session: LoaderSession) => Promise<void>) => opened.database.asLoader(signal, work),
  };
}

type Inside = ReturnType<typeof withLimits>['inside'];

/** Works that hold their connection until they are told to end. */
function holder(inside: Inside) {
  const holding: { readonly who: string; end(): void }[] = [];
  const works: Promise<void>[] = [];
  return {
    holding,
    hold: (principal: Principal) =>
      works.push(
        inside(async (tenant) => {
          await tenant.query({ text: 'SELECT 1' });
          const { promise, resolve } = Promise.withResolvers<void>();
          holding.push({ who: principal.name, end: resolve });
          await promise;
        }, principal),
      ),
    /** Who holds one or has held one, once there are so many. */
    seen: async (count: number) => {
      await expect.poll(() => holding.length, { timeout: 20_000, interval: 5 }).toBe(count);
      return holding.map(({ who }) => who);
    },
    endAll: async () => {
      for (let n = 0; n < works.length; n += 1) {
        await expect.poll(() => holding.length, { timeout: 20_000, interval: 5 }).toBeGreaterThan(n);
        holding[n]?.end();
      }
      await Promise.all(works);
    },
  };
}

describe.each(databases)('on $name', ({ name, open }) => {
  const { inside, ask } = withLimits(open, LIMITS);

  it('what bounds a query is said again for each, whatever the session says', async () => {
    const larger = {
      work_mem: "'1GB'",
      hash_mem_multiplier: '100',
      max_parallel_workers_per_gather: '8',
      jit: 'on',
    };
    const seen = await inside(async (tenant) => {
      for (const setting of Object.keys(PINNED)) {
        const value = { ...larger }[setting] ?? '0';
        await tenant.query({ text: `SET ${setting} = ${value}` });
      }
      const columns = Object.keys(PINNED).map((setting) => `current_setting('${setting}')`);
      return (await tenant.query({ text: `SELECT ${columns.join(', ')}` })).rows;
    });
    expect(seen).toEqual([Object.values(PINNED)]);
  });

  it('a query gives up before its call does: what is left of the call, less the time to answer, is its time', async () => {
    const { rows } = await ask("SELECT current_setting('statement_timeout')", performance.now() + 2000);
    const [, ms] = /^(\d+)ms$/.exec(String(rows[0]?.[0])) ?? [];
    expect(Number(ms)).toBeGreaterThan(0);
    expect(Number(ms)).toBeLessThanOrEqual(1750);
    await expect(ask(ENDLESS, performance.now() + 1200)).rejects.toMatchObject({ code: 'QUERY_TIMEOUT' });
    expect((await ask('SELECT 1')).rows).toEqual([[1]]);
  });

  it('a query for which the call has no time left is not begun, since 0 would mean "no limit"', async () => {
    const deadline = performance.now() + 2000;
    const work = async (tenant: TenantSession) => {
      await expect.poll(() => performance.now(), { timeout: 5000 }).toBeGreaterThan(deadline - 250);
      return tenant.query({ text: ENDLESS });
    };
    await expect(inside(work, NORTH.principal, deadline)).rejects.toMatchObject({ code: 'TIMEOUT' });
  });

  it('a timeout taken away in the session does not count for the next query', async () => {
    const work = inside(async (tenant) => {
      await tenant.query({ text: 'SET statement_timeout = 0' });
      return tenant.query({ text: ENDLESS, timeoutMs: 500 });
    });
    await expect(work).rejects.toMatchObject({ code: 'QUERY_TIMEOUT', data: { timeout_ms: 500 } });
  });

  const refusal = {
    name: 'ResultTooLargeError',
    code: 'RESULT_TOO_LARGE',
    message:
      'The result is larger than 2000000 bytes and was not read. Select fewer or shorter columns (left(column, 200)), aggregate, or ask for fewer rows.',
    data: { max_bytes: 2_000_000 },
  };
  const large = name === 'embedded' ? 20_000_000 : 200_000_000;

  it.each([
    ['one value', `SELECT repeat('x', ${large})`],
    ['many small rows', `SELECT 'x' || n FROM generate_series(1, ${large / 20}) n`],
    ['the text of an error', `SELECT repeat('x', ${large / 2})::int`],
  ])('%s past the cap never enters memory, and the next query runs', async (_what, text) => {
    await ask('SELECT 1');
    const before = process.resourceUsage().maxRSS;
    await expect(ask(text, undefined, large)).rejects.toMatchObject(refusal);
    // The peak, in kB. Of the 20 MB of the embedded database, less than what Node's own memory moves by was held.
    const grownBytes = (process.resourceUsage().maxRSS - before) * 1000;
    expect(grownBytes).toBeLessThan(50_000_000);
    expect((await ask('SELECT 2')).rows).toEqual([[2]]);
  });

  it('a result within the cap is read whole, and each query has the cap for itself', async () => {
    const lengths = await inside(async (tenant) => {
      const query = { text: `SELECT repeat('x', 1900000)` };
      const results = [await tenant.query(query), await tenant.query(query)];
      return results.map(({ rows }) => String(rows[0]?.[0]).length);
    });
    expect(lengths).toEqual([1_900_000, 1_900_000]);
  });

  it('one principal leaves connections to others, and who waits takes turns', async () => {
    const { hold, holding, seen, endAll } = holder(inside);
    hold(NORTH.principal);
    await seen(1);
    for (const principal of [NORTH, NORTH, SOUTH].map((store) => store.principal)) hold(principal);
    if (name === 'embedded') {
      for (let n = 0; n < 3; n += 1) {
        holding[n]?.end();
        await seen(n + 2);
      }
      expect(holding.map(({ who }) => who)).toEqual(['north', 'north', 'south', 'north']);
    } else {
      hold(HEAD_OFFICE);
      expect((await seen(3)).sort()).toEqual(['head-office', 'north', 'south']);
    }
    await endAll();
  });

  it('who gets no connection within half of the time that its call has is told to come again', async () => {
    const { hold, seen, endAll } = holder(inside);
    hold(NORTH.principal);
    await seen(1);
    await expect(ask('SELECT 1', performance.now() + 600)).rejects.toMatchObject({
      code: 'BUSY',
      data: { retry_after_seconds: expect.any(Number) },
    });
    await endAll();
    expect((await ask('SELECT 1')).rows).toEqual([[1]]);
  });
});

const servers = databases.filter(({ name }) => name !== 'embedded');

// PGlite has one session and no timers: nobody else can hold a lock, and its process is ended when time is up.
describe.each(servers)('on $name', ({ open }) => {
  const { ask, inside, asLoader } = withLimits(open, { statementTimeoutMs: 500, lockTimeoutMs: 100 });

  it('a query that turns its own timeout off while it runs is stopped all the same', async () => {
    const text = `WITH off AS MATERIALIZED (SELECT set_config('statement_timeout', '0', false) AS s)
      SELECT count(*) FROM off, generate_series(1, 1000000000000) WHERE s IS NOT NULL`;
    await expect(ask(text)).rejects.toMatchObject({ code: 'QUERY_TIMEOUT', data: { timeout_ms: 500 } });
    expect((await ask('SELECT 1')).rows).toEqual([[1]]);
  });

  it('a query that heeds nothing keeps its slot until its backend has ended, so that nobody collects backends', async () => {
    // Compares each with each, without a look at whether it should stop: some seconds, while it is given up after four.
    const text = `SELECT (SELECT array_agg(n) FROM generate_series(1, 45000) n) && (SELECT array_agg(-n) FROM generate_series(1, 45000) n)`;
    await expect(ask(text)).rejects.toMatchObject({ code: 'QUERY_TIMEOUT', data: { timeout_ms: 500 } });
    const { rows } = await ask('SELECT pg_backend_pid()'); // the one slot of this caller
    const watcher = new pg.Client({ connectionString: inject('postgresUrl') });
    await watcher.connect();
    const active = await watcher.query(
      `SELECT FROM pg_stat_activity a JOIN pg_stat_activity own USING (datname)
       WHERE own.pid = $1 AND a.state = 'active' AND a.query LIKE '%array_agg%'`,
      [rows[0]?.[0]],
    );
    await watcher.end();
    expect(active.rowCount).toBe(0);
  });

  it('a table that is locked is told of as busy, also when the session says to wait for ever', async () => {
    await asLoader(async (session) => {
      await session.query('LOCK TABLE retail.regions IN ACCESS EXCLUSIVE MODE');
      const work = inside(async (tenant) => {
        await tenant.query({ text: 'SET lock_timeout = 0' });
        return tenant.query({ text: 'SELECT count(*) FROM retail.regions' });
      });
      await expect(work).rejects.toMatchObject({
        code: 'BUSY',
        message: 'Busy: a table is locked for the moment. Try again in 5 s.',
        data: { retry_after_seconds: 5 },
      });
    });
    expect((await ask("SELECT count(*) FROM retail.regions WHERE slug = '?'")).rows).toEqual([[0]]);
  });

  it('a transaction that is left open and idle ends with its session', async () => {
    const watcher = new pg.Client({ connectionString: inject('postgresUrl') });
    await watcher.connect();
    const alive = async (pid: unknown) =>
      (await watcher.query('SELECT FROM pg_stat_activity WHERE pid = $1', [pid])).rowCount;
    await inside(async (tenant) => {
      const { rows } = await tenant.query({ text: 'SELECT pg_backend_pid()' });
      await tenant.query({ text: 'BEGIN' });
      await expect.poll(() => alive(rows[0]?.[0]), { timeout: 10_000, interval: 20 }).toBe(0);
      await expect(tenant.query({ text: 'SELECT 1' })).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    });
    await watcher.end();
    expect((await ask('SELECT 1')).rows).toEqual([[1]]);
  });
});
