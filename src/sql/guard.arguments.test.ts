import { expect, test } from 'vitest';
import { createGuard } from './guard.ts';

/**
 * Closes: rules of arguments that refuse what they should let pass, or the other way round by one. Each line is what just
 * passes and what no longer does.
 */
const EDGES: readonly (readonly [passes: string, refused: string])[] = [
  ["repeat('x', 1000)", "repeat('x', 1001)"],
  ["repeat('x', '1000')", "repeat('x', '1001')"],
  ["repeat('x', 500 + 500)", "repeat('x', 500 + 501)"],
  ["repeat('x', 1001 - 1)", "repeat('x', 1001 - 0)"],
  ["repeat('x', 10 * 100)", "repeat('x', 10 * 101)"],
  // PostgreSQL divides whole numbers without remainder: what looks like 99 here would be 100,000,000.
  ["repeat('x', 100 - 1)", "repeat('x', 100000000 / (1 + 1 / 2 * 2000000))"],
  ["repeat('x', 3)", "repeat('x', 9 / 3)"],
  ["repeat('x', 1000)", "repeat('x', 10 ^ 3)"],
  ["repeat('x', 1e3)", "repeat('x', 1e4)"],
  ["repeat('x', -(-1000))", "repeat('x', -(-1001))"],
  ["repeat('x', +1000)", "repeat('x', +1001)"],
  ["repeat('x', 1000::int2::int8)", "repeat('x', 1001::float8::numeric)"],
  ["repeat('x', 1_000)", "repeat('x', 1_001)"],
  ["repeat('x', '1_000')", "repeat('x', '1_001')"],
  ["repeat('x', 0x3E8)", "repeat('x', 0x3E9)"],
  ["repeat('x', LEAST(n, 1000))", "repeat('x', LEAST(n, 1001))"],
  ["repeat('x', LEAST(5000, n, 1000)::int)", "repeat('x', LEAST(n, '1000'))"],
  ["repeat('x', -5)", "repeat('x', @ -5)"],
  ["repeat('x', 1::int + 2)", "repeat('x', (-1)::bit(20)::int + 0)"],
  ["repeat('x', 7 - 8::numeric)", "repeat('x', 7 - ('a' || 'b')::int)"],
  ["repeat('x', 3)", "repeat('x', 1 / 0)"],
  ["repeat('x', 3)", "repeat('x', 'Infinity')"],
  ["repeat('x', '-5')", "repeat('x', '+inf')"],
  ["repeat('x', '5')", "repeat('x', '')"],
  ["lpad(repeat('x', 3), 1000, 'y')", "lpad('x', 1001, 'y')"],
  ["format('%1$-1000s|%%|%s', x)", "format('%1$-1001s|%%|%s', x)"],
  ["format('%s %s', VARIADIC ARRAY['a', 'b'])", "format('%*s', VARIADIC ARRAY['a', 'b'])"],
  ["format('%s'::text, x)", "format('%s' || '')"],
  [`replace(a, 'x', '${'y'.repeat(100)}')`, `replace(a, 'x', '${'y'.repeat(101)}')`],
  [`regexp_replace(a, 'x', '${'y'.repeat(100)}', 'g')`, `regexp_replace(a, 'x', '${'y'.repeat(101)}', 'g')`],
  ["replace(lower(a), 'x', '')", "replace(lower(repeat(a, 2)), 'x', '')"],
  ["regexp_replace(lower(a), 'x', '')", "regexp_replace(repeat(a, 2), 'x', '')"],
  ["format('%s', lower(a))", "format('%s', repeat(a, 2))"],
  ["format('%12$5s', a)", "format('%12$*s', a)"],
  ["format('%12$1000s', a)", "format('%12$1001s', a)"],
  ['power(x, 1000)', 'power(x, 1000.1)'],
  ['pow(x, -1000)', 'pow(x, -1001)'],
  ['x ^ (1000 - y)', 'x ^ (1001 - y)'],
  ['x ^ (a / b)', 'x ^ (a * 10 ^ 4)'],
  ['factorial(170)', 'factorial(171)'],
  ['factorial(169 + 1)', 'factorial(30000 / (1 + 0.4::int * 2500))'],
  ['factorial(LEAST(n, 170))', 'factorial(n)'],
  ['generate_series(1, 100001)', 'generate_series(1, 100002)'],
  ['generate_series(1, 10 * 10)', 'generate_series(1, 1000000000 / (1 + 1 / 2 * 2000000))'],
  [
    "generate_series(timestamp '2024-01-01', '2024-01-01 10:00', '1 second')",
    "generate_series(timestamp '2020-01-01', '2026-01-01', '1 millisecond')",
  ],
  [
    "generate_series(date '2021-01-01', '2021-12-31', '1 month 29 days')",
    "generate_series(date '2021-01-01', '2021-12-31', '1 month -29 days -86340 seconds')",
  ],
  ['generate_series(0, 200000, 2)', 'generate_series(0, 200000, 1.9)'],
  ['generate_series(100000, 0, -1)', 'generate_series(100001, 0, -1)'],
  ['generate_series(n, 100000)', 'generate_series(n, 100001)'],
  ['generate_series(-100000, n)', 'generate_series(-100001, n)'],
  ['generate_series(a, b, 1)', 'generate_series(a, b, 0.99)'],
  ['generate_series(1, LEAST(n, 100001))', 'generate_series(1, LEAST(n, 100002))'],
  ["generate_series(a, b, '1 minute')", "generate_series(a, b, '59 seconds')"],
  ["generate_series(a, b, '00:01')", "generate_series(a, b, '00:00:59')"],
  ["generate_series(a, b, '1 day 00:00:01')", "generate_series(a, b, '1 parsec')"],
  ["generate_series(a, b, INTERVAL '60' SECOND)", "generate_series(a, b, INTERVAL '59' SECOND)"],
  ["generate_series(a, b, INTERVAL '1' MINUTE)", "generate_series(a, b, INTERVAL '0' MINUTE)"],
  ["generate_series(a, b, INTERVAL '1' HOUR)", "generate_series(a, b, INTERVAL '0' HOUR)"],
  ["generate_series(a, b, INTERVAL '1' DAY)", "generate_series(a, b, INTERVAL '0' DAY)"],
  ["generate_series(a, b, INTERVAL '1' MONTH)", "generate_series(a, b, INTERVAL '0' MONTH)"],
  ["generate_series(a, b, INTERVAL '1' YEAR)", "generate_series(a, b, INTERVAL '0' YEAR)"],
  ["generate_series(a, b, 'month')", "generate_series(a, b, 'parsec')"],
  ["generate_series(a, b, '1 week')", "generate_series(a, b, 'second')"],
  ["generate_series(a, b, '1.5 days')", "generate_series(a, b, '1.5 secs')"],
  ["generate_series(a, b, '2h')", "generate_series(a, b, '2s')"],
  ["generate_series(a, b, '1 quarter')", "generate_series(a, b, '0 quarter')"],
  ["generate_series(a, b, '1 decade')", "generate_series(a, b, '1 century ago')"],
  [
    "generate_series('2024-01-01', '2024-01-02', '1 second')",
    "generate_series('2024-01-01', '2024-01-03', '1 second')",
  ],
  [
    "generate_series('20240101', '20240102', '1 second')",
    "generate_series('20240101', '20240103', '1 second')",
  ],
  [
    "generate_series('2024-01-01', '2024-03-05', '1 minute')",
    "generate_series('2024-01-01', '2024-03-12', '1 minute')",
  ],
  [
    "generate_series('2024-01-01', '2035-01-01', '1 hour')",
    "generate_series('2024-01-01', '2036-01-01', '1 hour')",
  ],
  ["'x'::char(1000)", "'x'::char(1001)"],
  ["'x'::bit varying(5000)", "'x'::bit(1001)"],
  ["'x'::bpchar", '\'x\'::bpchar("1000")'],
  ["'x'::numeric(10, 2)", "'x'::bpchar(x)"],
];

const guard = await createGuard({ relations: 'any', searchPath: ['retail'] });

test.each(EDGES)('between %s and %s', (passes, refused) => {
  expect(guard.check(`SELECT ${passes} FROM t`)).toMatchObject({ ok: true });
  expect(guard.check(`SELECT ${refused} FROM t`)).toMatchObject({
    ok: false,
    code: 'SQL_ARGUMENT_NOT_ALLOWED',
    position: refused.startsWith('x ^') ? 9 : refused.startsWith("'x'::") ? 12 : 7,
  });
});

test('a rule holds for the built-in function however it is written, and for it alone', async () => {
  for (const name of ['pg_catalog.repeat', '"repeat"', 'REPEAT']) {
    expect(guard.check(`SELECT ${name}('x', 1001)`)).toMatchObject({ code: 'SQL_ARGUMENT_NOT_ALLOWED' });
  }
  const own = await createGuard({
    relations: 'any',
    searchPath: ['retail'],
    extraFunctions: ['retail.repeat'],
  });
  expect(own.check("SELECT retail.repeat('x', 1001)")).toMatchObject({ ok: true });
});
