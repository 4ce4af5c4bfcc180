import { expect, test } from 'vitest';
import { CEILINGS } from './bounds.ts';
import { createGuard } from './guard.ts';
import { createParser } from './parser.ts';
import { Refusal } from './refusal.ts';

/** Closes: a parser left in an unknown state by one statement and trusted for the next. */
const DEEP = `SELECT 1${'+1'.repeat(60_000)}`;

test('a syntax error leaves the parser usable, many times over', async () => {
  const parser = await createParser();
  for (let i = 0; i < 2_000; i++) {
    expect(() => parser.parse(`SELECT (${i}`)).toThrow(Refusal);
    expect(parser.parse(`SELECT ${i}`).stmts).toHaveLength(1);
  }
});

test('a stack overflow discards the instance, and the next one judges alike', async () => {
  const parser = await createParser();
  const before = parser.fingerprint('SELECT a FROM t WHERE b = 1');
  for (let i = 0; i < 5; i++) {
    expect(() => parser.parse(DEEP)).toThrow('more than the SQL parser can take');
    expect(() => parser.parse('SELECT 1')).toThrow('starting again');
    await parser.ready();
    expect(parser.fingerprint('SELECT a FROM t WHERE b = 2')).toBe(before);
  }
});

test('a guard without parser refuses, does not remember that, and judges again when there is one', async () => {
  const parser = await createParser();
  const guard = await createGuard({ relations: 'any', searchPath: ['retail'] }, parser);
  expect(() => parser.parse(DEEP)).toThrow(Refusal);
  expect(guard.check('SELECT 1')).toMatchObject({ ok: false, code: 'SQL_PARSER_UNAVAILABLE' });
  await parser.ready();
  expect(guard.check('SELECT 1')).toMatchObject({ ok: true });
});

test('whatever the greatest bounds let through, the parser takes without overflowing', async () => {
  const guard = await createGuard({ relations: 'any', searchPath: ['retail'], bounds: CEILINGS });
  const chains = [
    'NOT ',
    '- ',
    '1+',
    'a||',
    '1 UNION SELECT ',
    'CASE WHEN ',
    'a AND NOT ',
    '(',
    'f(',
    'ARRAY[',
  ];
  for (const chain of chains) {
    for (const length of [100, 1_000, 2_500, 4_990]) guard.check(`SELECT ${chain.repeat(length)}1`);
    guard.check(`SELECT 1${'::int'.repeat(1_600)}`);
    guard.check(`SELECT a${'[1]'.repeat(1_600)}`);
    guard.check(`SELECT a${' COLLATE "C"'.repeat(2_490)}`);
    guard.check(`SELECT a${' AT TIME ZONE b'.repeat(1_240)}`);
    expect(guard.check('SELECT 1')).toMatchObject({ ok: true });
  }
});
