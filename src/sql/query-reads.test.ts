import { beforeAll, describe, expect, it } from 'vitest';
import { createParser } from './parser.ts';
import { createQueryReads, type QueryReads } from './query-reads.ts';

let readsOf: (sql: string) => QueryReads;
beforeAll(async () => {
  const tables = new Set(['retail.orders', 'retail.stores']);
  readsOf = createQueryReads(await createParser(), { schema: 'retail', tables });
});

describe('the tables of a query', () => {
  it.each([
    ['SELECT 1', []],
    ['SELECT * FROM orders', ['retail.orders']],
    ['SELECT * FROM retail.orders o JOIN retail.stores USING (store_id)', ['retail.orders', 'retail.stores']],
    [
      'SELECT (SELECT max(x) FROM a) FROM b WHERE EXISTS (SELECT FROM c)',
      ['retail.a', 'retail.b', 'retail.c'],
    ],
    ['WITH sale AS (SELECT * FROM retail.orders) SELECT * FROM sale', ['retail.orders']],
    ['WITH stores AS (SELECT 1) SELECT * FROM stores', ['retail.stores']],
    ['SELECT * FROM pg_catalog.pg_class', ['pg_catalog.pg_class']],
    ['SELECT $1::uuid FROM retail.orders WHERE store_id = $2', ['retail.orders']],
    ['SELECT FROM a UNION (SELECT FROM b, LATERAL (SELECT FROM c) x)', ['retail.a', 'retail.b', 'retail.c']],
  ])('%s', (sql, tables) => {
    const { relations, isSteady } = readsOf(sql);
    expect([...relations].sort()).toEqual(tables);
    expect(isSteady).toBe(true);
  });
});

describe('a query whose answer changes by itself', () => {
  it.each([
    'SELECT now()',
    'SELECT pg_catalog.now()',
    'SELECT current_timestamp',
    'SELECT localtime',
    'SELECT random()',
    'SELECT gen_random_uuid()',
    "SELECT 'now'::timestamptz",
    "SELECT date 'Now'",
    "SELECT * FROM retail.orders WHERE order_date > now() - interval '1 day'",
    'SELECT retail.lower(slug) FROM retail.stores',
    'SELECT a_function_of_the_operator()',
    'SELECT * FROM generate_series(1, 2) g JOIN LATERAL statement_timestamp() ON true',
    'SELECT broken (',
  ])('%s', (sql) => {
    expect(readsOf(sql).isSteady).toBe(false);
  });

  it.each(['SELECT current_date', "SELECT date_trunc('month', order_date) FROM orders", "SELECT lower('X')"])(
    'is not %s, within a day',
    (sql) => {
      expect(readsOf(sql).isSteady).toBe(true);
    },
  );
});
