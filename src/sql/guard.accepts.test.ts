import { expect, test } from 'vitest';
import { READABLE_TABLES, SEARCH_PATH } from '../data/tables.ts';
import { createGuard } from './guard.ts';
import { ACCEPTED } from './testing/accepted.ts';

/** A guard that refuses honest analytics has failed as well. Each line is something an analyst writes, of any schema. */
const OF_ANY_SCHEMA: readonly string[] = [
  // Plain
  'SELECT 1',
  'SELECT * FROM orders;',
  'TABLE retail.stores',
  "VALUES (1, 'a'), (2, 'b') ORDER BY 1 LIMIT 1",
  'select "Order ID" as "order" from "Orders View"',
  "SELECT 'drop table orders; -- not a comment /*' AS note FROM orders",
  "SELECT $q$ it's; delete from $1 /* $q$ AS text",
  "SELECT E'don\\'t', U&'d\\0061t', N'n', B'101', X'1F'",
  '/* monthly /* nested */ report */ SELECT count(*) -- all of them\nFROM orders;',
  'SELECT author.name, t.text, o.date, x.count, u.version, o.user, c.left FROM author, t, o, x, u, c',
  'SELECT t.*, (t).*, t FROM orders AS t',
  'SELECT retail.orders.order_date FROM retail.orders',
  'SELECT (o.*).order_date FROM orders o',
  "SELECT current_date, current_timestamp(3), localtime, now() AT TIME ZONE 'America/Los_Angeles'",
  'SELECT DISTINCT ON (customer_id) customer_id, order_date FROM orders ORDER BY customer_id, order_date DESC NULLS LAST',
  'SELECT a FROM t ORDER BY a USING >',
  'SELECT * FROM orders ORDER BY 1 FETCH FIRST 5 ROWS WITH TIES',
  'SELECT u.*, l.x FROM unnest(ARRAY[1]) AS u, lower($$A$$) AS l(x)',
  'SELECT quote_literal, pg_rank FROM columns_of_those_names',
  "SELECT d FROM CAST('2024-01-01' AS date) AS d",
  `SELECT ${Array(250).fill('lower(a)').join(' || ')} FROM t`,
  // Joins, subqueries, set operations
  'SELECT * FROM orders o JOIN customers c USING (store_id, customer_id) LEFT JOIN stores s ON s.store_id = o.store_id',
  'SELECT * FROM a NATURAL FULL JOIN b CROSS JOIN c',
  'SELECT c.email FROM customers c WHERE EXISTS (SELECT FROM orders o WHERE o.customer_id = c.customer_id)',
  'SELECT * FROM products WHERE price > ALL (SELECT avg(price) FROM products GROUP BY category_id)',
  'SELECT * FROM products WHERE (category_id, type_id) IN (SELECT 1, 2) AND NOT is_deleted',
  '(SELECT 1 UNION ALL SELECT 2) EXCEPT SELECT 3 INTERSECT SELECT 4 ORDER BY 1 LIMIT 3 OFFSET 1',
  'SELECT c.name, top.total FROM customers c, LATERAL (SELECT sum(total) AS total FROM orders o WHERE o.customer_id = c.id) top',
  'SELECT s.name, l.* FROM stores s CROSS JOIN LATERAL (SELECT * FROM orders o WHERE o.store_id = s.store_id LIMIT 3) l',
  'SELECT * FROM (VALUES (1, 2)) AS v(a, b) WHERE v.a = 1',
  'SELECT * FROM orders TABLESAMPLE BERNOULLI (10) REPEATABLE (42)',
  'SELECT count(*) FROM orders TABLESAMPLE SYSTEM (1.5)',
  // WITH
  'WITH m AS MATERIALIZED (SELECT 1 AS a), n AS NOT MATERIALIZED (SELECT a FROM m) SELECT * FROM m, n',
  'WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 12) SELECT * FROM t',
  `WITH RECURSIVE tree AS (SELECT id, parent_id FROM categories WHERE parent_id IS NULL
     UNION ALL SELECT c.id, c.parent_id FROM categories c JOIN tree ON tree.id = c.parent_id)
   SEARCH DEPTH FIRST BY id SET ord CYCLE id SET looped USING path SELECT * FROM tree ORDER BY ord`,
  // Aggregates and windows
  'SELECT count(*) FILTER (WHERE status = $$open$$), sum(total) FROM orders HAVING sum(total) > 10',
  'SELECT region, city, sum(x) FROM t GROUP BY GROUPING SETS ((region), (region, city), ())',
  'SELECT region, grouping(region), sum(x) FROM t GROUP BY ROLLUP (region), CUBE (a, b)',
  'SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY total), mode() WITHIN GROUP (ORDER BY status) FROM orders',
  'SELECT percentile_disc(ARRAY[0.25, 0.5]) WITHIN GROUP (ORDER BY x), rank(3) WITHIN GROUP (ORDER BY x) FROM t',
  "SELECT string_agg(DISTINCT name, ', ' ORDER BY name), array_agg(x ORDER BY y DESC), bool_or(z) FROM t",
  'SELECT rank() OVER w, ntile(4) OVER w, lag(x, 1, 0) OVER w FROM t WINDOW w AS (PARTITION BY a ORDER BY b)',
  'SELECT sum(x) OVER (ORDER BY d ROWS BETWEEN 6 PRECEDING AND CURRENT ROW) FROM t',
  "SELECT avg(x) OVER (ORDER BY d RANGE BETWEEN INTERVAL '7 days' PRECEDING AND INTERVAL '1 day' FOLLOWING EXCLUDE TIES) FROM t",
  'SELECT first_value(x) OVER (PARTITION BY g ORDER BY d GROUPS UNBOUNDED PRECEDING), row_number() OVER () FROM t',
  'SELECT corr(x, y), regr_slope(y, x), stddev_samp(x), var_pop(y), covar_pop(x, y) FROM t',
  // Numbers, text, conditions
  "SELECT CASE WHEN x > 1 THEN 'a' ELSE 'b' END, CASE y WHEN 1 THEN 2 END, coalesce(a, 0), nullif(b, 0), greatest(1, 2) FROM t",
  'SELECT round(x::numeric, 2), x::int, CAST(x AS double precision), power(1 + r, 12), x ^ 2, (b / a) ^ (1.0 / years) FROM t',
  "SELECT upper(name) || ' ' || trim(both ' ' from x), substring(a from 2 for 3), position('a' in b), overlay(a placing 'x' from 1) FROM t",
  "SELECT lpad(n::text, 5, '0'), repeat('*', 20), repeat('█', least(n, 100)::int), replace(x, ' ', ''), format('%s (%5s)', a, b) FROM t",
  "SELECT * FROM t WHERE a LIKE 'x!%' ESCAPE '!' AND b ILIKE '%y' AND c SIMILAR TO '(a|b)%' AND d ~* '^z' AND e BETWEEN SYMMETRIC 2 AND 1",
  'SELECT a IS DISTINCT FROM b, c IS NOT NULL, d IS UNKNOWN, (a, b) < (1, 2), x = ANY (ARRAY[1, 2]) FROM t',
  "SELECT name COLLATE \"C\", starts_with(name, 'A'), split_part(email, '@', 2), md5(email) FROM customers",
  "SELECT regexp_replace(phone, '[^0-9]', '', 'g'), (regexp_match(sku, '^([A-Z]+)-'))[1] FROM products",
  // Dates
  "SELECT date_trunc('month', d)::date, extract(dow from d), date_part('year', age(d)), d + interval '1 month' FROM t",
  "SELECT to_char(d, 'YYYY-\"Q\"Q'), make_date(2024, 1, 31), date '2024-02-29' - 7, (a, b) OVERLAPS (c, d) FROM t",
  "SELECT d::date FROM generate_series(date '2024-01-01', date '2024-12-31', interval '1 day') AS d",
  "SELECT g.day FROM generate_series('2024-01-01'::timestamptz, now(), '1 hour') AS g(day) LEFT JOIN orders o ON o.d = g.day",
  "SELECT generate_series((SELECT min(d) FROM orders), (SELECT max(d) FROM orders), INTERVAL '1' MONTH)",
  'SELECT n FROM generate_series(1, 100) AS n, generate_series(0, extract(year from now())::int) AS y',
  'SELECT * FROM ROWS FROM (generate_series(1, 3), unnest(ARRAY[1, 2])) WITH ORDINALITY AS r(a, b, n) WHERE r.n > 1',
  "SELECT date_bin('15 minutes', ts, timestamp '2024-01-01'), make_interval(days => 3) FROM t",
  "SELECT generate_series('20240101'::date, '20240201', '1 week 2 days'), generate_series(10, 1, -1), generate_series(0, 1, 0.1)",
  "SELECT generate_series(date_trunc('month', now()) - interval '11 months', current_date, '1 month') AS month",
  'SELECT g.ordinality, g.g FROM generate_series(1, 3) WITH ORDINALITY AS g',
  // JSON, arrays, ranges
  "SELECT j -> 'a' ->> 'b', j #>> '{a,0}', j @> '{\"a\": 1}', j ? 'k', jsonb_path_query(j, '$.a[*] ? (@ > 1)') FROM t",
  'SELECT e.key, e.value FROM t, jsonb_each_text(t.j) AS e WHERE e.key <> $$x$$',
  "SELECT item.value, (jsonb_each(j)).key, (jsonb_each(j)).value['a'], (ROW(1, 2)).f2, (ROW(1, 2, 3, 4, 5, 6, 7, 8, 9, 10)).f10 FROM t CROSS JOIN LATERAL jsonb_array_elements(t.j) AS item",
  'SELECT r.a, r.b FROM t, jsonb_to_record(t.j) AS r(a int, b text COLLATE "C")',
  "SELECT jt.* FROM t, JSON_TABLE(t.j, '$[*]' COLUMNS (id int PATH '$.id', NESTED PATH '$.x[*]' COLUMNS (x text PATH '$'))) AS jt",
  "SELECT json_build_object('a', x), JSON_OBJECT('k': x), JSON_ARRAYAGG(x ORDER BY x), JSON_VALUE(j, '$.a' RETURNING int DEFAULT 0 ON EMPTY), j IS JSON FROM t",
  'SELECT tags[1], tags[2:3], array_length(tags, 1), cardinality(tags), unnest(tags), tags && ARRAY[1] FROM t',
  "SELECT u.a, u.n FROM unnest(ARRAY['x', 'y']) WITH ORDINALITY AS u(a, n)",
  "SELECT daterange(a, b) && daterange('2024-01-01', NULL), lower(r), r @> current_date, '{}'::int[][] FROM t",
  // Search
  "SELECT ts_rank(to_tsvector('english', d), q) FROM products, websearch_to_tsquery('english', 'drill -bit') q WHERE to_tsvector('english', d) @@ q",
  "SELECT name FROM products WHERE similarity(name, 'dril') > 0.3 OR name % 'dril' ORDER BY name <-> 'dril'",
  "SELECT product_id, 1 - (v <=> '[1,2]'::vector(2)) AS score FROM embeddings ORDER BY v <=> '[1,2]'::vector LIMIT 5",
  // TPC-H in style
  `SELECT n_name, sum(l_price * (1 - l_discount)) AS revenue FROM customer, orders, lineitem, nation
   WHERE c_key = o_key AND o_date >= date '1994-01-01' AND o_date < date '1994-01-01' + interval '1' year
   GROUP BY n_name HAVING sum(l_price) > (SELECT 0.0001 * sum(l_price) FROM lineitem) ORDER BY revenue DESC`,
  `SELECT 100.00 * sum(CASE WHEN p_type LIKE 'PROMO%' THEN l_price ELSE 0 END) / sum(l_price)
   FROM lineitem LEFT OUTER JOIN part ON l_part = p_part AND l_mode IN ('AIR', 'RAIL')`,
];

const guard = await createGuard({ relations: 'any', searchPath: ['retail'] });

test.each(OF_ANY_SCHEMA)('accepts %s', (sql) => {
  expect(guard.check(sql)).toMatchObject({ ok: true });
});

const retail = await createGuard({ relations: new Set(READABLE_TABLES), searchPath: SEARCH_PATH });

test.each(ACCEPTED)('accepts every statement of $name', ({ statements }) => {
  for (const sql of statements) expect({ sql, ...retail.check(sql) }).toMatchObject({ sql, ok: true });
});

test('the lists are long enough to be worth their name', () => {
  expect(ACCEPTED.flatMap(({ statements }) => statements).length).toBeGreaterThanOrEqual(250);
  expect(ACCEPTED.find(({ name }) => name === 'tpc-h')?.statements).toHaveLength(22);
});

test('accepts what the operator adds, and nothing near it', async () => {
  const own = await createGuard({
    relations: 'any',
    searchPath: ['retail'],
    extraFunctions: ['retail.margin', 'plain'],
  });
  for (const call of ['margin(1)', 'retail.margin(1)', 'plain(1)']) {
    expect(own.check(`SELECT ${call}`)).toMatchObject({ ok: true });
  }
  for (const call of ['audit.margin(1)', 'audit.plain(1)', 'pg_catalog.plain(1)', 'margins(1)']) {
    expect(own.check(`SELECT ${call}`)).toMatchObject({ ok: false, code: 'SQL_FUNCTION_NOT_ALLOWED' });
  }
});

test('names the tables it found, resolved and without CTEs', () => {
  const sql = 'WITH x AS (SELECT * FROM orders) SELECT * FROM x, audit.log, orders';
  expect(guard.check(sql)).toMatchObject({ relations: ['retail.orders', 'audit.log'] });
});

test('the fingerprint carries no literal and ignores spacing', () => {
  const [one, two, other] = [
    "SELECT a FROM t WHERE b = 'x'",
    "select a\nfrom t where b='secret' -- why",
    "SELECT a FROM t WHERE c = 'x'",
  ].map(guard.fingerprint);
  expect(one).toMatch(/^[0-9a-f]{16}$/);
  expect(two).toBe(one);
  expect(other).not.toBe(one);
});

test('what is refused has no fingerprint', () => {
  expect(guard.fingerprint('SELECT pg_sleep(1)')).toBeUndefined();
  expect(guard.fingerprint('SELECT FROM WHERE')).toBeUndefined();
});
