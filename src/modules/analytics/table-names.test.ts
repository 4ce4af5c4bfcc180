import { describe, expect, test } from 'vitest';
import { findTable, noSuchTable } from './table-names.ts';

describe('tables are found', () => {
  test.each(['orders', 'retail.orders', ' Retail.ORDERS '])('%j', (name) =>
    expect(findTable(name)).toBe('retail.orders'),
  );
});

describe('and others are not', () => {
  test.each([
    '',
    'order',
    'access.grants',
    'retail.access.grants',
    'pg_class',
    '__proto__',
    'retail.',
    'orders; DROP',
  ])('%j', (name) => {
    expect(findTable(name)).toBeUndefined();
  });
});

test('the nearest name is given', () => {
  expect(noSuchTable('retail.custmers')).toMatch(
    /^There is no table "retail.custmers". The nearest is customers; all: stores, /,
  );
});

test('what is echoed is bounded and quoted', () => {
  expect(noSuchTable(`"\n${'x'.repeat(10_000)}`).length).toBeLessThan(400);
  expect(noSuchTable('a\nb')).toContain('"a\\nb"');
});
