import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { databases } from '../../../../test/harness/databases.ts';
import { call, twoShops } from '../testing/open-shops.ts';
import { as, clock, HEAD_OFFICE, HOSTILE_NAME, NORTH, SOUTH, STRANGER } from '../testing/two-currencies.ts';
import { getStorePerformance } from './get-store-performance.ts';

describe.each(databases)('$name', ({ open }) => {
  const shops = twoShops(open);
  beforeAll(shops.open);
  afterAll(shops.close);

  const tool = getStorePerformance(shops.door, clock);

  test('every figure, against the period before cut alike', async () => {
    const { structured } = await call(
      tool,
      { store_id: 'north', time_period: 'last_30_days' },
      as(NORTH.principal),
    );
    expect(structured).toEqual({
      store_id: NORTH.storeId,
      currency: 'USD',
      period: { start: '2026-02-14T00:00:00.000Z', end: '2026-03-15T12:00:00.000Z' },
      metrics: {
        revenue: '49.950',
        orders: 3,
        units: 4,
        average_order_value: '18.36',
        returns: 1,
        return_rate: '33.3',
        unique_customers: 2,
        anonymous_share: '33.3',
        top_products: [
          { sku: 'HAM-1', name: 'Claw hammer', units: 3, revenue: '30.00' },
          { sku: 'SAW-1', name: 'Hand saw', units: 1, revenue: '19.95' },
          { sku: 'POT-1', name: HOSTILE_NAME, units: 0, revenue: '0.000' },
        ],
        top_categories: [
          { name: 'Tools', units: 4, revenue: '49.95' },
          { name: 'Garden', units: 0, revenue: '0.000' },
        ],
      },
      previous: {
        revenue: '10.00',
        orders: 1,
        units: 1,
        average_order_value: '10.00',
        returns: 0,
        return_rate: '0.0',
        unique_customers: 1,
        anonymous_share: '0.0',
        top_products: [{ sku: 'HAM-1', name: 'Claw hammer', units: 1, revenue: '10.00' }],
        top_categories: [{ name: 'Tools', units: 1, revenue: '10.00' }],
      },
      change_pct: {
        revenue: '399.5',
        orders: '200.0',
        units: '300.0',
        average_order_value: '83.6',
        returns: null,
        unique_customers: '100.0',
      },
      insights: [
        'Revenue 49.950 USD from 3 orders, up 399.5 % on the period before (10.00 USD).',
        'Orders up 200.0 %, average order value up 83.6 %.',
        '1 return: 33.3 per 100 orders, 0.0 in the period before.',
        '33.3 % of orders name no customer: customer figures are about the others.',
        'The first of top_products brings 60.1 % of revenue.',
        'The first of top_categories brings 100.0 % of revenue.',
      ],
    });
  });

  test.each([
    [NORTH.storeId.toUpperCase(), 'all_time', '99.950', null],
    ['north', '2026-01', '40.00', '0'],
    ['North', '2026-Q1', '99.950', '0'],
    ['south', '2025', '18.00', '0'],
    ['south', 'this_month', '38.00', '0'],
  ])('%s in %s earned %s', async (store_id, time_period, revenue, before) => {
    const { structured } = await call(tool, { store_id, time_period }, as(HEAD_OFFICE));
    expect(structured).toMatchObject({ metrics: { revenue }, previous: before && { revenue: before } });
  });

  test('an empty period says where the orders are, of this store', async () => {
    const { structured } = await call(tool, { store_id: 'south', time_period: '2011' }, as(HEAD_OFFICE));
    expect(structured).toMatchObject({ metrics: { revenue: '0', orders: 0, average_order_value: null } });
    expect(structured.insights).toContain(
      'No orders from 2011-01-01T00:00:00.000Z to 2012-01-01T00:00:00.000Z. The first order is of 2025-03-10, the last of 2026-03-02 (UTC).',
    );
  });

  describe('a store of someone else is no store', () => {
    test.each([
      ['another slug', 'south', NORTH.principal],
      ['another id', SOUTH.storeId, NORTH.principal],
      ['an unknown slug', 'nowhere', NORTH.principal],
      ['an unknown id', '0000000a-0000-4000-8000-000000000099', NORTH.principal],
      ['hostile', "north' OR true --", NORTH.principal],
      ['NUL', 'north\0', NORTH.principal],
      ['nothing', '', NORTH.principal],
      ['for a stranger', 'north', STRANGER],
    ])('%s', async (_, store_id, principal) => {
      await expect(call(tool, { store_id, time_period: 'all_time' }, as(principal))).rejects.toMatchObject({
        code: 'AUTHORIZATION_ERROR',
        message: 'Access denied for store',
        data: {},
      });
    });
  });

  test('an unknown period is refused', async () => {
    await expect(
      call(tool, { store_id: 'north', time_period: '2011-13' }, as(NORTH.principal)),
    ).rejects.toMatchObject({
      code: 'VALIDATION_ERROR',
    });
  });
});
