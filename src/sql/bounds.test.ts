import { expect, test } from 'vitest';
import { checkText, DEFAULT_BOUNDS, type GuardBounds } from './bounds.ts';
import { createGuard } from './guard.ts';
import { Refusal } from './refusal.ts';

/**
 * Closes: texts that cost more to lex, parse or plan than any honest query, and such that hide their nesting inside
 * what looks like a literal. The scan must neither count what is quoted nor be led to take code for a literal.
 */
function codeOf(sql: string, bounds: Partial<GuardBounds>): string {
  try {
    checkText(sql, { ...DEFAULT_BOUNDS, ...bounds });
    return 'passes';
  } catch (error) {
    return error instanceof Refusal ? error.code : 'threw';
  }
}

const SHALLOW: readonly string[] = [
  "'((('",
  "'it''s ((('",
  "E'\\'((('",
  "e'\\\\' '((('",
  "E'a''((('",
  "E'a'\n'\\'((('",
  "E'a' -- x'\n '\\'((('",
  "E'a'\v\n'\\'((('",
  "E'a'\n-- it's here\n'\\'((('",
  "E'a''\\'((('",
  '/*/ ((( */',
  '"((("',
  '"a""((("',
  '$$((($$',
  '$tag$((($$($tag$',
  '$é$((($é$',
  'a$$ + 1 -- $$',
  '-- (((',
  '/* ((( */',
  '/* /* */ ((( */',
  '(1) + (2) + (3)',
  '[1] || (2)',
  '$1 + $2',
];

test.each(SHALLOW)('does not count quoted parentheses: %s', (sql) => {
  expect(codeOf(sql, { nesting: 1 })).toBe('passes');
});

const DEEP: readonly string[] = [
  '((',
  '( a, b (',
  '([',
  ')))((',
  "'a' ((",
  "'\\' (( '",
  "E'\\\\' ((",
  "'a'\n'\\' (( '",
  "E'a'\n'b' ((",
  "xE'\\' (( '",
  '"a" ((',
  '$$ $$ ((',
  'a$$((',
  '$a$ $b$ $a$ ((',
  '$1$2((',
  '-- x\n((',
  '-- x\r((',
  '/* */ ((',
  '/* /* */ */ ((',
  '/ * ((',
  '- - ((',
];

test.each(DEEP)('counts parentheses in code: %s', (sql) => {
  expect(codeOf(sql, { nesting: 1 })).toBe('SQL_TOO_DEEP');
});

test('a NUL is found wherever it stands', () => {
  expect(codeOf('\0', {})).toBe('SQL_BAD_CHARACTER');
  expect(codeOf('SELECT 1\0', {})).toBe('SQL_BAD_CHARACTER');
});

test('an unterminated literal of any kind ends the scan', () => {
  for (const open of ["'", '"', '$a$', "E'", "E'\\", '/*', '--', '$', "E'a'\n"]) {
    expect(codeOf(open, {})).toBe('passes');
  }
});

const guard = await createGuard({ relations: 'any', searchPath: ['retail'] });
const times = (count: number, text: string, separator = '') => Array(count).fill(text).join(separator);

test.each([
  ['bytes', 'SQL_TOO_LONG', `SELECT '${times(9_000, 'é')}'`],
  ['tokens', 'SQL_TOO_COMPLEX', `SELECT 1${times(4_000, '+1')}`],
  ['nesting', 'SQL_TOO_DEEP', `SELECT ${times(200, '(')}1${times(200, ')')}`],
  ['nested arrays', 'SQL_TOO_DEEP', `SELECT ARRAY${times(200, '[')}1${times(200, ']')}`],
  ['nested comments', 'SQL_TOO_DEEP', `${times(50, '/* ')}${times(50, '*/ ')} SELECT 1`],
  ['adjoining comments', 'SQL_TOO_COMPLEX', `${times(500, '/*/**/*/')} SELECT 1`],
  ['adjoining signs', 'SQL_TOO_COMPLEX', `SELECT ${times(500, '+')} 1`],
  ['depth of an operator chain', 'SQL_TOO_DEEP', `SELECT 1${times(1_000, '+1')}`],
  ['depth of NOT', 'SQL_TOO_DEEP', `SELECT ${times(1_000, 'NOT ')} true`],
  ['depth of set operations', 'SQL_TOO_DEEP', times(600, 'SELECT 1', ' UNION ')],
  ['list items', 'SQL_TOO_COMPLEX', `SELECT 1 IN (${times(1_001, '1', ',')})`],
  ['joins', 'SQL_TOO_COMPLEX', `SELECT 1 FROM ${times(101, 'a', ',')}`],
  ['CTEs', 'SQL_TOO_COMPLEX', `WITH ${times(51, 'a AS (SELECT 1)', ',')} SELECT 1`],
])('default bound: %s', (_name, code, sql) => {
  expect(guard.check(sql)).toMatchObject({ ok: false, code });
});

const COMMENTS = '/**/'.repeat(15);

/** Closes: an operator run that PostgreSQL's lexer reads again from every sign and comment in it. */
test.each([
  ['one kind of sign', `SELECT ${times(500, '+')}1`],
  ['two kinds of signs', `SELECT ${times(250, '+-')}1`],
  [
    'signs and comments before a long run',
    `SELECT 1${times(15, `${times(60, '+')}/**/`)}${times(9_000, '<')}1`,
  ],
  ['comments', `SELECT 1${times(30, COMMENTS)}`],
  ['many runs', `SELECT 1${times(12, `${times(150, '+')} `)}1`],
])('what the lexer would read again and again is refused before it does: %s', (_name, sql) => {
  expect(codeOf(sql, {})).toBe('SQL_TOO_COMPLEX');
});

test.each([
  ['a ruler of hyphens', `SELECT 1 ${times(900, '-')}\n`],
  ['a ruler of stars', `/${times(2_000, '*')}/ SELECT 1`],
  ['a ruler of equals', `-- ${times(2_000, '=')}\nSELECT 1`],
  ['a table drawn in comments', times(80, `-- +${times(9, '----------+')}\n-- | a | b |\n`)],
  ['signs of a few', `SELECT ${times(60, '+')}1`],
])('what is long and read once passes: %s', (_name, sql) => {
  expect(codeOf(sql, {})).toBe('passes');
});

test('a bound that is no number, or a relation without schema, stops the start', async () => {
  const policy = { relations: 'any', searchPath: ['retail'] } as const;
  await expect(createGuard({ ...policy, bounds: { bytes: 0 } })).rejects.toThrow('bound "bytes"');
  await expect(createGuard({ ...policy, bounds: { tokens: 5_001 } })).rejects.toThrow(
    'bound "tokens" may be at most 5000, not 5001',
  );
  await expect(createGuard({ ...policy, bounds: { joins: 1.5 } })).rejects.toThrow('a whole number');
  await expect(createGuard({ ...policy, searchPath: ['pg_catalog'] })).rejects.toThrow('searchPath');
  await expect(createGuard({ ...policy, relations: new Set(['orders']) })).rejects.toThrow('schema.table');
  await expect(createGuard({ ...policy, extraFunctions: ['a.b.c'] })).rejects.toThrow('extra function');
});
