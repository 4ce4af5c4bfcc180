import { expect, test } from 'vitest';
import { locateFields, parseFieldMap } from './fields.ts';
import { planImport } from './import-options.ts';
import { salesProfile } from './profiles.ts';

const MAP = { order_number: 'Order', order_date: 'Date', sku: 'Code', quantity: 'Qty', unit_price: 'Price' };

test('finds columns wherever they stand', () => {
  expect(locateFields(['Price', ' Qty ', 'Code', 'Date', 'x', 'Order'], MAP)).toEqual({
    order_number: 5,
    order_date: 3,
    sku: 2,
    quantity: 1,
    unit_price: 0,
    description: -1,
    customer_number: -1,
    store: -1,
  });
});

test('names every missing column and the nearest ones', () => {
  expect(() =>
    locateFields(['order', 'Date', 'SKU', 'Quantity', 'Price'], { ...MAP, quantity: 'Quantitiy' }),
  ).toThrow(
    'The header does not fit: no column "Order" for order_number (nearest: "order"); no column "Code" for sku; no column "Quantitiy" for quantity (nearest: "Quantity"). Its columns are: order, Date, SKU, Quantity, Price.',
  );
});

test('a field that nothing maps, and a column that is there twice', () => {
  const { sku, ...rest } = MAP;
  expect(() => locateFields(['Order', 'Date', 'Qty', 'Price', 'Price'], rest)).toThrow(
    'no column is mapped to sku (--map sku=Column); column "Price" for unit_price is there more than once',
  );
  expect(sku).toBe('Code');
});

test('--map', () => {
  expect(parseFieldMap(['sku=Stock=Code', 'order_date=When'])).toEqual({
    sku: 'Stock=Code',
    order_date: 'When',
  });
  expect(() => parseFieldMap(['price=Price'])).toThrow('where field is one of order_number, order_date, sku');
  expect(() => parseFieldMap(['sku='])).toThrow('write field=Column');
});

test('an unknown profile names those that there are', () => {
  expect(() => salesProfile('toString')).toThrow('No profile "toString". There are: online-retail.');
});

test.each([
  [{}, 'Nothing tells the store'],
  [{ store: 'a', storeBy: 'B' }, 'Give either --store or --store-by'],
  [{ store: 'Not A Slug' }, "a store's slug is lower-case"],
  [{ store: 'head-office' }, 'not "head-office"'],
  [{ store: 'a', currency: 'pounds' }, 'ISO 4217'],
  [{ store: 'a', timezone: 'Mars/Olympus' }, 'IANA'],
  [{ store: 'a', timezone: "+01'; --" }, 'IANA'],
  [{ store: 'a', delimiter: '"' }, 'one character'],
  [{ store: 'a', cancellationPrefix: ' C' }, 'begin with no space'],
])('refuses %j', (options, message) => {
  expect(() => planImport({ ...options, rejectsFile: 'x' })).toThrow(message);
});

test.each([
  [{}, ''],
  [{ profile: 'online-retail' }, 'C'],
  [{ profile: 'online-retail', cancellationPrefix: '' }, ''],
  [{ cancellationPrefix: 'R-' }, 'R-'],
])('the prefix of returns with %j is "%s"', (options, prefix) => {
  expect(planImport({ store: 'a', rejectsFile: 'x', ...options }).cancellationPrefix).toBe(prefix);
});
