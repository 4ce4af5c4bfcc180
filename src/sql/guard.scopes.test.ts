import { expect, test } from 'vitest';
import { createGuard } from './guard.ts';

/**
 * Closes: reading a table under the name of a CTE. `retail.orders` is the only table allowed; wherever a name is taken
 * for a CTE although PostgreSQL would read the table `secret`, or the other way round, a line here turns red.
 */
const guard = await createGuard({ relations: new Set(['retail.orders']), searchPath: ['retail', 'other'] });

const ALLOWED: readonly string[] = [
  'WITH secret AS (SELECT 1) SELECT * FROM secret',
  'WITH secret AS (SELECT * FROM orders), b AS (SELECT * FROM secret) SELECT * FROM b',
  'WITH secret AS (SELECT 1) SELECT (SELECT count(*) FROM secret), * FROM orders',
  'WITH secret AS (SELECT 1) SELECT 1 UNION SELECT * FROM secret',
  'WITH secret AS (SELECT 1) SELECT 1 ORDER BY (SELECT count(*) FROM secret) LIMIT (SELECT 1 FROM secret)',
  'WITH secret AS (SELECT 1) SELECT * FROM orders o, LATERAL (SELECT * FROM secret) s',
  'WITH secret AS (SELECT 1) VALUES ((SELECT count(*) FROM secret))',
  'WITH a AS (WITH secret AS (SELECT 1) SELECT * FROM secret) SELECT * FROM a',
  'WITH RECURSIVE secret AS (SELECT 1 UNION ALL SELECT * FROM secret) SELECT * FROM secret',
  'WITH RECURSIVE a AS (SELECT * FROM secret), secret AS (SELECT 1) SELECT * FROM a',
  'WITH orders AS (SELECT * FROM orders) SELECT * FROM orders',
  'WITH "Orders" AS (SELECT 1) SELECT * FROM "Orders"',
  'WITH SECRET AS (SELECT 1) SELECT * FROM secret',
  'SELECT * FROM retail.orders',
  'SELECT * FROM ORDERS',
  'SELECT * FROM "orders"',
  'SELECT * FROM U&"\\006Frders"',
];

const REFUSED: readonly string[] = [
  'WITH secret AS (SELECT * FROM secret) SELECT * FROM secret',
  'WITH a AS (SELECT * FROM secret), secret AS (SELECT 1) SELECT * FROM a',
  'WITH secret AS (SELECT 1) SELECT * FROM retail.secret',
  'WITH secret AS (SELECT 1) SELECT * FROM public.secret',
  'WITH a AS (WITH secret AS (SELECT 1) SELECT 1) SELECT * FROM secret',
  '(WITH secret AS (SELECT 1) SELECT 1) UNION SELECT * FROM secret',
  'SELECT * FROM (WITH secret AS (SELECT 1) SELECT 1) s, secret',
  'SELECT (WITH secret AS (SELECT 1) SELECT 1), (SELECT 1 FROM secret)',
  'WITH "Secret" AS (SELECT 1) SELECT * FROM secret',
  'WITH secret AS (SELECT 1) SELECT * FROM "SECRET"',
  'WITH a AS (SELECT 1 AS secret) SELECT * FROM secret',
  'SELECT 1 AS secret FROM orders AS secret, secret AS s',
  'WITH RECURSIVE a AS (WITH b AS (SELECT * FROM b) SELECT 1) SELECT * FROM a',
  'WITH RECURSIVE a AS (WITH secret AS (SELECT 1) SELECT 1), c AS (SELECT * FROM secret) SELECT 1',
  'SELECT * FROM "ORDERS"',
  'SELECT * FROM "retail.orders"',
  'SELECT * FROM other.orders',
  'SELECT * FROM db.retail.orders',
  'SELECT * FROM constructor',
  'SELECT * FROM __proto__',
  'SELECT * FROM ONLY secret',
  'TABLE secret',
];

test.each(ALLOWED)('reads no other table: %s', (sql) => {
  expect(guard.check(sql)).toMatchObject({ ok: true });
});

test.each(REFUSED)('reads another table: %s', (sql) => {
  expect(guard.check(sql)).toMatchObject({ ok: false, code: 'SQL_TABLE_NOT_ALLOWED' });
});

test('suggests the nearest table, says where in characters', () => {
  expect(guard.check("SELECT 'é𝄞' FROM ordres")).toEqual({
    ok: false,
    code: 'SQL_TABLE_NOT_ALLOWED',
    message: 'Table ordres is not allowed. Did you mean retail.orders?',
    position: 18,
  });
});

test('an unqualified name never falls through to a later schema, where another table may hide it', async () => {
  const two = await createGuard({ relations: new Set(['other.items']), searchPath: ['retail', 'other'] });
  expect(two.check('SELECT * FROM items')).toMatchObject({
    ok: false,
    message: 'Table items is not allowed. Write other.items.',
  });
  expect(two.check('SELECT * FROM other.items')).toMatchObject({ ok: true, relations: ['other.items'] });
});
