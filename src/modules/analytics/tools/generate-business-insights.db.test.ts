import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { databases } from '../../../../test/harness/databases.ts';
import { call, twoShops } from '../testing/open-shops.ts';
import { as, clock, HEAD_OFFICE, HOSTILE_NAME, NORTH, SOUTH, STRANGER } from '../testing/two-currencies.ts';
import { generateBusinessInsights } from './generate-business-insights.ts';

describe.each(databases)('$name', ({ open }) => {
  const shops = twoShops(open);
  beforeAll(shops.open);
  afterAll(shops.close);

  const tool = generateBusinessInsights(shops.door, clock);

  test('summary: key figures per currency', async () => {
    const { structured } = await call(tool, { kind: 'summary' }, as(HEAD_OFFICE));
    expect(structured.insights).toEqual([
      'Revenue 38.00 EUR from 1 order; the period before (0 EUR) gives no base for a change.',
      'Revenue 49.950 USD from 3 orders, up 399.5 % on the period before (10.00 USD).',
      'Orders up 200.0 %, average order value up 83.6 %.',
      '1 return: 33.3 per 100 orders, 0.0 in the period before.',
      '33.3 % of orders name no customer: customer figures are about the others.',
    ]);
    expect(structured.tables).toMatchObject({
      key_figures: {
        columns: ['currency', 'figure', 'value', 'previous', 'change_pct'],
        rows: expect.arrayContaining([
          ['EUR', 'revenue', '38.00', '0', null],
          ['USD', 'revenue', '49.950', '10.00', '399.5'],
          ['USD', 'unique_customers', 2, 1, '100.0'],
          ['USD', 'return_rate', '33.3', '0.0', null],
        ]),
      },
      top_categories: {
        rows: [
          ['EUR', 'Tools', '38.00', '100.0', 4],
          ['USD', 'Tools', '49.95', '100.0', 4],
          ['USD', 'Garden', '0.000', '0.0', 0],
        ],
      },
    });
  });

  test('customer_segmentation: RFM over the customers of the period', async () => {
    const { structured } = await call(
      tool,
      { kind: 'customer_segmentation', days: 365 },
      as(NORTH.principal),
    );
    // Of two customers ntile(5) makes fifths 1 and 2: N-2 bought last, N-1 bought for more.
    expect(structured.tables).toEqual({
      segments: {
        columns: [
          'currency',
          'segment',
          'rule',
          'customers',
          'customers_pct',
          'revenue',
          'revenue_pct',
          'orders_per_customer',
          'days_since_last_order',
        ],
        rows: [
          ['USD', 'hibernating', 'R=2 F<=2', 1, '50.0', '10.000', '12.5', '2.0', '10.0'],
          ['USD', 'lost', 'R=1 F<=2', 1, '50.0', '70.00', '87.5', '2.0', '23.0'],
        ],
      },
    });
    expect(structured.insights).toEqual([
      '2 known customers bought for 80.000 USD net of returns, in 4 orders.',
      'The segment lost is 50.0 % of them and brings 70.00 USD (87.5 %).',
    ]);
  });

  test('product_performance: ABC classes, best sellers, slow movers in stock', async () => {
    const { structured } = await call(tool, { kind: 'product_performance', days: 365 }, as(NORTH.principal));
    expect(structured.tables).toEqual({
      classes: {
        columns: ['currency', 'class', 'products', 'units', 'revenue', 'revenue_pct'],
        // Hammers 60.00 of 99.95 do not reach 80 % yet, so saws are class A too.
        rows: [
          ['USD', 'A', 2, 8, '99.95', '100.0'],
          ['USD', 'C', 1, 0, '0.000', '0.0'],
        ],
      },
      top_products: {
        columns: ['currency', 'sku', 'name', 'revenue', 'units'],
        rows: [
          ['USD', 'HAM-1', 'Claw hammer', '60.00', 6],
          ['USD', 'SAW-1', 'Hand saw', '39.95', 2],
          ['USD', 'POT-1', HOSTILE_NAME, '0.000', 0],
        ],
      },
      slow_movers: {
        columns: ['sku', 'name', 'stock', 'units_sold', 'days_of_stock'],
        // 5 hammers last 5 * 365 / 6 = 304 days.
        rows: [
          ['SAW-1', 'Hand saw', 100, 2, '18250'],
          ['POT-1', HOSTILE_NAME, 50, 0, null],
          ['HAM-1', 'Claw hammer', 5, 6, '304'],
        ],
      },
    });
    expect(structured.insights).toEqual([
      '2 of 3 products sold (66.7 %) are class A and bring 99.95 USD, 100.0 % of revenue.',
      '3 products with 155 pieces in stock would last over 180 days at the rate of sale of the last 365 days: see slow_movers.',
    ]);
  });

  test('seasonal_trends: index of the whole history, growth of the period', async () => {
    const { structured } = await call(tool, { kind: 'seasonal_trends', days: 60 }, as(NORTH.principal));
    // 99.95 in 56 days from 10 January to 6 March; January 40 in 22, February 40 in 28, March 19.95 in 6.
    expect(structured.tables).toEqual({
      seasonal_index: {
        columns: ['currency', 'month', 'index', 'years'],
        rows: [
          ['USD', 1, '101.9', 1],
          ['USD', 2, '80.0', 1],
          ['USD', 3, '186.3', 1],
        ],
      },
      months: {
        columns: ['currency', 'month', 'revenue', 'change_pct', 'complete'],
        rows: [
          ['USD', '2026-01', '40.00', null, true],
          ['USD', '2026-02', '40.00', '0.0', true],
          ['USD', '2026-03', '19.950', null, false],
        ],
      },
    });
    expect(structured.insights).toEqual([
      'In USD, March is the strongest month (index 186.3, average 100), February the weakest (80.0).',
      'Some months of USD were seen in one year only: take their index as a hint.',
      'Revenue of 2026-02 was 40.00 USD, unchanged on the month before.',
    ]);
  });

  test.each(['summary', 'customer_segmentation', 'product_performance', 'seasonal_trends'])(
    '%s: no stored text in a sentence',
    async (kind) => {
      const { structured } = await call(tool, { kind, days: 365 }, as(HEAD_OFFICE));
      expect(JSON.stringify(structured.insights)).not.toMatch(/Ignore all|hammer|Tools|Store/);
    },
  );

  test.each(['summary', 'customer_segmentation', 'product_performance', 'seasonal_trends'])(
    '%s: currencies are never added up',
    async (kind) => {
      const { structured } = await call(tool, { kind, days: 365 }, as(HEAD_OFFICE));
      const text = JSON.stringify(structured);
      // 99.950 USD and 38.00 EUR in the year.
      for (const mixed of ['137.95', '155.95', '98.00', '118.00']) expect(text).not.toContain(mixed);
      expect(text).toContain('EUR');
      expect(text).toContain('USD');
    },
  );

  test('each store has its own findings, a stranger none', async () => {
    const south = await call(tool, { kind: 'summary' }, as(SOUTH.principal));
    expect(south.text).not.toContain('USD');
    const stranger = await call(tool, { kind: 'product_performance' }, as(STRANGER));
    expect(stranger.structured).toMatchObject({ insights: ['No orders at all.'], tables: {} });
  });

  test('an empty period says where the orders are', async () => {
    const { structured } = await call(tool, { kind: 'summary', days: 1 }, as(HEAD_OFFICE));
    expect(structured.insights).toEqual([
      'No orders from 2026-03-15T00:00:00.000Z to 2026-03-15T12:00:00.000Z. The first order is of 2025-03-10, the last of 2026-03-06 (UTC).',
    ]);
  });

  test.each([
    {},
    { kind: 'all' },
    { kind: 'summary', days: 366 },
    { kind: 'summary', days: 0 },
    { kind: 'summary', store: 1 },
  ])('%j is refused', (args) => expect(tool.input.safeParse(args).success).toBe(false));
});
