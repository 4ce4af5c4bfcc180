import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases, type OpenedDatabase } from '../../../../test/harness/databases.ts';
import { loadTwoStores, NORTH, SOUTH } from '../../../../test/harness/two-stores.ts';
import { systemClock } from '../../../kernel/clock.ts';
import { embeddersOf } from '../../../kernel/embedding.ts';
import type { Principal } from '../../../kernel/principal.ts';
import { createPipeline } from '../../../pipeline/index.ts';
import { silentLogger } from '../../../telemetry/logger.ts';
import { createCatalogModule } from '../index.ts';
import { loadPlantedProducts, plantedEmbedder } from '../testing/planted-catalogue.ts';

const signal = new AbortController().signal;
const clock = { ...systemClock, now: () => Date.parse('2026-02-01T00:00:00Z') };

type Basket = readonly [
  storeId: string,
  date: string,
  status: string,
  pieces: Readonly<Record<string, number>>,
];

/**
 * Beside the order of two hammers of `loadTwoStores`. In north a hammer is in every order, so that hammers go with nothing; drivers
 * are in three of five, each time with a pot, and there is one more pot without.
 */
const BASKETS: readonly Basket[] = [
  [NORTH.storeId, '2026-01-10', 'completed', { 'SAW-1': 1, 'OLD-1': 9, 'HAM-2': 1, 'POT-1': 4 }],
  [NORTH.storeId, '2026-01-11', 'completed', { 'SAW-1': 1, 'HAM-1': 1, 'POT-2': 1, 'BAD-1': 2 }],
  [NORTH.storeId, '2025-06-01', 'shipped', { 'SAW-1': 1, 'HAM-1': 1, 'POT-2': 1 }],
  [NORTH.storeId, '2026-01-12', 'completed', { 'HAM-1': 1, 'POT-2': 1, 'POT-4': 1 }],
  [NORTH.storeId, '2026-01-13', 'cancelled', { 'SAW-1': 1, 'POT-4': 90 }],
  [NORTH.storeId, '2024-12-01', 'completed', { 'SAW-1': 1, 'POT-4': 90 }],
  ...['2026-01-14', '2026-01-15', '2026-01-16'].map(
    (date): Basket => [SOUTH.storeId, date, 'completed', { 'SAW-1': 1, 'POT-4': 90 }],
  ),
];

async function sell({ database }: OpenedDatabase): Promise<void> {
  await database.asLoader(signal, async (session) => {
    await session.query(
      `INSERT INTO retail.products (sku, name, category_id, type_id, unit_price)
       SELECT 'POT-4', 'Saucer', category_id, type_id, 1 FROM retail.products WHERE sku = 'POT-1'`,
    );
    for (const [n, [storeId, date, status, pieces]] of BASKETS.entries()) {
      const orderId = `00000002-0000-4000-8000-0000000001${String(n).padStart(2, '0')}`;
      await session.query(
        `INSERT INTO retail.orders (store_id, order_id, order_number, order_date, status) VALUES ($1, $2, $3, $4, $5)`,
        [storeId, orderId, `B-${n}`, date, status],
      );
      await session.query(
        `INSERT INTO retail.order_items (store_id, order_id, line_number, product_id, quantity, unit_price)
         SELECT $1, $2, row_number() OVER (ORDER BY sku), product_id, value::integer, 1
         FROM json_each_text($3::json) JOIN retail.products ON sku = key`,
        [storeId, orderId, JSON.stringify(pieces)],
      );
    }
  });
}

describe.each(databases)('cross_sell on $name', ({ open }) => {
  let opened: OpenedDatabase;

  beforeAll(async () => {
    opened = await open();
    await loadTwoStores(opened.database);
    await loadPlantedProducts(opened.database);
    await sell(opened);
  });
  afterAll(() => opened.close());

  async function ask(args: object, principal: Principal = NORTH.principal) {
    const { tools } = createCatalogModule({
      ...{ database: opened.database, embedders: embeddersOf(plantedEmbedder()), clock },
    });
    const tool = tools.find(({ name }) => name === 'get_product_recommendations');
    if (tool === undefined) throw new RangeError('no such tool');
    const pipeline = createPipeline({ logger: silentLogger, checkOutput: true });
    const asked = { kind: 'cross_sell', ...args };
    const { structured } = await pipeline.callTool(tool, asked, { principal, requestId: 'r', signal });
    const { products, ...head } = structured as { products: readonly Readonly<Record<string, unknown>>[] };
    const figures = products.map(
      ({ name, category, type, description, price, currency, stock, ...rest }) => rest,
    );
    return { ...head, products: figures };
  }

  const TOGETHER = [
    { sku: 'POT-2', orders_together: 2, affinity: 0.6667 },
    { sku: 'HAM-1', orders_together: 2, affinity: 0.5774 },
  ];
  const OF_PRODUCTS = 'orders_together: orders with both; affinity: 1 where all orders of either have both.';
  const OF_TYPES =
    'units: sold in the latest 10000 orders at most; type_orders_together: those of them with both types; type_affinity: 1 where all orders of either type have both.';

  it('gives what was bought with it in a year, and nothing else where that is enough', async () => {
    expect(await ask({ sku: 'SAW-1', max_rows: 2 })).toEqual({
      mode: 'sales',
      products: TOGETHER,
      note: `Of the last 365 days. ${OF_PRODUCTS}`,
    });
  });

  it('fills up with best sellers of the types that go with its type, and says so', async () => {
    const pots = { type_orders_together: 3, type_affinity: 0.866 };
    expect(await ask({ sku: 'SAW-1' })).toEqual({
      mode: 'sales',
      degraded:
        'Only 2 of these are in 2 orders with it; those with units are best sellers of types that are bought with its type more often than by chance.',
      products: [
        ...TOGETHER,
        { sku: 'POT-1', units: 4, ...pots },
        { sku: 'BAD-1', units: 2, ...pots },
        { sku: 'POT-4', units: 1, ...pots },
      ],
      note: `Of the last 365 days. ${OF_PRODUCTS} ${OF_TYPES}`,
    });
    expect((await ask({ sku: 'SAW-1', max_rows: 3 })).products.map(({ sku }) => sku)).toEqual([
      ...['POT-2', 'HAM-1', 'POT-1'],
    ]);
  });

  it('gives three of a type at most where nothing was bought with it', async () => {
    expect(await ask({ sku: 'OLD-1' })).toEqual({
      mode: 'sales',
      degraded:
        'Nothing is in 2 orders with it; these are best sellers of types that are bought with its type more often than by chance.',
      products: [
        { sku: 'POT-1', units: 4, type_orders_together: 3, type_affinity: 0.866 },
        { sku: 'POT-2', units: 3, type_orders_together: 3, type_affinity: 0.866 },
        { sku: 'BAD-1', units: 2, type_orders_together: 3, type_affinity: 0.866 },
      ],
      note: `Of the last 365 days. ${OF_TYPES}`,
    });
  });

  it('recommends nothing that is no longer sold', async () => {
    expect((await ask({ sku: 'POT-1' })).products).toEqual([
      { sku: 'SAW-1', units: 3, type_orders_together: 3, type_affinity: 0.866 },
    ]);
  });

  it('says what to do where sales say nothing', async () => {
    expect(await ask({ sku: 'SAW-1', days: 30 })).toEqual({
      ...{ mode: 'sales', products: [] },
      note: 'Raise days, to 365 at most, or use kind similar_products.',
    });
    expect(await ask({ sku: 'HAM-1' }, SOUTH.principal)).toEqual({
      ...{ mode: 'sales', products: [] },
      note: 'Use kind similar_products.',
    });
  });
});
