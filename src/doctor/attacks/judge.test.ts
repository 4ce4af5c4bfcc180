import { describe, expect, it } from 'vitest';
import type { Attack } from './attack.ts';
import { newCanaryStores, secretsOf } from './canaries.ts';
import { type Evidence, judge, outcome } from './judge.ts';
import type { Answer } from './wall.ts';

const { other } = newCanaryStores();
const secrets = secretsOf(other);

const attack = (more: Partial<Attack> = {}): Attack => ({
  name: 'a',
  group: 'side channels',
  sql: 'SELECT 1',
  mend: 'so',
  ...more,
});
const rows = (...values: unknown[]): Answer => ({
  bytes: JSON.stringify(values),
  rows: values.map((value) => [value]),
});
const failure = (code: string, sqlstate?: string): Answer => ({
  bytes: code,
  rows: [],
  failure: sqlstate === undefined ? { code } : { code, sqlstate },
});
const judged = (answers: readonly Answer[], more: Partial<Attack> = {}, evidence: Partial<Evidence> = {}) =>
  judge(attack(more), { wall: 'guard off', question: '', answers, ...evidence }, secrets);

describe('judge', () => {
  it.each([
    ['the guard’s code', failure('SQL_NOT_A_SELECT'), 'stopped by guard', 'SQL_NOT_A_SELECT'],
    ['an argument that is refused', failure('VALIDATION_ERROR'), 'stopped by guard', 'VALIDATION_ERROR'],
    ['an SQLSTATE', failure('DATABASE_ERROR', '42501'), 'stopped by database', '42501'],
    ['the time limit', failure('QUERY_TIMEOUT'), 'stopped by database', 'QUERY_TIMEOUT'],
    ['no rows', rows(), 'stopped by database', 'no rows'],
    ['rows of nothing', rows(null, 0, '0', false, '', []), 'stopped by database', 'no rows'],
    ['rows', rows('x'), 'harmless', 'nothing of the other store'],
    [
      'a fault of Aisle',
      failure('INTERNAL_ERROR'),
      'LEAKED',
      'Aisle itself failed (INTERNAL_ERROR): please report it',
    ],
  ])('%s', (_what, answer, verdict, detail) => {
    expect(judged([answer])).toEqual({ verdict, detail });
  });

  it('finds the other store in rows, in errors, and in an answer before the last', () => {
    const leak = { verdict: 'LEAKED', detail: 'shows of the other store: tag, email' };
    expect(judged([rows(other.email)])).toEqual(leak);
    expect(judged([{ ...failure('DATABASE_ERROR', '22P02'), bytes: other.email }])).toEqual(leak);
    expect(judged([rows(other.email), failure('DATABASE_ERROR', '42501')])).toEqual(leak);
  });

  it('by its sign: any value, success, a difference, a stall', () => {
    expect(judged([rows(3)], { sign: 'value' }).verdict).toBe('LEAKED');
    expect(judged([rows(0)], { sign: 'value' }).verdict).toBe('stopped by database');
    expect(judged([rows()], { sign: 'success' })).toEqual({ verdict: 'LEAKED', detail: 'it was done' });
    expect(judged([failure('DATABASE_ERROR', '25006')], { sign: 'success' }).verdict).toBe(
      'stopped by database',
    );
    expect(judged([rows(1)], { sign: 'difference' }, { differs: true }).verdict).toBe('LEAKED');
    expect(judged([rows(1)], { sign: 'difference' }, { differs: false }).verdict).toBe('harmless');
    expect(judged([rows(1)], { sign: 'stall' }, { stalled: 'answered only after 60 s' })).toEqual({
      verdict: 'LEAKED',
      detail: 'answered only after 60 s',
    });
  });

  it('excuses a known limit with the guard off, never with it on, and never for a row of the other store', () => {
    const known = { sign: 'success', residue: 'nobody can forbid it.' } as const;
    expect(judged([rows()], known)).toEqual({
      verdict: 'harmless',
      detail: 'known limit: nobody can forbid it.',
    });
    expect(judged([rows()], known, { wall: 'guard on' }).verdict).toBe('LEAKED');
    expect(judged([rows(other.email)], known).verdict).toBe('LEAKED');
  });
});

it('outcome tells answers apart, whatever values the question put into them', () => {
  const decoyed = newCanaryStores().other;
  const plan = (email: string) => [rows(`Filter: (email = '${email}') rows=1`)];
  expect(outcome(plan(other.email))).toBe(outcome(plan(decoyed.email)));
  expect(outcome([rows(other.orderId)])).toBe(outcome([rows(decoyed.orderId)]));
  expect(outcome([rows(1)])).not.toBe(outcome([rows(0)]));
  expect(outcome([failure('DATABASE_ERROR', '22012')])).not.toBe(outcome([rows(1)]));
});
