import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { databasesAndManaged, type OpenedDatabase } from '../../../test/harness/databases.ts';
import { createPostgresDatabase } from '../../../test/harness/postgres-database.ts';
import { loadTwoStores, NORTH, SOUTH } from '../../../test/harness/two-stores.ts';
import { until } from '../../../test/harness/until.ts';
import type { Change } from '../../kernel/changes.ts';
import { silentLogger } from '../../telemetry/logger.ts';
import type { LoaderSession } from '../database.ts';
import { connectOwner } from '../owner-client.ts';
import { ChangeListener } from './change-listener.ts';
import { ChangeFeed, changeOf } from './feed.ts';
import { watchedTables } from './watched-tables.ts';

const { signal } = new AbortController();
const ALL_TABLES = [
  ...['access.grants', 'access.subject_roles', 'access.subjects', 'private.customers', 'retail.categories'],
  ...['retail.embedding_sets', 'retail.inventory', 'retail.order_items', 'retail.orders', 'retail.payments'],
  ...[
    'retail.product_description_embeddings',
    'retail.product_search',
    'retail.product_types',
    'retail.products',
    'retail.regions',
    'retail.search_words',
  ],
  ...['retail.stores', 'retail.support_tickets'],
];

describe.each(databasesAndManaged)('changes in $name', ({ open }) => {
  let opened: OpenedDatabase;
  const told: Change[] = [];

  beforeAll(async () => {
    opened = await open();
    await loadTwoStores(opened.database);
    opened.database.changes.subscribe((change) => told.push(change));
    await until(() => opened.database.changes.isCurrent());
  });
  afterAll(() => opened.close());

  const marks = () => told.filter(({ table }) => table === 'retail.regions').length;

  /** Makes a change that nothing else here makes, and waits until it is told: so is then all that was committed before it. */
  async function flush(): Promise<void> {
    const before = marks();
    await opened.database.asLoader(signal, (session) =>
      session.query(`UPDATE retail.regions SET name = name WHERE slug = 'nowhere'`),
    );
    await until(() => marks() > before);
  }

  async function changesOf(work: (session: LoaderSession) => Promise<unknown>): Promise<Change[]> {
    await flush();
    const from = told.length;
    await opened.database.asLoader(signal, work);
    await flush();
    return told.slice(from, -1);
  }

  it('are told with their stores, for each kind of statement', async () => {
    const insert = `INSERT INTO retail.inventory (store_id, product_id, stock_level)
      SELECT '${SOUTH.storeId}', product_id, 3 FROM retail.products WHERE sku = 'HAM-2'`;
    expect(await changesOf((session) => session.query(insert))).toEqual([
      { table: 'retail.inventory', stores: [SOUTH.storeId] },
    ]);
    expect(
      await changesOf((session) => session.query('UPDATE retail.orders SET item_count = item_count + 1')),
    ).toEqual([{ table: 'retail.orders', stores: [NORTH.storeId, SOUTH.storeId].sort() }]);
    expect(
      await changesOf((session) =>
        session.query('DELETE FROM retail.payments WHERE store_id = $1', [NORTH.storeId]),
      ),
    ).toEqual([{ table: 'retail.payments', stores: [NORTH.storeId] }]);
  });

  it('are told of both stores when a row moves from one to the other', async () => {
    const move = `UPDATE retail.inventory SET store_id = '${NORTH.storeId}'
      WHERE store_id = '${SOUTH.storeId}' AND product_id = (SELECT product_id FROM retail.products WHERE sku = 'HAM-2')`;
    const [change] = await changesOf((session) => session.query(move));
    expect(new Set(change?.stores)).toEqual(new Set([NORTH.storeId, SOUTH.storeId]));
  });

  it('are told of the table alone when many stores are touched, and of the table behind a view that masks', async () => {
    const stores = `INSERT INTO retail.stores (slug, name, location) SELECT 'shop-' || n, 'Shop', 'Here' FROM generate_series(1, 17) n`;
    expect(await changesOf((session) => session.query(stores))).toEqual([{ table: 'retail.stores' }]);
    expect(
      await changesOf((session) =>
        session.query(`UPDATE private.customers SET tier = 'pro' WHERE store_id = $1`, [NORTH.storeId]),
      ),
    ).toEqual([{ table: 'private.customers', stores: [NORTH.storeId] }]);
  });

  it('are not told of what was rolled back, nor of a statement that found no row', async () => {
    expect(
      await changesOf((session) => session.query('UPDATE retail.orders SET item_count = 1 WHERE false')),
    ).toEqual([]);
    const ordersBefore = told.filter(({ table }) => table === 'retail.orders').length;
    const undone = opened.database.asLoader(signal, async (session) => {
      await session.query('UPDATE retail.orders SET item_count = 7');
      await session.query('SELECT 1 / 0');
    });
    await expect(undone).rejects.toThrow('division by zero');
    await flush();
    expect(told.filter(({ table }) => table === 'retail.orders')).toHaveLength(ordersBefore);
  });

  it('are told of rights', async () => {
    const from = told.length;
    await opened.database.access.revoke('south', [{ kind: 'store', slug: 'south' }]);
    await until(() => told.slice(from).some(({ table }) => table === 'access.grants'));
    await opened.database.access.grant('south', [{ kind: 'store', slug: 'south' }]);
  });

  it('are told of an import that silences triggers', async () => {
    const changes = await changesOf(async (session) => {
      await session.query('SET LOCAL session_replication_role = replica');
      await session.query('UPDATE retail.orders SET item_count = 2 WHERE store_id = $1', [NORTH.storeId]);
    });
    expect(changes).toEqual([{ table: 'retail.orders', stores: [NORTH.storeId] }]);
  });

  it('are told of every table that can be read, and of who may see what', async () => {
    expect([...(await opened.database.changes.watched())].sort()).toEqual(ALL_TABLES);
  });
});

describe('a notification', () => {
  it.each([
    ['retail.orders', { table: 'retail.orders' }],
    [`retail.orders ${NORTH.storeId}`, { table: 'retail.orders', stores: [NORTH.storeId] }],
    ['', {}],
    ['retail.orders nonsense', {}],
    ["retail.orders' x", {}],
  ])('%j is read as %j', (payload, change) => {
    expect(changeOf(payload)).toEqual(change);
  });
});

const serverUrl = inject('postgresUrl');

describe.skipIf(serverUrl === '')('on a server', () => {
  let created: { url: string; drop(): Promise<void> };
  let owner: pg.Client;
  beforeAll(async () => {
    created = await createPostgresDatabase(serverUrl);
    owner = new pg.Client({ connectionString: created.url });
    await owner.connect();
    await owner.query(`CREATE SCHEMA retail; CREATE SCHEMA shop;
      CREATE FUNCTION retail.notify_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
      CREATE TABLE shop.plain (a int); CREATE TABLE shop.partly (a int); CREATE TABLE shop.wholly (a int);
      CREATE TABLE shop.parent (a int); CREATE TABLE shop.child () INHERITS (shop.parent); CREATE TABLE shop.usual (a int)`);
    for (const [table, events] of [
      ['partly', 'INSERT OR UPDATE OR DELETE'],
      ...['wholly', 'parent', 'usual'].map((name) => [name, 'INSERT OR UPDATE OR DELETE OR TRUNCATE']),
    ])
      await owner.query(`CREATE TRIGGER t AFTER ${events} ON shop.${table} EXECUTE FUNCTION retail.notify_change();
        ${table === 'usual' ? '' : `ALTER TABLE shop.${table} ENABLE ALWAYS TRIGGER t`}`);
  });
  afterAll(async () => {
    await owner.end();
    await created.drop();
  });

  it('a table counts as watched only when no statement on it goes untold', async () => {
    expect([...(await watchedTables(owner))]).toEqual(['shop.wholly']);
  });

  it('a listener that was lost is not current, and when it is back tells that anything may have changed', async () => {
    const feed = new ChangeFeed();
    const told: Change[] = [];
    feed.subscribe((change) => told.push(change));
    const listener = new ChangeListener({
      connect: () => connectOwner(created.url),
      feed,
      logger: silentLogger,
    });
    expect(listener.isCurrent()).toBe(false);
    listener.start();
    await until(() => listener.isCurrent());
    expect(told).toEqual([{}]);
    const { rows } = await owner.query<{ pid: number }>(
      `SELECT pid FROM pg_stat_activity WHERE query LIKE 'NOTIFY aisle_beat%' AND datname = current_database()`,
    );
    expect(rows).toHaveLength(1);
    await owner.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid]);
    await until(() => !listener.isCurrent());
    await until(() => listener.isCurrent());
    expect(told).toEqual([{}, {}]);
    await owner.query(`NOTIFY aisle_changes, 'retail.orders'`);
    await until(() => told.length === 3);
    expect(told[2]).toEqual({ table: 'retail.orders' });
    await listener.close();
    expect(listener.isCurrent()).toBe(false);
  });
});
