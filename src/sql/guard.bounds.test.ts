import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { boundsFrom, DEFAULT_BOUNDS, type GuardBounds } from './bounds.ts';
import { createGuard, type RefusalCode } from './guard.ts';

/** Closes: a bound that is off by one, can't be set, or doesn't tell the limit. What it allows passes, one more does not. */
interface Case {
  readonly bound: keyof GuardBounds;
  readonly limit: number;
  readonly within: string;
  /** `▸` stands where the refusal must point. */
  readonly beyond: string;
  readonly code: RefusalCode;
  readonly message: string;
}

const times = (count: number, text: string, separator = '') => Array(count).fill(text).join(separator);

const CASES: readonly Case[] = [
  {
    bound: 'bytes',
    limit: 13,
    within: "SELECT 'é12'",
    beyond: "SELECT 'é123'",
    code: 'SQL_TOO_LONG',
    message: 'The statement has 14 bytes; at most 13 are allowed.',
  },
  {
    bound: 'tokens',
    limit: 4,
    within: 'SELECT 1 + 2',
    beyond: 'SELECT 1 + 2 ▸+ 3',
    code: 'SQL_TOO_COMPLEX',
    message:
      'The statement has more than 4 words and marks; shorten it or select from a subquery instead of a list.',
  },
  {
    bound: 'nesting',
    limit: 2,
    within: 'SELECT ((1)), ((2)), ARRAY[(3)]',
    beyond: 'SELECT ((1)), ((▸(2)))',
    code: 'SQL_TOO_DEEP',
    message: 'Parentheses are nested more than 2 deep; split the query with WITH.',
  },
  {
    bound: 'commentNesting',
    limit: 2,
    within: 'SELECT /* /* */ */ 1 /* /* */ */',
    beyond: 'SELECT /* /* ▸/* */ */ */ 1',
    code: 'SQL_TOO_DEEP',
    message: 'Comments are nested more than 2 deep; remove them.',
  },
  {
    bound: 'nodes',
    limit: 7, // the statement, and three for each column: its place in the list, the expression and the name
    within: 'SELECT a, b',
    beyond: 'SELECT a, b, ▸1',
    code: 'SQL_TOO_COMPLEX',
    message: 'The statement has more than 7 parts; shorten it.',
  },
  {
    bound: 'depth',
    limit: 4, // statement, column, sum, operand
    within: 'SELECT 1 + 2',
    beyond: 'SELECT ▸1 + 2 + 3',
    code: 'SQL_TOO_DEEP',
    message: 'Expressions are nested more than 4 deep; split them up.',
  },
  {
    bound: 'joins',
    limit: 3,
    within: 'SELECT 1 FROM a, unnest(ARRAY[1]) AS u JOIN (SELECT 2) AS s ON true',
    beyond: 'SELECT 1 FROM a JOIN b ON true WHERE EXISTS (SELECT FROM c, ▸d)',
    code: 'SQL_TOO_COMPLEX',
    message: 'At most 3 tables may be joined in one statement.',
  },
  {
    bound: 'ctes',
    limit: 2,
    within: 'WITH a AS (SELECT 1), b AS (SELECT 2) SELECT 1',
    beyond: 'WITH a AS (WITH b AS (SELECT 1), ▸c AS (SELECT 2) SELECT 3) SELECT 1',
    code: 'SQL_TOO_COMPLEX',
    message: 'At most 2 WITH queries are allowed; merge some of them.',
  },
  {
    bound: 'arithmetic',
    limit: 3,
    within: 'SELECT a * b / c % d + e - f',
    beyond: 'SELECT a * b, a / b, sqrt(a), ▸ln(b)',
    code: 'SQL_TOO_COMPLEX',
    message:
      'At most 3 multiplications, divisions and numeric functions are allowed in one statement; aggregate first.',
  },
  {
    bound: 'listItems',
    limit: 3,
    within: 'SELECT 1, 2, a IN (1, 2, 3)',
    beyond: 'SELECT a IN (1, 2, 3, ▸4, 5)',
    code: 'SQL_TOO_COMPLEX',
    message: 'A list may have at most 3 items; use a subquery or VALUES.',
  },
  {
    bound: 'seriesLength',
    limit: 10,
    within: 'SELECT generate_series(1, 11), generate_series(n, 10), generate_series(5, -5, -1)',
    beyond: 'SELECT ▸generate_series(1, 12)',
    code: 'SQL_ARGUMENT_NOT_ALLOWED',
    message: 'generate_series(…): the series may have at most 10 steps.',
  },
  {
    bound: 'textWidth',
    limit: 5,
    within:
      "SELECT repeat('x', 5), lpad('x', 5), rpad('x', LEAST(n, 5)), format('%5s', 'x'), 'x'::char(5), B'1'::bit(5)",
    beyond: "SELECT ▸repeat('x', 6)",
    code: 'SQL_ARGUMENT_NOT_ALLOWED',
    message: 'repeat(…): the length may be at most 5.',
  },
];

test.each(CASES)('$bound', async ({ bound, limit, within, beyond, code, message }) => {
  const bounds = boundsFrom([`${bound}=${limit}`]);
  const guard = await createGuard({ relations: 'any', searchPath: ['retail'], bounds });
  expect(guard.check(within)).toMatchObject({ ok: true });
  const place = beyond.indexOf('▸');
  expect(guard.check(beyond.replace('▸', ''))).toEqual({
    ok: false,
    code,
    message,
    ...(place >= 0 && { position: place }),
  });
});

test.each([
  ['a table', 'a'],
  ['a subquery', '(SELECT 1) AS a'],
  ['a function', 'unnest(ARRAY[1]) AS a'],
  ['a JSON table', "JSON_TABLE('[]', '$' COLUMNS (x int)) AS a"],
])('%s counts as one joined table', async (_what, item) => {
  const guard = await createGuard({ relations: 'any', searchPath: ['retail'], bounds: { joins: 2 } });
  expect(guard.check(`SELECT 1 FROM b, ${item}`)).toMatchObject({ ok: true });
  expect(guard.check(`SELECT 1 FROM b, c, ${item}`)).toMatchObject({ code: 'SQL_TOO_COMPLEX' });
});

test('every bound has its case', () => {
  expect(CASES.map(({ bound }) => bound)).toEqual(Object.keys(DEFAULT_BOUNDS));
});

test.each([
  ["lpad('x', 6)", 'lpad(…): the length may be at most 5.'],
  ["rpad('x', LEAST(n, 6))", 'rpad(…): the length may be at most 5.'],
  ["format('%6s', 'x')", 'format(…): a width may be at most 5.'],
  ["'x'::char(6)", 'Type bpchar may be at most 5 wide; use text.'],
  ["B'1'::bit(6)", 'Type bit may be at most 5 wide; use text.'],
])('textWidth holds for %s too', async (expression, message) => {
  const guard = await createGuard({ relations: 'any', searchPath: ['retail'], bounds: { textWidth: 5 } });
  expect(guard.check(`SELECT ${expression}`)).toMatchObject({ ok: false, message });
});

test.each(['* 1', '/ 1', '% 1', '^ 1'])('arithmetic counts the operator in x %s', async (tail) => {
  const guard = await createGuard({ relations: 'any', searchPath: ['retail'], bounds: { arithmetic: 1 } });
  expect(guard.check(`SELECT x ${tail}`)).toMatchObject({ ok: true });
  expect(guard.check(`SELECT x ${tail} ${tail}`)).toMatchObject({ code: 'SQL_TOO_COMPLEX' });
});

test.each([
  ['joins', '"joins" is not of the form name=number, such as joins=20.'],
  ['joins=', '"joins=" is not of the form name=number'],
  ['joins=-1', '"joins=-1" is not of the form name=number'],
  ['joins=1.5', '"joins=1.5" is not of the form name=number'],
  ['=1', '"=1" is not of the form name=number'],
  ['all joins=20', '"all joins=20" is not of the form name=number'],
  ['join=20', 'SQL_BOUNDS: there is no bound "join"; there are bytes, tokens, nesting,'],
  ['constructor=1', 'there is no bound "constructor"'],
])('the setting %s is refused', (pair, message) => {
  expect(() => boundsFrom([pair])).toThrow(message);
});

test('the setting names bounds in any number; one that is zero stops the start', async () => {
  expect(boundsFrom(['joins=20', 'listItems = 5000'])).toEqual({ joins: 20, listItems: 5000 });
  expect(boundsFrom([])).toEqual({});
  const policy = { relations: 'any', searchPath: ['retail'] } as const;
  await expect(createGuard({ ...policy, bounds: boundsFrom(['joins=0']) })).rejects.toThrow(
    'bound "joins" must be a whole number from 1.',
  );
});

test('the defaults, which docs/sql-guard.md tells', () => {
  const page = readFileSync(new URL('../../docs/sql-guard.md', import.meta.url), 'utf8');
  for (const [bound, limit] of Object.entries(DEFAULT_BOUNDS))
    expect(page).toContain(`| \`${bound}\` | ${limit} |`);
  expect(DEFAULT_BOUNDS).toEqual({
    bytes: 16_384,
    tokens: 4_000,
    nesting: 100,
    commentNesting: 16,
    nodes: 10_000,
    depth: 400,
    joins: 100,
    ctes: 50,
    arithmetic: 200,
    listItems: 1_000,
    seriesLength: 100_000,
    textWidth: 1_000,
  });
});

test('the longest run of signs and of opened comments that passes', async () => {
  const guard = await createGuard({ relations: 'any', searchPath: ['retail'] });
  // Refused where the characters that the lexer would read again, run by run, come to more than 200,000.
  const signs = (count: number) => `SELECT '${times(count, '+')}'`;
  expect(guard.check(signs(447))).toMatchObject({ ok: true });
  expect(guard.check(signs(448))).toMatchObject({ code: 'SQL_TOO_COMPLEX', position: 8 });
  // 400 signs in a run of 500 characters come to just that.
  expect(guard.check(`SELECT '${times(400, '+')}${times(100, '*')}'`)).toMatchObject({ ok: true });
  expect(guard.check(`SELECT '${times(401, '+')}${times(99, '*')}'`)).toMatchObject({
    message: 'Too many comments or signs run into one another; put blanks between them or remove them.',
  });
  // The last comment's end and the stars after it open one more.
  const opened = (count: number) => `SELECT ${times(count, '/**/')}${times(64, '*')}1`;
  expect(guard.check(opened(216))).toMatchObject({ code: 'SQL_TOO_COMPLEX', position: 7 });
  expect(guard.check(opened(215))).toMatchObject({ code: 'SQL_SYNTAX' });
});
