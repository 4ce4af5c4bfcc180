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
  'WITH secret AS (SELECT 1) SELECT * FROM ONLY secret',
  'WITH secret AS (SELECT 1), b AS (WITH c AS (SELECT * FROM secret) SELECT * FROM c) SELECT * FROM b',
  'WITH secret AS (SELECT 1) SELECT (WITH orders AS (TABLE secret) TABLE orders)',
  'WITH secret AS (WITH secret AS (SELECT 1) TABLE secret) TABLE secret',
  'WITH RECURSIVE secret AS (SELECT 1 UNION ALL (WITH b AS (TABLE secret) TABLE b)) TABLE secret',
  'WITH secret AS (SELECT 1) SELECT count(*) FILTER (WHERE EXISTS (TABLE secret)) FROM orders',
  'WITH secret AS (SELECT 1) SELECT * FROM unnest(ARRAY(TABLE secret)) AS u',
  'WITH secret AS (SELECT 1) SELECT 1 UNION (SELECT 2 EXCEPT TABLE secret)',
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
  'WITH secret AS (SELECT 1) SELECT * FROM "retail".secret',
  'WITH secret AS (SELECT 1) SELECT * FROM db.retail.secret',
  'WITH "retail.secret" AS (SELECT 1) SELECT * FROM retail.secret',
  'WITH a AS (SELECT 1), b AS (SELECT * FROM c), c AS (SELECT 2) SELECT * FROM b',
  'WITH secret AS (SELECT (SELECT count(*) FROM secret)) SELECT 1',
  'WITH secret AS (SELECT * FROM orders, LATERAL (SELECT * FROM secret) l) SELECT 1',
  'SELECT (WITH secret AS (SELECT 1) TABLE secret) FROM secret',
  'SELECT * FROM orders, LATERAL (WITH secret AS (SELECT 1) SELECT 1) l, secret',
  'SELECT 1 ORDER BY (WITH secret AS (SELECT 1) SELECT 1), (SELECT 1 FROM secret)',
  'WITH RECURSIVE a AS (SELECT 1) SELECT * FROM secret',
  '(WITH secret AS (SELECT 1) SELECT 1) INTERSECT (TABLE secret)',
  'SELECT * FROM pg_catalog.orders',
  'SELECT * FROM information_schema.orders',
  'SELECT * FROM "Retail".orders',
  'SELECT * FROM public.orders',
  'SELECT * FROM U&"se\\0063ret"',
  'SELECT * FROM sеcret',
  'SELECT * FROM ONLY (secret)',
  'SELECT * FROM secret *',
  'SELECT * FROM (orders JOIN secret ON true) AS j',
  'SELECT * FROM orders NATURAL JOIN secret',
  'SELECT * FROM orders TABLESAMPLE SYSTEM (1), secret TABLESAMPLE SYSTEM (1)',
  'VALUES ((SELECT 1 FROM secret))',
  'SELECT count(*) FILTER (WHERE EXISTS (TABLE secret)) FROM orders',
  'SELECT array_agg(1 ORDER BY (SELECT 1 FROM secret)) FROM orders',
  'SELECT sum(1) OVER (ORDER BY (SELECT 1 FROM secret)) FROM orders',
  'SELECT sum(1) OVER w FROM orders WINDOW w AS (ROWS (SELECT 1 FROM secret) PRECEDING)',
  'SELECT 1 FROM orders GROUP BY ROLLUP ((SELECT 1 FROM secret))',
  'SELECT 1 FROM orders HAVING EXISTS (TABLE secret)',
  'SELECT 1 FROM orders LIMIT (SELECT 1 FROM secret)',
  'SELECT 1 FROM orders OFFSET (SELECT 1 FROM secret)',
  'SELECT DISTINCT ON ((SELECT 1 FROM secret)) 1 FROM orders',
  'SELECT * FROM orders JOIN orders o ON EXISTS (TABLE secret)',
  'SELECT * FROM unnest(ARRAY(SELECT x FROM secret)) AS u',
  'SELECT * FROM ROWS FROM (generate_series(1, (SELECT 1 FROM secret))) AS r',
  "SELECT * FROM JSON_TABLE((SELECT x FROM secret), '$' COLUMNS (a int)) AS j",
  'SELECT JSON_ARRAY(SELECT x FROM secret)',
  'SELECT * FROM orders TABLESAMPLE SYSTEM ((SELECT 1 FROM secret))',
  'SELECT CASE WHEN 1 = (SELECT 1 FROM secret) THEN 1 END',
  'SELECT (1, 2) = (SELECT 1, 2 FROM secret)',
  'SELECT 1 > ALL (SELECT 1 FROM secret)',
  'SELECT (ARRAY[1])[(SELECT 1 FROM secret)]',
  'SELECT ROW((SELECT 1 FROM secret))',
  'SELECT 1 UNION ALL (SELECT 1 UNION SELECT 1 FROM secret)',
];

test.each(ALLOWED)('reads no other table: %s', (sql) => {
  expect(guard.check(sql)).toMatchObject({ ok: true });
});

test.each(REFUSED)('reads another table: %s', (sql) => {
  expect(guard.check(sql)).toMatchObject({ ok: false, code: 'SQL_TABLE_NOT_ALLOWED' });
});

/**
 * Closes: an operator's function in FROM whose row is a bare value, on which `alias.name` calls any function that takes one.
 */
test('the columns of an added function in FROM must be named to be used with its alias', async () => {
  const own = await createGuard({ relations: 'any', searchPath: ['retail'], extraFunctions: ['retail.f'] });
  for (const sql of [
    'SELECT * FROM f() AS t',
    'SELECT a FROM f() AS t',
    'SELECT t.a, t.b FROM f() AS t(a, b)',
  ]) {
    expect(own.check(sql)).toMatchObject({ ok: true });
  }
  expect(own.check('SELECT t.lo_import FROM f() AS t')).toEqual({
    ok: false,
    code: 'SQL_FIELD_NOT_ALLOWED',
    message: 't.lo_import would call a function: t has t only; to name others write AS t(a, b).',
    position: 7,
  });
  expect(own.check('SELECT t.lo_import FROM f() AS t(a)')).toMatchObject({ code: 'SQL_FIELD_NOT_ALLOWED' });
  expect(own.check('SELECT f.lo_import FROM retail.f()')).toMatchObject({ code: 'SQL_FIELD_NOT_ALLOWED' });
  expect(own.check('SELECT t.a FROM f() WITH ORDINALITY AS t')).toMatchObject({ ok: true });
});

test('what an extension brings may have a schema of the search path before it, and no other', async () => {
  const own = await createGuard({ relations: 'any', searchPath: ['retail', 'extensions'] });
  for (const schema of ['retail', 'extensions']) {
    const sql = `SELECT ${schema}.similarity(a, b), '[1]'::${schema}.vector, a OPERATOR(${schema}.<=>) b`;
    expect(own.check(sql)).toMatchObject({ ok: true });
  }
  expect(own.check('SELECT public.similarity(a, b)')).toMatchObject({ code: 'SQL_FUNCTION_NOT_ALLOWED' });
  expect(own.check("SELECT '[1]'::public.vector")).toMatchObject({ code: 'SQL_TYPE_NOT_ALLOWED' });
  expect(own.check('SELECT a OPERATOR(public.<=>) b')).toMatchObject({ code: 'SQL_OPERATOR_NOT_ALLOWED' });
  expect(own.check('SELECT a OPERATOR(extensions.=) b')).toMatchObject({ code: 'SQL_OPERATOR_NOT_ALLOWED' });
  expect(own.check('SELECT extensions.lower(a)')).toMatchObject({ code: 'SQL_FUNCTION_NOT_ALLOWED' });
  expect(own.check("SELECT '1'::extensions.int4")).toMatchObject({ code: 'SQL_TYPE_NOT_ALLOWED' });
  expect(own.check('SELECT db.extensions.similarity(a, b)')).toMatchObject({
    code: 'SQL_FUNCTION_NOT_ALLOWED',
  });
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
