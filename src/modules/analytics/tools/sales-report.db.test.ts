import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { databases } from '../../../../test/harness/databases.ts';
import { call, twoShops } from '../testing/open-shops.ts';
import {
  as,
  clock,
  customerId,
  HEAD_OFFICE,
  HOSTILE_NAME,
  NORTH,
  SOUTH,
  STRANGER,
} from '../testing/two-currencies.ts';
import { salesReport } from './sales-report.ts';

describe.each(databases)('$name', ({ open }) => {
  const shops = twoShops(open);
  beforeAll(shops.open);
  afterAll(shops.close);

  const tool = salesReport(shops.door, clock);
  const rows = async (args: object, principal = HEAD_OFFICE) =>
    (await call(tool, args, as(principal))).structured.rows;

  test('daily_sales: newest first, each currency by itself, cancelled orders nowhere', async () => {
    expect(await rows({ template: 'daily_sales' })).toEqual([
      ['2026-03-06', 'USD', '-5.125', 0, 1, -1, null],
      ['2026-03-05', 'USD', '5.125', 1, 0, 1, '5.12'],
      ['2026-03-02', 'EUR', '38.00', 1, 0, 4, '38.00'],
      ['2026-03-01', 'USD', '19.95', 1, 0, 1, '19.95'],
      ['2026-02-20', 'USD', '30.00', 1, 0, 3, '30.00'],
    ]);
  });

  test('top_products: ranked within their currency', async () => {
    expect(await rows({ template: 'top_products', start: '2026-01-01', end: '2026-03-31' })).toEqual([
      [1, 'HAM-1', 'Claw hammer', 'Tools', 'EUR', '38.00', '100.0', 4],
      [1, 'HAM-1', 'Claw hammer', 'Tools', 'USD', '60.00', '60.0', 6],
      [2, 'SAW-1', 'Hand saw', 'Tools', 'USD', '39.95', '40.0', 2],
      [3, 'POT-1', HOSTILE_NAME, 'Garden', 'USD', '0.000', '0.0', 0],
    ]);
  });

  test('customer_analysis: known customers only', async () => {
    expect(await rows({ template: 'customer_analysis', days: 365 })).toEqual([
      [
        1,
        customerId(3),
        'S-1',
        'south',
        'enterprise',
        'EUR',
        '38.00',
        1,
        0,
        '38.00',
        '2026-03-02',
        '2026-03-02',
      ],
      [1, customerId(1), 'N-1', 'north', 'pro', 'USD', '70.00', 2, 0, '35.00', '2026-01-10', '2026-02-20'],
      [2, customerId(2), 'N-2', 'north', 'free', 'USD', '10.000', 2, 1, '7.56', '2026-02-01', '2026-03-06'],
    ]);
  });

  test('category_performance: against as many days before', async () => {
    expect(await rows({ template: 'category_performance' })).toEqual([
      [1, 'Tools', 'EUR', '38.00', '100.0', 4, '0', null],
      [1, 'Tools', 'USD', '49.95', '100.0', 4, '10.00', '399.5'],
      [2, 'Garden', 'USD', '0.000', '0.0', 0, '0', null],
    ]);
  });

  test('sales_trends by month: gaps are zeros, the running month is not compared', async () => {
    expect(
      await rows({ template: 'sales_trends', start: '2025-09-01', end: '2026-03-31' }, NORTH.principal),
    ).toEqual([
      ['2026-03-01', 'USD', '19.950', null, null, 2, false],
      ['2026-02-01', 'USD', '40.00', '0.0', '26.67', 2, true],
      ['2026-01-01', 'USD', '40.00', null, '13.33', 1, true],
      ['2025-12-01', 'USD', '0', null, '0.00', 0, true],
      ['2025-11-01', 'USD', '0', null, '0.00', 0, true],
      ['2025-10-01', 'USD', '0', null, null, 0, true],
      ['2025-09-01', 'USD', '0', null, null, 0, true],
    ]);
  });

  test('sales_trends by week: whole weeks from the first day', async () => {
    const found = await rows(
      { template: 'sales_trends', start: '2026-01-06', end: '2026-03-02' },
      NORTH.principal,
    );
    expect(found).toHaveLength(8);
    expect(found).toContainEqual(['2026-01-06', 'USD', '40.00', null, null, 1, true]);
    expect(found).toContainEqual(['2026-02-17', 'USD', '30.00', null, '10.00', 1, true]);
    expect(found).toContainEqual(['2026-02-24', 'USD', '19.95', '-33.5', '16.65', 1, true]);
  });

  test('sales_trends by day', async () => {
    expect(
      await rows({ template: 'sales_trends', start: '2026-03-01', end: '2026-03-02' }, NORTH.principal),
    ).toEqual([
      ['2026-03-02', 'USD', '0', '-100.0', null, 0, true],
      ['2026-03-01', 'USD', '19.95', null, null, 1, true],
    ]);
  });

  test('a store sees its own figures only, a stranger none', async () => {
    expect(await rows({ template: 'daily_sales' }, SOUTH.principal)).toEqual([
      ['2026-03-02', 'EUR', '38.00', 1, 0, 4, '38.00'],
    ]);
    const { structured } = await call(tool, { template: 'daily_sales' }, as(STRANGER));
    expect(structured).toMatchObject({ rows: [], note: 'No orders at all.' });
  });

  test('the limit is told', async () => {
    const { structured, text } = await call(tool, { template: 'daily_sales', limit: 2 }, as(HEAD_OFFICE));
    expect(structured).toMatchObject({ row_count: 2, truncated: true });
    expect(text).toContain('"n":2,"truncated":true');
  });

  test.each([
    [1, true],
    [2, false],
  ])('customer_analysis of %i rows at most: truncated %s', async (limit, truncated) => {
    const args = { template: 'customer_analysis', days: 365, limit };
    const { structured } = await call(tool, args, as(NORTH.principal));
    expect(structured).toMatchObject({ row_count: limit, truncated });
  });

  test('an empty period says where the orders are', async () => {
    const { structured, text } = await call(
      tool,
      { template: 'top_products', start: '2011-01-01', end: '2011-01-31' },
      as(HEAD_OFFICE),
    );
    expect(structured).toMatchObject({
      row_count: 0,
      period: { start: '2011-01-01T00:00:00.000Z', end: '2011-02-01T00:00:00.000Z' },
      note: 'No orders from 2011-01-01T00:00:00.000Z to 2011-02-01T00:00:00.000Z. The first order is of 2025-03-10, the last of 2026-03-06 (UTC).',
    });
    expect(text).toContain('The first order is of 2025-03-10');
  });

  test('columns are named and typed', async () => {
    const { structured } = await call(tool, { template: 'daily_sales' }, as(HEAD_OFFICE));
    expect(structured.columns).toContainEqual({ name: 'revenue', type: 'numeric' });
  });

  describe('bad arguments', () => {
    test.each([
      {},
      { template: 'custom' },
      { template: 'daily_sales', days: 0 },
      { template: 'daily_sales', days: 1.5 },
      { template: 'daily_sales', days: 30, start: '2026-01-01', end: '2026-01-02' },
      { template: 'daily_sales', start: '2026-01-01' },
      { template: 'daily_sales', start: '2026-02-30', end: '2026-03-01' },
      { template: 'daily_sales', limit: 1001 },
      { template: 'daily_sales', limit: '20' },
      { template: 'daily_sales', store: 'south' },
    ])('%j', (args) => expect(tool.input.safeParse(args).success).toBe(false));
  });
});
