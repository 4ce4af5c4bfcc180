import { expect, test } from 'vitest';
import { changes, comparableMetrics, storeMetrics } from './store-metrics.ts';

const totals = {
  label: 'current',
  currency: 'USD',
  revenue: '49.950',
  sales_amount: '55.075',
  orders: 3,
  returns: 1,
  anonymous_orders: 1,
  unique_customers: 2,
  units: 4,
};

test('ratios come from totals', () => {
  expect(comparableMetrics(totals)).toEqual({
    revenue: '49.950',
    orders: 3,
    units: 4,
    average_order_value: '18.36',
    returns: 1,
    return_rate: '33.3',
    unique_customers: 2,
    anonymous_share: '33.3',
  });
});

test('no totals are zeros, and no ratios', () => {
  expect(storeMetrics(undefined, [])).toMatchObject({
    revenue: '0',
    orders: 0,
    average_order_value: null,
    return_rate: null,
    top_products: [],
  });
});

test('changes are in percent, null where there is no base', () => {
  const before = {
    ...totals,
    revenue: '10.00',
    sales_amount: '10.00',
    orders: 1,
    returns: 0,
    unique_customers: 1,
    units: 1,
  };
  expect(changes(comparableMetrics(totals), comparableMetrics(before))).toEqual({
    revenue: '399.5',
    orders: '200.0',
    units: '300.0',
    average_order_value: '83.6',
    returns: null,
    unique_customers: '100.0',
  });
});
