import { setImmediate } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { databases, type OpenedDatabase } from '../../test/harness/databases.ts';
import { HEAD_OFFICE, loadTwoStores, NORTH, SOUTH } from '../../test/harness/two-stores.ts';
import type { CallFacts, ReadNotes } from '../kernel/request-context.ts';
import type { ScopedQuery } from './database.ts';

const ENDLESS = 'SELECT count(*) FROM generate_series(1, 1000000000000)';

describe.each(databases)('withTenant on $name', ({ open }) => {
  let opened: OpenedDatabase;
  const signal = new AbortController().signal;
  const context = { principal: NORTH.principal, signal, requestId: 'r' };
  const ask = (query: ScopedQuery, abort = signal, principal = NORTH.principal) =>
    opened.database.withTenant({ principal, signal: abort, requestId: 'r' }, (tenant) => tenant.query(query));

  beforeAll(async () => {
    opened = await open();
    await loadTwoStores(opened.database);
  });
  afterAll(() => opened.close());

  it('tells columns with their types and exact values', async () => {
    const result = await ask({
      text: 'SELECT order_number, total_amount, order_date, item_count FROM orders',
    });
    expect(result).toEqual({
      columns: [
        { name: 'order_number', type: 'text' },
        { name: 'total_amount', type: 'numeric' },
        { name: 'order_date', type: 'timestamptz' },
        { name: 'item_count', type: 'integer' },
      ],
      rows: [['O-0', '74.64', '2026-01-15T10:00:00Z', 2]],
      truncated: false,
    });
  });

  it.each([
    [3, 3, false],
    [3, 4, true],
    [1, 0, false],
    [1000, 1001, true],
  ])('at most %i rows of %i: truncated %s', async (maxRows, rows, truncated) => {
    const result = await ask({ text: `SELECT generate_series(1, ${rows})`, maxRows });
    expect([result.rows.length, result.truncated]).toEqual([Math.min(rows, maxRows), truncated]);
  });

  it('binds values, arrays and NULL included', async () => {
    const { rows } = await ask({
      text: 'SELECT $1::text, $2::int, $3::text[], $4::boolean, $5::text',
      values: ["it's; --", 7, ['a"b', 'c\\d', ''], true, null],
    });
    expect(rows).toEqual([["it's; --", 7, ['a"b', 'c\\d', ''], true, null]]);
  });

  it('runs several queries of one work in order', async () => {
    const numbers = await opened.database.withTenant(context, async (tenant) => {
      const first = await tenant.query({ text: 'SELECT 1' });
      const second = await tenant.query({ text: 'SELECT 2' });
      return [first.rows, second.rows];
    });
    expect(numbers).toEqual([[[1]], [[2]]]);
  });

  it('a query after its work has ended is refused', async () => {
    const leaked = await opened.database.withTenant(context, async (tenant) => tenant);
    await expect(leaked.query({ text: 'SELECT 1' })).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });

  it('stops a query that overruns, says so, and serves the next call', async () => {
    await expect(ask({ text: ENDLESS, timeoutMs: 300 })).rejects.toMatchObject({
      code: 'QUERY_TIMEOUT',
      data: { timeout_ms: 300 },
    });
    expect((await ask({ text: 'SELECT count(*) FROM orders' })).rows).toEqual([[1]]);
  });

  it('a call that was cancelled before it began does not reach the database', async () => {
    await expect(ask({ text: 'SELECT 1' }, AbortSignal.abort())).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  it('mixed tenants at once: everyone sees their own', async () => {
    const principals = [NORTH.principal, SOUTH.principal, HEAD_OFFICE];
    const calls = Array.from({ length: 150 }, (_, n) => principals[n % 3] ?? HEAD_OFFICE);
    const answers = await Promise.all(
      calls.map((principal) =>
        ask({ text: 'SELECT order_number FROM orders ORDER BY 1' }, signal, principal),
      ),
    );
    const expected = [[['O-0']], [['O-1']], [['O-0'], ['O-1']]];
    expect(answers.map((answer) => answer.rows)).toEqual(calls.map((_, n) => expected[n % 3]));
  });

  it('finds subjects by id and by slug, and nobody else', async () => {
    const north = {
      subject: NORTH.principal.subject,
      name: 'north',
      displayName: 'Store North',
      roles: ['store_manager'],
    };
    expect(await opened.database.findSubject('north')).toEqual(north);
    expect(await opened.database.findSubject(NORTH.principal.subject)).toEqual(north);
    expect(await opened.database.findSubject("north' OR true --")).toBeUndefined();
    expect((await opened.database.listSubjects()).map((subject) => subject.name)).toEqual([
      'head-office',
      'north',
      'south',
    ]);
  });

  it('a loader that fails or is aborted leaves nothing', async () => {
    const insert = `INSERT INTO retail.regions (slug, name) VALUES ('half', 'Half')`;
    const failing = opened.database.asLoader(signal, async (session) => {
      await session.query(insert);
      throw new RangeError('half-way');
    });
    await expect(failing).rejects.toThrow('half-way');
    const abort = new AbortController();
    const aborted = opened.database.asLoader(abort.signal, async (session) => {
      await session.query(insert);
      abort.abort();
      await session.query('SELECT 1');
    });
    await expect(aborted).rejects.toMatchObject({ code: 'CANCELLED' });
    expect((await ask({ text: `SELECT count(*) FROM regions WHERE slug = 'half'` })).rows).toEqual([[0]]);
  });

  it('a principal whose id is no UUID is refused', async () => {
    const nobody = { ...NORTH.principal, subject: "x' OR true", name: 'x' };
    await expect(ask({ text: 'SELECT count(*) FROM orders' }, signal, nobody)).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    });
  });
});

/** Nothing but a cancel ends an endless query here in the time that a test has. */
const LONG = { statementTimeoutMs: 60_000 };
/** Needs no temporary space, which has a limit of its own on a server. */
const STREAMING = 'SELECT count(*) FROM (SELECT generate_series(1, 1000000000000)) AS streamed';

const servers = databases.filter(({ name }) => name !== 'embedded');

describe.each(servers)('a cancelled query on $name', ({ open }) => {
  let opened: OpenedDatabase;
  let watcher: pg.Client;
  let database: unknown;
  const ask = (text: string, signal = new AbortController().signal) =>
    opened.database.withTenant({ principal: NORTH.principal, signal, requestId: 'r' }, (tenant) =>
      tenant.query({ text }),
    );
  /** What the tenant's backends are busy with, of this test's database. */
  const busy = async () => {
    const { rows } = await watcher.query<{ pid: number }>(
      `SELECT pid FROM pg_stat_activity WHERE state = 'active' AND query = $1 AND datname = $2`,
      [STREAMING, database],
    );
    return rows.map(({ pid }) => pid);
  };

  beforeAll(async () => {
    opened = await open(LONG, undefined, 1);
    [[database]] = (await ask('SELECT current_database()')).rows as [[unknown]];
    watcher = new pg.Client({ connectionString: inject('postgresUrl') });
    await watcher.connect();
  });
  afterAll(async () => {
    await watcher.end();
    await opened.close();
  });

  /** Cancels an endless query once PostgreSQL is busy with it; returns its backend. */
  async function cancelled(): Promise<number | undefined> {
    const abort = new AbortController();
    const call = ask(STREAMING, abort.signal);
    call.catch(() => {});
    await expect.poll(busy, { timeout: 5000, interval: 10 }).toEqual([expect.any(Number)]);
    const [pid] = await busy();
    abort.abort();
    await expect(call).rejects.toMatchObject({ code: 'CANCELLED' });
    return pid;
  }

  it('stops in the database, not when its connection is closed or its time is up', async () => {
    await cancelled();
    await expect.poll(busy, { timeout: 2000, interval: 10 }).toEqual([]);
  });

  it('takes its connection with it: a cancel still on its way would hit the next query', async () => {
    const pid = await cancelled();
    expect((await ask('SELECT pg_backend_pid()')).rows).not.toEqual([[pid]]);
  });
});

describe.each(servers)('a query whose backend is ended on $name', ({ open }) => {
  const { signal } = new AbortController();
  const context = { principal: NORTH.principal, signal, requestId: 'r' };
  const COUNT = 'SELECT count(*) FROM (SELECT generate_series(1, 5000000)) AS counted';
  let opened: OpenedDatabase;
  let watcher: pg.Client;
  let database: unknown;
  const ended: number[] = [];
  /** Ends the backend that is busy with that text; tells how many there were. */
  const end = async (text: string) => {
    const { rows } = await watcher.query<{ pid: number }>(
      `SELECT pid, pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE state = 'active' AND query = $1 AND datname = $2 AND pid <> ALL ($3)`,
      [text, database, ended],
    );
    ended.push(...rows.map(({ pid }) => pid));
    return rows.length;
  };
  const ends = (text: string) => expect.poll(() => end(text), { timeout: 10_000, interval: 5 }).toBe(1);

  beforeAll(async () => {
    opened = await open(LONG);
    const { rows } = await opened.database.withTenant(context, (tenant) =>
      tenant.query({ text: 'SELECT current_database()' }),
    );
    [[database]] = rows as [[unknown]];
    watcher = new pg.Client({ connectionString: inject('postgresUrl') });
    await watcher.connect();
  });
  afterAll(async () => {
    await watcher.end();
    await opened.close();
  });

  it('is asked again on another connection, and its caller gets the answer', async () => {
    let runs = 0;
    const call = opened.database.withTenant(context, (tenant) => {
      runs += 1;
      return tenant.query({ text: COUNT });
    });
    await ends(COUNT);
    expect((await call).rows).toEqual([[5_000_000]]);
    expect(runs).toBe(2);
  });

  it('counts once what its work read before, for the audit and for whoever keeps the answer', async () => {
    const facts: CallFacts = { queries: new Set() };
    const reads: ReadNotes = { queries: [], scopes: [], mostRows: 0 };
    const call = opened.database.withTenant({ ...context, facts, reads }, async (tenant) => {
      await tenant.query({ text: 'SELECT generate_series(1, 3)' });
      return tenant.query({ text: COUNT });
    });
    await ends(COUNT);
    await call;
    expect(facts.rows).toBe(4);
    expect(reads).toEqual({
      queries: ['SELECT generate_series(1, 3)', COUNT],
      scopes: ['', ''], // there are no stores to see
      mostRows: 3,
    });
  });

  it('is given up when that happens three times', async () => {
    const call = opened.database.withTenant(context, (tenant) => tenant.query({ text: STREAMING }));
    const refusal = call.catch((error: unknown) => error);
    for (const _ of [1, 2, 3]) await ends(STREAMING);
    expect(await refusal).toMatchObject({ code: 'UNAVAILABLE', cause: { code: '57P01' } });
  });

  it('is not asked again where it may write', async () => {
    let runs = 0;
    const load = opened.database.asLoader(signal, (session) => {
      runs += 1;
      return session.query(STREAMING);
    });
    const failure = load.catch((error: unknown) => error);
    await ends(STREAMING);
    expect(await failure).toMatchObject({ code: '57P01' });
    expect(runs).toBe(1);
  });
});

describe('a cancelled query on embedded', () => {
  it('makes way for the next one', async () => {
    const embedded = databases.find(({ name }) => name === 'embedded');
    if (embedded === undefined) expect.fail('no embedded database');
    const { database, close } = await embedded.open(LONG);
    const abort = new AbortController();
    const context = { principal: NORTH.principal, signal: abort.signal, requestId: 'r' };
    const call = database.withTenant(context, async (tenant) => {
      await tenant.query({ text: 'SELECT 1' });
      const endless = tenant.query({ text: STREAMING });
      await setImmediate(); // it is on its way to the one connection, which is busy from here on
      abort.abort();
      return endless;
    });
    await expect(call).rejects.toMatchObject({ code: 'CANCELLED' });
    const { signal } = new AbortController();
    const next = await database.withTenant({ ...context, signal }, (tenant) =>
      tenant.query({ text: 'SELECT 2' }),
    );
    expect(next.rows).toEqual([[2]]);
    await close();
  });
});
