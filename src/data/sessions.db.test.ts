/**
 * Closes: what one caller's query leaves in a session reaches the next caller of the same connection, in particular
 * through the statements that PostgreSQL keeps under a name for all of them.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases, type OpenedDatabase } from '../../test/harness/databases.ts';
import { HEAD_OFFICE, loadTwoStores, NORTH, SOUTH } from '../../test/harness/two-stores.ts';

describe.each(databases)('one connection for everybody on $name', ({ name, open }) => {
  let opened: OpenedDatabase;
  const { signal } = new AbortController();
  const ask = async (text: string, principal = NORTH.principal) => {
    const { rows } = await opened.database.withTenant({ principal, signal, requestId: 'r' }, (tenant) =>
      tenant.query({ text, isTimeless: true }),
    );
    return rows;
  };
  const kept = () => ask("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%kept%'");

  beforeAll(async () => {
    opened = await open(undefined, undefined, 1);
    await loadTwoStores(opened.database);
  });
  afterAll(() => opened.close());

  it('the same text, asked by three callers in turn, answers each with their own rows', async () => {
    const expected = [[['O-0']], [['O-1']], [['O-0'], ['O-1']]];
    for (let turn = 0; turn < 12; turn += 1) {
      for (const [n, principal] of [NORTH.principal, SOUTH.principal, HEAD_OFFICE].entries()) {
        expect(await ask('SELECT order_number FROM orders ORDER BY 1', principal)).toEqual(expected[n]);
      }
    }
  });

  it('a text that was asked twice is kept parsed and planned, but not past a query that failed', async () => {
    for (let turn = 0; turn < 3; turn += 1) expect(await ask("SELECT 'kept'")).toEqual([['kept']]);
    expect(await kept()).toEqual([[name === 'embedded' ? 0 : 1]]);
    await expect(ask('SELECT 1 / 0')).rejects.toMatchObject({ code: 'DATABASE_ERROR' });
    expect(await kept()).toEqual([[0]]);
  });

  it('a table that has changed since is asked anew', async () => {
    const text = 'SELECT * FROM regions WHERE slug IS NULL';
    for (let turn = 0; turn < 3; turn += 1) expect(await ask(text)).toEqual([]);
    await opened.database.asLoader(signal, async (session) => {
      await session.query('RESET ROLE');
      await session.query('ALTER TABLE retail.regions ADD COLUMN since date');
    });
    expect(await ask(text)).toEqual([]);
    await opened.database.asLoader(signal, async (session) => {
      await session.query('RESET ROLE');
      await session.query('ALTER TABLE retail.regions DROP COLUMN since');
    });
  });

  it.each([
    [
      'a setting',
      name === 'embedded' ? "SET aisle.note = 'mine'" : "SELECT set_config('aisle.note', 'mine', false)",
      "SELECT current_setting('aisle.note', true)",
      ['', null],
    ],
    [
      'a lock',
      'SELECT pg_advisory_lock(7)',
      "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 7",
      [0],
    ],
    [
      'a prepared statement',
      "PREPARE mine AS SELECT 'mine'",
      "SELECT count(*) FROM pg_prepared_statements WHERE name = 'mine'",
      [0],
    ],
    [
      'a cursor',
      "DECLARE mine CURSOR WITH HOLD FOR SELECT 'mine'",
      "SELECT count(*) FROM pg_cursors WHERE name = 'mine'",
      [0],
    ],
    [
      'a channel',
      'LISTEN mine',
      "SELECT count(*) FROM pg_listening_channels() AS channel WHERE channel = 'mine'",
      [0],
    ],
    ['a zone', "SET TIME ZONE 'Asia/Tokyo'", "SELECT current_setting('TimeZone')", ['UTC']],
  ])('%s that a query leaves behind is not there for the next caller', async (_what, leave, look, clean) => {
    await ask(leave);
    const [[seen] = []] = await ask(look, SOUTH.principal);
    expect(clean).toContainEqual(seen);
  });

  it('of a text that is not timeless no plan is kept: a literal now is now each time', async () => {
    const text = "SELECT ('now'::timestamptz)::text, 'kept'";
    const moments = new Set();
    for (let turn = 0; turn < 4; turn += 1) {
      const { rows } = await opened.database.withTenant(
        { principal: NORTH.principal, signal, requestId: 'r' },
        (tenant) => tenant.query({ text }),
      );
      moments.add(rows[0]?.[0]);
    }
    expect(moments.size).toBe(4);
  });

  it('what one of several queries at once left behind is taken away, whichever ends last', async () => {
    await opened.database.withTenant(
      { principal: NORTH.principal, signal, requestId: 'r' },
      async (tenant) => {
        const texts = [
          'SELECT 1',
          "PREPARE left_here AS SELECT 'left'",
          'SELECT 3',
          'SELECT 1',
          'SELECT 1',
          'SELECT 1',
        ];
        await Promise.all(texts.map((text) => tenant.query({ text, isTimeless: true })));
      },
    );
    expect(await ask("SELECT count(*) FROM pg_prepared_statements WHERE name = 'left_here'")).toEqual([[0]]);
  });

  it.each([
    ['takes all kept texts away', 'DEALLOCATE ALL'],
    ['fails', 'SELECT 1 / 0'],
  ])('what waits behind a query that %s is answered without them', async (_what, text) => {
    const warm = "SELECT 'warm', 'kept'";
    const cold = "SELECT 'cold', 'kept'";
    for (let turn = 0; turn < 3; turn += 1) await ask(warm);
    const context = { principal: NORTH.principal, signal, requestId: 'r' };
    const [, ...others] = await opened.database.withTenant(context, (tenant) =>
      Promise.allSettled(
        [text, warm, cold, cold, cold].map((each) => tenant.query({ text: each, isTimeless: true })),
      ),
    );
    const rows = others.map((other) => (other.status === 'fulfilled' ? other.value.rows : other.reason));
    expect(rows).toEqual(['warm', 'cold', 'cold', 'cold'].map((word) => [[word, 'kept']]));
  });

  it('a lock is gone when the call has ended, and not when the connection is used again', async () => {
    await ask('SELECT pg_advisory_lock(77)');
    const held = await opened.database.asLoader(signal, (session) =>
      session.query<{ held: number }>(
        "SELECT count(*)::int AS held FROM pg_locks WHERE locktype = 'advisory' AND objid = 77",
      ),
    );
    expect(held).toEqual([{ held: 0 }]);
  });

  it('a statement put under a name that others use is gone before they use it', async () => {
    const text = "SELECT 'honest', 'kept'";
    for (let turn = 0; turn < 3; turn += 1) await ask(text, SOUTH.principal);
    await ask(name === 'embedded' ? 'DEALLOCATE ALL' : 'DEALLOCATE aisle_1');
    await ask("PREPARE aisle_1 AS SELECT 'forged', 'kept'");
    for (let turn = 0; turn < 3; turn += 1)
      expect(await ask(text, SOUTH.principal)).toEqual([['honest', 'kept']]);
  });

  // The embedded database keeps nothing under a name.
  it.runIf(name !== 'embedded')(
    "a statement put in the place of Aisle's own is gone before the next caller is bound by it",
    async () => {
      const stores = 'SELECT access.visible_stores()::text';
      const own = await ask(stores, SOUTH.principal);
      const context = { principal: NORTH.principal, signal, requestId: 'r' };
      await opened.database.withTenant(context, async (tenant) => {
        await tenant.query({ text: 'DEALLOCATE aisle_own_1' });
        await tenant.query({
          text: "PREPARE aisle_own_1 (text, text) AS SELECT set_config('aisle.context', '', true)",
        });
      });
      expect(await ask(stores, SOUTH.principal)).toEqual(own);
      expect(await ask(stores, NORTH.principal)).not.toEqual(own);
    },
  );
});
