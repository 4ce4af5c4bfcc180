import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createGuard, type RefusalCode } from './guard.ts';

/**
 * Closes: a corner of the grammar that the walk doesn't reach. Statements are composed at random from allowed pieces, with
 * places left open. Filled with harmless expressions they pass; with one hostile one among them they don't.
 */
const HOLE = '⟪⟫';

const HARMLESS = [
  '1',
  'o.total',
  "'a;b'",
  'lower(x)',
  'NULL',
  "date '2026-01-01'",
  '(SELECT 1)',
  'ARRAY[1, 2]',
];

const HOSTILE: readonly (readonly [expression: string, code: RefusalCode])[] = [
  ['pg_sleep(1)', 'SQL_FUNCTION_NOT_ALLOWED'],
  ["pg_catalog.set_config('a', 'b', true)", 'SQL_FUNCTION_NOT_ALLOWED'],
  ['current_user', 'SQL_FUNCTION_NOT_ALLOWED'],
  ["'pg_class'::regclass", 'SQL_TYPE_NOT_ALLOWED'],
  ['(SELECT 1 FROM pg_class)', 'SQL_TABLE_NOT_ALLOWED'],
  ['(SELECT 1 FROM retail.customers)', 'SQL_TABLE_NOT_ALLOWED'],
  ['(WITH o AS (SELECT 1) SELECT 1 FROM retail.o)', 'SQL_TABLE_NOT_ALLOWED'],
  ['o.ctid', 'SQL_COLUMN_NOT_ALLOWED'],
  ["('/etc/passwd'::text).pg_read_file", 'SQL_FIELD_NOT_ALLOWED'],
  ["repeat('x', 1000000000)", 'SQL_ARGUMENT_NOT_ALLOWED'],
  ['(1 OPERATOR(evil.+) 1)', 'SQL_OPERATOR_NOT_ALLOWED'],
  ['$1', 'SQL_PARAMETER_NOT_ALLOWED'],
  ['(SELECT 1 FROM orders FOR UPDATE)', 'SQL_LOCKING_NOT_ALLOWED'],
  ["xmlelement(name a, 'b')", 'SQL_CONSTRUCT_NOT_ALLOWED'],
];

const expressions = (part: fc.Arbitrary<string>, query: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.oneof(
    fc
      .tuple(part, fc.constantFrom('+', '-', '||', '=', '<', 'AND', 'OR', '->>', '~', '<->'), part)
      .map(([a, operator, b]) => `(${a} ${operator} ${b})`),
    // Over two expressions of any length these are refused beside the aggregates below.
    fc
      .tuple(part, fc.constantFrom("LIKE 'x%'", '@> ARRAY[1, 2]', "&& '{}'"))
      .map(([a, test]) => `(${a} ${test})`),
    fc.tuple(part, part).map(([a, b]) => `CASE ${a} WHEN ${b} THEN ${a} ELSE ${b} END`),
    fc.tuple(part, part, part).map(([a, b, c]) => `(${a} BETWEEN ${b} AND ${c})`),
    fc.tuple(part, part).map(([a, b]) => `coalesce(${a}, ${b})`),
    fc.tuple(part, part).map(([a, b]) => `concat(${a}, VARIADIC ARRAY[${b}])`),
    fc.tuple(part, part).map(([a, b]) => `(${a} IN (${b}, 2))`),
    fc.tuple(part, part).map(([a, b]) => `(${a})[${b}:1]`),
    fc.tuple(part, part).map(([a, b]) => `count(*) FILTER (WHERE ${a}) OVER (PARTITION BY ${b} ORDER BY 1)`),
    fc
      .tuple(part, part)
      .map(([a, b]) => `sum(${a}) OVER (ORDER BY 1 ROWS BETWEEN ${b} PRECEDING AND CURRENT ROW)`),
    fc.tuple(part, part).map(([a, b]) => `percentile_cont(${a}) WITHIN GROUP (ORDER BY ${b} DESC)`),
    fc.tuple(part, part).map(([a, b]) => `string_agg(DISTINCT ${a}, ',' ORDER BY ${b})`),
    fc.tuple(part, part).map(([a, b]) => `JSON_OBJECT(${a}: ${b})`),
    part.map((a) => `JSON_VALUE(j, '$' PASSING ${a} AS x RETURNING text DEFAULT ${a} ON EMPTY)`),
    part.map((a) => `(${a})::numeric(10, 2)`),
    part.map((a) => `(${a} IS NOT NULL)`),
    part.map((a) => `ROW(${a}, 1)`),
    part.map((a) => `make_interval(days => ${a})`),
    query.map((q) => `(${q})`),
    query.map((q) => `EXISTS (${q})`),
    query.map((q) => `ARRAY(${q})`),
    fc.tuple(part, query).map(([a, q]) => `(${a} > ALL (${q}))`),
  );

const sources = (part: fc.Arbitrary<string>, query: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.oneof(
    fc.constantFrom('orders AS o', 'retail.orders o TABLESAMPLE SYSTEM (10)'),
    part.map((a) => `orders o TABLESAMPLE BERNOULLI (${a}) REPEATABLE (${a})`),
    query.map((q) => `orders o, LATERAL (${q}) AS s`),
    part.map((a) => `orders o LEFT JOIN orders AS p ON ${a}`),
    part.map((a) => `orders o, unnest(${a}) WITH ORDINALITY AS u (a, n)`),
    part.map((a) => `ROWS FROM (jsonb_to_recordset(${a}) AS (a int), unnest(${a})) AS o`),
    part.map(
      (a) =>
        `orders o, JSON_TABLE(${a}, '$' PASSING ${a} AS y COLUMNS (a int PATH '$' DEFAULT ${a} ON ERROR)) AS t`,
    ),
  );

const queries = (part: fc.Arbitrary<string>, source: fc.Arbitrary<string>, query: fc.Arbitrary<string>) =>
  fc.oneof(
    fc.tuple(part, source).map(([a, from]) => `SELECT ${a} AS a FROM ${from}`),
    fc.tuple(part, source, part).map(([a, from, b]) => `SELECT ${a} FROM ${from} WHERE ${b}`),
    fc
      .tuple(part, source, part, part)
      .map(([a, from, b, c]) => `SELECT ${a} FROM ${from} GROUP BY ROLLUP (${b}), ${c} HAVING ${c}`),
    fc
      .tuple(part, source, part)
      .map(
        ([a, from, b]) =>
          `SELECT DISTINCT ON (${a}) 1 FROM ${from} ORDER BY ${b} NULLS LAST LIMIT ${a} OFFSET ${b}`,
      ),
    fc
      .tuple(part, source, part)
      .map(
        ([a, from, b]) => `SELECT sum(1) OVER w FROM ${from} WINDOW w AS (PARTITION BY ${a} ORDER BY ${b})`,
      ),
    fc.tuple(part, part).map(([a, b]) => `VALUES (${a}, 1), (2, ${b})`),
    fc
      .tuple(query, fc.constantFrom('UNION ALL', 'INTERSECT', 'EXCEPT'), query)
      .map(([a, set, b]) => `(${a}) ${set} (${b})`),
    fc.tuple(query, query).map(([a, b]) => `WITH c AS MATERIALIZED (${a}) SELECT * FROM c, (${b}) AS d`),
    fc
      .tuple(part, query)
      .map(
        ([a, q]) =>
          `WITH RECURSIVE c (x) AS (SELECT ${a} UNION ALL SELECT x FROM c) SEARCH DEPTH FIRST BY x SET y SELECT * FROM (${q}) AS z`,
      ),
  );

/** A statement with holes; three levels are enough to put everything inside everything. */
const level = (below: { part: fc.Arbitrary<string>; query: fc.Arbitrary<string> }) => ({
  part: fc.oneof(
    { weight: 1, arbitrary: fc.constant(HOLE) },
    { weight: 2, arbitrary: expressions(below.part, below.query) },
  ),
  query: queries(below.part, sources(below.part, below.query), below.query),
});
const ground = { part: fc.constant(HOLE), query: fc.constant(`SELECT ${HOLE} FROM orders o`) };
const statement = level(level(level(ground))).query;

const guard = await createGuard({ relations: new Set(['retail.orders']), searchPath: ['retail'] });

test('what is composed of allowed pieces is allowed, and one hostile piece anywhere is found, named and pointed at', () => {
  fc.assert(
    fc.property(
      statement,
      fc.nat(),
      fc.constantFrom(...HOSTILE),
      fc.infiniteStream(fc.constantFrom(...HARMLESS)),
      (composed, at, [hostile, code], harmless) => {
        const pieces = composed.split(HOLE);
        fc.pre(pieces.length > 1 && composed.length < 4_000);
        const place = at % (pieces.length - 1);
        const fill = (chosen: string) =>
          pieces.reduce((left, right, n) => {
            const piece = n - 1 === place ? chosen : (harmless.next().value ?? '1');
            return `${left}${piece}${right}`;
          });
        expect(guard.check(fill('1'))).toMatchObject({ ok: true });
        const sql = fill(hostile);
        const verdict = guard.check(sql);
        expect(verdict).toMatchObject({ ok: false, code });
        const start = sql.indexOf(hostile);
        const position = verdict.ok ? -1 : (verdict.position ?? -1);
        expect(position).toBeGreaterThanOrEqual(start);
        expect(position).toBeLessThan(start + hostile.length);
      },
    ),
    { numRuns: 600 },
  );
});
