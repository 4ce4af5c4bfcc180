import { expect, test } from 'vitest';
import { createGuard } from './guard.ts';

/** Closes: two long values compared each with each, which takes minutes and which nothing can stop. */
const guard = await createGuard({ relations: 'any', searchPath: ['retail'] });

const LONG = '(SELECT string_agg(a, b) FROM t)';

const PAIRWISE: readonly (readonly [what: string, sql: (one: string, other: string) => string])[] = [
  ['position(…)', (one, other) => `position(${one} IN ${other})`],
  ['strpos(…)', (one, other) => `strpos(${one}, ${other})`],
  ['replace(…)', (one, other) => `replace(${one}, ${other}, '')`],
  ['split_part(…)', (one, other) => `split_part(${one}, ${other}, 2)`],
  ['string_to_array(…)', (one, other) => `string_to_array(${one}, ${other})`],
  ['string_to_table(…)', (one, other) => `string_to_table(${one}, ${other})`],
  ['translate(…)', (one, other) => `translate(${one}, ${other}, '')`],
  ['btrim(…)', (one, other) => `trim(BOTH ${other} FROM ${one})`],
  ['ltrim(…)', (one, other) => `ltrim(${one}, ${other})`],
  ['rtrim(…)', (one, other) => `pg_catalog.rtrim(${one}, ${other})`],
  ['jsonb_contains(…)', (one, other) => `jsonb_contains(${one}, ${other})`],
  ['jsonb_exists_any(…)', (one, other) => `jsonb_exists_any(${one}, ${other})`],
  ['jsonb_exists_all(…)', (one, other) => `jsonb_exists_all(${one}, ${other})`],
  ['ts_rank(…)', (one, other) => `ts_rank(${one}, ${other})`],
  ['ts_rank_cd(…)', (one, other) => `ts_rank_cd(${one}, ${other})`],
  ['ts_headline(…)', (one, other) => `ts_headline(${one}, ${other})`],
  ['word_similarity(…)', (one, other) => `word_similarity(${one}, ${other})`],
  ['strict_word_similarity(…)', (one, other) => `strict_word_similarity(${one}, ${other})`],
  ['Operator ~~', (one, other) => `${one} LIKE ${other}`],
  ['Operator !~~', (one, other) => `${one} NOT LIKE ${other}`],
  ['Operator ~~*', (one, other) => `${one} ILIKE ${other}`],
  ['Operator !~~*', (one, other) => `${one} NOT ILIKE ${other}`],
  ...['&&', '@>', '<@', '?|', '?&', '<%', '%>', '<<%', '%>>', '<<->', '<->>', '<<<->', '<->>>'].map(
    (operator): [string, (one: string, other: string) => string] => [
      `Operator ${operator}`,
      (one, other) => `${one} ${operator} ${other}`,
    ],
  ),
];

test.each(PAIRWISE)('%s', (what, sql) => {
  const bad = `SELECT 1, ${sql('x', LONG)} FROM t`;
  expect(guard.check(bad)).toMatchObject({
    ok: false,
    code: 'SQL_ARGUMENT_NOT_ALLOWED',
    message: `${what}: one of the two operands must be written out, in at most 100 characters or items; string_agg in the same statement may make both long, and PostgreSQL could not be stopped.`,
  });
  expect(guard.check(`SELECT 1, ${sql('x', 'y')} FROM t`)).toMatchObject({ ok: true });
  expect(guard.check(`SELECT 1, ${sql(LONG, "'y'")} FROM t`)).toMatchObject({ ok: true });
  expect(guard.check(`SELECT 1, ${sql("'x'", LONG)} FROM t`)).toMatchObject({ ok: true });
});

test('with each of a subquery', () => {
  expect(guard.check(`SELECT x LIKE ANY (SELECT y FROM t), ${LONG} FROM t`)).toMatchObject({
    code: 'SQL_ARGUMENT_NOT_ALLOWED',
    message: expect.stringContaining('Operator ~~: '),
  });
  expect(guard.check('SELECT x LIKE ANY (SELECT y FROM t) FROM t')).toMatchObject({ ok: true });
});

test('it is pointed at, and the first of several', () => {
  const sql = `SELECT x LIKE 'a', strpos(x, y), x && y, ${LONG} FROM t`;
  expect(guard.check(sql)).toMatchObject({ position: sql.indexOf('strpos') });
});

const long = (count: number) => `'${'a'.repeat(count)}'`;

test.each([
  long(100),
  `${long(50)}::text || ${long(50)}`,
  `ARRAY[${Array(50).fill("'a'").join(', ')}]`,
  `lower(${long(100)})`,
  "websearch_to_tsquery('a or b')",
  "daterange(a, current_date, '[]')",
  '5',
])('short: %s', (operand) => {
  expect(guard.check(`SELECT x @> ${operand}, ${LONG} FROM t`)).toMatchObject({ ok: true });
});

test.each([
  long(101),
  `${long(50)} || ${long(51)}`,
  `'%' || y || '%'`,
  `ARRAY[${Array(51).fill("'a'").join(', ')}]`,
  'ARRAY[y]',
  `lower(${long(101)})`,
  'lower(y)',
  'upper(lower(y))',
  '(SELECT 1)',
  `left(y, 5)`,
])('not short: %s', (operand) => {
  expect(guard.check(`SELECT x @> (${operand}), ${LONG} FROM t`)).toMatchObject({
    code: 'SQL_ARGUMENT_NOT_ALLOWED',
  });
});

test.each([
  ['array_agg', 'SELECT array_agg(a) AS x FROM t'],
  ['jsonb_object_agg', 'SELECT jsonb_object_agg(a, b) AS x FROM t'],
  ['JSON_ARRAYAGG', 'SELECT JSON_ARRAYAGG(a) AS x FROM t'],
  ['JSON_OBJECTAGG', 'SELECT JSON_OBJECTAGG(a: b) AS x FROM t'],
  ['JSON_ARRAY(SELECT …)', 'SELECT JSON_ARRAY(SELECT a FROM t) AS x'],
  ['ARRAY(SELECT …)', 'SELECT ARRAY(SELECT a FROM t) AS x'],
  ['repeat', 'SELECT repeat(a, 5) AS x FROM t'],
  ['lpad', 'SELECT lpad(a, 101) AS x FROM t'],
  ['rpad', 'SELECT rpad(a, LEAST(b, 101)) AS x FROM t'],
  ['replace', "SELECT replace(a, 'b', 'bb') AS x FROM t"],
  ['regexp_replace', "SELECT regexp_replace(a, '.', 'bb', 'g') AS x FROM t"],
  ['joining that many values', `SELECT ${Array(12).fill('a').join(' || ')} AS x FROM t`],
  ['joining that many values', `SELECT concat(${Array(12).fill('a').join(', ')}) AS x FROM t`],
  ['joining that many values', `SELECT ${'encode('.repeat(11)}a${", 'hex')::bytea".repeat(11)} AS x FROM t`],
])('%s makes values long: %s', (what, query) => {
  expect(guard.check(`SELECT x LIKE y FROM (${query}) AS q, u`)).toMatchObject({
    code: 'SQL_ARGUMENT_NOT_ALLOWED',
    message: expect.stringContaining(`; ${what} in the same statement may make both long`),
  });
});

test('so does recursion', () => {
  expect(
    guard.check(
      'WITH RECURSIVE r AS (SELECT a FROM t UNION ALL SELECT a || a FROM r) SELECT a LIKE b FROM r, u',
    ),
  ).toMatchObject({ message: expect.stringContaining('; WITH RECURSIVE in the same statement') });
});

test.each([
  "SELECT name FROM t WHERE name ILIKE '%' || other || '%' AND position(a IN b) > 0",
  "SELECT replace(a, b, ''), regexp_replace(phone, '[^0-9]', '', 'g') FROM t WHERE a LIKE b",
  "SELECT lpad(n::text, 5, '0'), rpad(a, LEAST(n, 100)) FROM t WHERE a LIKE b",
  `SELECT ${Array(11).fill('a').join(' || ')} FROM t WHERE a LIKE b`,
  "SELECT string_agg(name, ', ') FROM t WHERE name LIKE 'a%' AND tags && ARRAY['x', 'y'] AND trim(name) <> ''",
  "SELECT string_agg(a, ',') FROM t WHERE a LIKE '50!%' ESCAPE '!' AND b = ANY (SELECT c FROM t)",
  'SELECT array_agg(a) FROM t WHERE period @> daterange(a, b)',
])('honest: %s', (sql) => {
  expect(guard.check(sql)).toMatchObject({ ok: true });
});
