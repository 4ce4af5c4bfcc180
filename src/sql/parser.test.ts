import { expect, test } from 'vitest';
import { createGuard } from './guard.ts';
import { createParser } from './parser.ts';
import { Refusal } from './refusal.ts';

/** Closes: a parser left in an unknown state by one statement and trusted for the next. */
const DEEP = `SELECT 1${'+1'.repeat(60_000)}`;

test('a stack overflow discards the instance, and the next one judges alike', async () => {
  const parser = await createParser();
  const before = parser.fingerprint('SELECT a FROM t WHERE b = 1');
  for (let i = 0; i < 5; i++) {
    expect(() => parser.parse(DEEP)).toThrow(
      new Refusal('SQL_TOO_COMPLEX', 'The statement is more than the SQL parser can take; simplify it.'),
    );
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
