import { expect, test } from 'vitest';
import { CEILINGS } from './bounds.ts';
import { createGuard } from './guard.ts';
import { createParser } from './parser.ts';
import { Refusal } from './refusal.ts';

/** Closes: a parser that wears out, or that a text within the greatest bounds can break for everybody. */
test('a syntax error leaves the parser usable, many times over', async () => {
  const parser = await createParser();
  for (let i = 0; i < 2_000; i++) {
    expect(() => parser.parse(`SELECT (${i}`)).toThrow(Refusal);
    expect(parser.parse(`SELECT ${i}`).stmts).toHaveLength(1);
  }
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
