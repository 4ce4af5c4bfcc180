/**
 * What the database tells besides rows: volumes, keys and SQL of other stores. What only a superuser could close, and
 * what nobody can, the guard refuses; both are said here. Each case is named after the hole that it closes.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { READABLE_TABLES, SEARCH_PATH } from '../../src/data/tables.ts';
import { createGuard, type Guard } from '../../src/sql/guard.ts';
import { databasesAndManaged } from '../harness/databases.ts';
import { wallOn } from '../harness/wall.ts';

describe.each(databasesAndManaged)('the database wall on $name', ({ name, open }) => {
  const { asNorth, failure, operate } = wallOn(open);

  it('has no sequence whose numbers would count the orders of all stores', async () => {
    expect(
      (await asNorth(`SELECT count(*) FROM pg_class WHERE relkind = 'S' AND relname NOT LIKE 'migrations%'`))
        .rows,
    ).toEqual([[0]]);
    expect((await failure('SELECT lastval()')).data).toEqual({ sqlstate: '55000' });
  });

  it('tells no SQL of the owner, who works on all stores', async () => {
    const { rows } = await asNorth(
      `SELECT count(*) FROM pg_stat_activity WHERE usename <> current_user AND query NOT IN ('', '<insufficient privilege>')
       AND query IS NOT NULL`,
    );
    expect(rows).toEqual([[0]]);
  });

  it('has no pg_stat_statements that readers could look into', async () => {
    expect((await failure('SELECT query FROM pg_stat_statements')).data).toMatchObject({
      sqlstate: '42P01',
    });
  });

  it('shows readers no statistics of columns of tenant tables, which hold the most common values of all stores', async () => {
    const { rows } = await asNorth(
      `SELECT count(*) FROM pg_stats WHERE schemaname = 'retail' AND tablename IN ('orders', 'customers', 'payments')`,
    );
    expect(rows).toEqual([[0]]);
  });

  it('has no unique key over all stores that a caller writes to: a conflict would tell what another store has', async () => {
    const found = await operate(
      `SELECT i.indexrelid::regclass::text AS key FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
       WHERE i.indisunique AND a.attname <> 'store_id' AND i.indrelid::regclass::text NOT LIKE 'access.%'
         AND has_table_privilege('aisle_writer', i.indrelid, 'INSERT, UPDATE')`,
    );
    expect(found).toEqual([]);
  });

  it('lets no one end the sessions of others where a superuser migrated', async () => {
    const attempt = asNorth('SELECT pg_terminate_backend(0), pg_cancel_backend(0)').then(
      () => 'possible within the own role: left to the guard',
      (error: { data: { sqlstate: string } }) => error.data.sqlstate,
    );
    const expected =
      name === 'managed postgres' ? 'possible within the own role: left to the guard' : '42501';
    expect(await attempt).toBe(expected);
  });
});

describe('what is left to the guard', () => {
  let guard: Guard;
  beforeAll(async () => {
    guard = await createGuard({ relations: new Set(READABLE_TABLES), searchPath: SEARCH_PATH });
  });

  it.each([
    ['sessions of the shared role', 'SELECT query FROM pg_stat_activity'],
    ['statements of the shared role', 'SELECT query FROM pg_stat_statements'],
    ['row counts of all stores', `SELECT reltuples FROM pg_class WHERE relname = 'orders'`],
    ['row counts of all stores, qualified', 'SELECT n_live_tup FROM pg_catalog.pg_stat_user_tables'],
    ['estimates', 'EXPLAIN SELECT * FROM orders'],
    ['cancelling others of the shared role', 'SELECT pg_cancel_backend(1)'],
    ['large objects', 'SELECT lo_create(0)'],
    ['a block of code', 'DO $$ BEGIN END $$'],
    ['settings', `SELECT set_config('aisle.context', 'x', true)`],
    ['the own context', `SELECT current_setting('aisle.context')`],
    ['SQL given as text', `SELECT query_to_xml('SELECT 1', true, true, '')`],
    ['a sequence', `SELECT nextval('retail.numbers')`],
    ['a lock', 'SELECT pg_advisory_lock(1)'],
  ])('%s', (_what, sql) => {
    expect(guard.check(sql).ok).toBe(false);
  });
});
