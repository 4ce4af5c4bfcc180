/** Threats: an answer given to somebody whose it is not, or after it has become wrong, because it was kept. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../src/data/database.ts';
import { UnavailableError } from '../src/kernel/errors.ts';
import { PERMISSIONS } from '../src/kernel/permission.ts';
import type { Principal } from '../src/kernel/principal.ts';
import type { ToolResult } from '../src/kernel/tool.ts';
import { type CachedEngine, cachedEngine } from './harness/cached-engine.ts';
import { databases, type OpenedDatabase } from './harness/databases.ts';
import { HEAD_OFFICE, loadTwoStores, NORTH, principal, SOUTH } from './harness/two-stores.ts';
import { until } from './harness/until.ts';

const { signal } = new AbortController();
const TOTALS = { postgresql_query: 'SELECT order_number, total_amount FROM orders ORDER BY order_number' };
const STORE = { store_id: 'north', time_period: '2026-01' };

const rowsOf = (result: ToolResult<unknown>) => (result.structured as { rows: unknown[][] }).rows;
const from = (result: ToolResult<unknown>) => result.origin?.from;

describe.each(databases)('answers kept by a server on $name', ({ open }) => {
  let opened: OpenedDatabase;
  let database: Database;
  let engine: CachedEngine;
  /** Set by a test: what to do between the database's answer and its arrival. */
  let beforeArrival: (() => Promise<void>) | undefined;
  let isDown: boolean;

  beforeAll(async () => {
    opened = await open();
    await loadTwoStores(opened.database);
  });
  afterAll(() => opened.close());
  beforeEach(async () => {
    beforeArrival = undefined;
    isDown = false;
    database = {
      ...opened.database,
      withTenant: async (context, work) => {
        if (isDown) throw new UnavailableError('The database is out of reach.');
        const answer = await opened.database.withTenant(context, work);
        const meanwhile = beforeArrival;
        beforeArrival = undefined;
        await meanwhile?.();
        return answer;
      },
    };
    engine = await cachedEngine(database);
  });
  afterEach(async () => {
    await engine.close();
    await opened.database.asLoader(signal, async (session) => {
      await session.query(`UPDATE retail.orders SET item_count = 2,
        total_amount = CASE order_number WHEN 'O-0' THEN 74.64 ELSE 44.78 END`);
      await session.query('UPDATE access.subjects SET disabled_at = NULL');
      await session.query(`DELETE FROM access.grants WHERE subject_id = $1 AND store_id = $2`, [
        NORTH.principal.subject,
        SOUTH.storeId,
      ]);
    });
  });

  const sql = (args: object, who: Principal) => engine.call('execute_sales_query', args, who);

  /** Commits, and waits until that was told. */
  async function change(text: string): Promise<void> {
    let told = 0;
    const end = database.changes.subscribe(() => {
      told += 1;
    });
    await database.asLoader(signal, (session) => session.query(text));
    await until(() => told > 0);
    end();
  }

  it('are the same as the computed ones, marked, and recorded like any call', async () => {
    const first = await sql(TOTALS, NORTH.principal);
    const second = await sql({ ...TOTALS, max_rows: 20 }, NORTH.principal);
    expect([from(first), from(second)]).toEqual(['computed', 'memory']);
    expect([second.structured, second.text]).toEqual([first.structured, first.text]);
    expect(rowsOf(second)).toEqual([['O-0', '74.64']]);
    const facts = engine.recorded.map((record) => ({
      answeredFrom: record.facts.answeredFrom,
      relations: record.facts.relations,
      text: record.facts.sql?.text,
    }));
    const known = { relations: ['retail.orders'], text: TOTALS.postgresql_query };
    expect(facts).toEqual([
      { ...known, answeredFrom: undefined },
      { ...known, answeredFrom: 'memory' },
    ]);
  });

  it.each([
    ['execute_sales_query', { postgresql_query: 'SELECT count(*) FROM customers' }],
    ['get_store_performance', STORE],
    ['sales_report', { template: 'daily_sales', start: '2026-01-01', end: '2026-01-31' }],
    ['generate_business_insights', { kind: 'summary', days: 365 }],
    ['get_multiple_table_schemas', { table_names: ['orders'] }],
  ])('are those of %s', async (tool, args) => {
    await engine.call(tool, args, NORTH.principal);
    const [computed, again] = [
      await engine.call(tool, args, NORTH.principal),
      await engine.call(tool, args, NORTH.principal),
    ];
    expect(from(again)).toBe('memory');
    expect(again.structured).toEqual(computed.structured);
  });

  it('never reach somebody who sees other stores, confined themselves, or may see less', async () => {
    const narrowed = { ...HEAD_OFFICE, store: NORTH.storeId };
    const masked = {
      ...NORTH.principal,
      permissions: new Set(PERMISSIONS.filter((permission) => permission !== 'read:customer_pii')),
    };
    const people = { postgresql_query: 'SELECT first_name FROM customers ORDER BY 1' };
    for (const _ of [1, 2]) {
      expect(rowsOf(await sql(TOTALS, NORTH.principal))).toEqual([['O-0', '74.64']]);
      expect(rowsOf(await sql(TOTALS, SOUTH.principal))).toEqual([['O-1', '44.78']]);
      expect(rowsOf(await sql(TOTALS, HEAD_OFFICE))).toHaveLength(2);
      expect(rowsOf(await sql(TOTALS, narrowed))).toEqual([['O-0', '74.64']]);
      expect(rowsOf(await sql(people, NORTH.principal))).toEqual([['Ann']]);
      expect(rowsOf(await sql(people, masked))).toEqual([['A***']]);
    }
  });

  it('are shared by those who see the same stores with the same permissions', async () => {
    const clerk = await database.access.add('clerk', 'Clerk');
    await database.access.grant('clerk', [{ kind: 'store', slug: 'north' }]);
    await sql(TOTALS, NORTH.principal);
    const answer = await sql(TOTALS, principal(clerk.subject, 'clerk'));
    expect([from(answer), rowsOf(answer)]).toEqual(['memory', [['O-0', '74.64']]]);
  });

  it('are not given when rows, rights or stores have changed', async () => {
    await sql(TOTALS, NORTH.principal);
    await change("UPDATE retail.orders SET total_amount = 1 WHERE order_number = 'O-0'");
    const changed = await sql(TOTALS, NORTH.principal);
    expect([from(changed), rowsOf(changed)]).toEqual(['computed', [['O-0', '1']]]);

    await change(
      `INSERT INTO access.grants (subject_id, scope, store_id) VALUES ('${NORTH.principal.subject}', 'store', '${SOUTH.storeId}')`,
    );
    expect(rowsOf(await sql(TOTALS, NORTH.principal))).toHaveLength(2);
    await change(`UPDATE access.subjects SET disabled_at = now() WHERE slug = 'north'`);
    expect(rowsOf(await sql(TOTALS, NORTH.principal))).toEqual([]);
  });

  it('are given although another store or another table has changed', async () => {
    await sql(TOTALS, NORTH.principal);
    await change("UPDATE retail.orders SET total_amount = 2 WHERE order_number = 'O-1'");
    await change('UPDATE retail.inventory SET stock_level = 1');
    expect(from(await sql(TOTALS, NORTH.principal))).toBe('memory');
  });

  it('are not kept when something they read changed before they arrived', async () => {
    await sql({ postgresql_query: 'SELECT 1 FROM orders' }, NORTH.principal); // whose stores are known from here on
    beforeArrival = () => change("UPDATE retail.orders SET total_amount = 3 WHERE order_number = 'O-0'");
    expect(rowsOf(await sql(TOTALS, NORTH.principal))).toEqual([['O-0', '74.64']]);
    expect(rowsOf(await sql(TOTALS, NORTH.principal))).toEqual([['O-0', '3']]);
  });

  it.each([
    ['tells the moment', 'SELECT now() IS NOT NULL, count(*) FROM orders'],
    ['is only a part', 'SELECT generate_series(1, 30)'],
    ['has a thousand rows', 'SELECT generate_series(1, 1000)', 1000],
  ])('are not those of a query whose answer %s', async (_, postgresql_query, max_rows = 20) => {
    for (const __ of [1, 2])
      expect(from(await sql({ postgresql_query, max_rows }, NORTH.principal))).toBe('computed');
  });

  it('are never errors', async () => {
    const broken = { postgresql_query: 'SELECT 6 / (item_count - 2) FROM orders' };
    await expect(sql(broken, NORTH.principal)).rejects.toThrow('Division by zero');
    await change('UPDATE retail.orders SET item_count = 5');
    expect(rowsOf(await sql(broken, NORTH.principal))).toEqual([[2]]);
  });

  it('are those that found nothing, too', async () => {
    const nothing = { postgresql_query: 'SELECT NULL FROM orders WHERE false' };
    await sql(nothing, NORTH.principal);
    const again = await sql(nothing, NORTH.principal);
    expect([from(again), rowsOf(again)]).toEqual(['memory', []]);
  });

  it('are computed once for many who ask at the same time', async () => {
    await sql({ postgresql_query: 'SELECT 1 FROM orders' }, NORTH.principal);
    const all = await Promise.all(Array.from({ length: 20 }, () => sql(TOTALS, NORTH.principal)));
    expect(all.filter((answer) => from(answer) === 'computed')).toHaveLength(1);
    expect(all.filter((answer) => from(answer) === 'shared')).toHaveLength(19);
    expect(new Set(all.map((answer) => JSON.stringify(answer.structured))).size).toBe(1);
  });

  it('are given as stale while the database is out of reach, where the tool allows it and rights are known', async () => {
    await sql(TOTALS, NORTH.principal);
    const schemas = ['get_multiple_table_schemas', { table_names: ['orders'] }, NORTH.principal] as const;
    await engine.call(...schemas);
    await engine.call(...schemas);
    await change('UPDATE retail.orders SET total_amount = total_amount + 1');
    isDown = true;
    const stale = await sql(TOTALS, NORTH.principal);
    expect([from(stale), rowsOf(stale)]).toEqual(['stale', [['O-0', '74.64']]]);
    await expect(engine.call(...schemas)).rejects.toThrow('out of reach');
    await expect(sql(TOTALS, SOUTH.principal)).rejects.toThrow('out of reach');
    await database.asLoader(signal, (session) => session.query('UPDATE access.grants SET scope = scope'));
    await expect
      .poll(() => sql(TOTALS, NORTH.principal).then(from, (error: Error) => error.message))
      .toContain('out of reach');
  });
});
