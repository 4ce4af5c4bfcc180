/**
 * Closes: PostgreSQL reads 'now' and 'today' when it parses a text, so that a plan which is kept would give every caller
 * the time at which somebody else asked first.
 */
import { beforeAll, expect, it } from 'vitest';
import { createGuard, type Guard } from './guard.ts';

let guard: Guard;
beforeAll(async () => {
  guard = await createGuard({ relations: new Set(['retail.orders']), searchPath: ['retail'] });
});

it.each([
  ["SELECT date 'today'", false],
  ["SELECT 'now'::timestamptz", false],
  ["SELECT ' Tomorrow 10:00'::timestamp", false],
  ["SELECT order_id FROM orders WHERE order_date >= 'yesterday'", false],
  [String.raw`SELECT E'\x6eow'::timestamptz`, false],
  ['SELECT $$now$$::timestamptz', false],
  ['SELECT now(), current_date', true],
  ["SELECT 'nowhere', 'todays'", true],
  ['SELECT 1 AS today', true],
  ["SELECT order_id FROM orders WHERE order_date >= '2026-01-01'", true],
])('%s: timeless %s', (sql, isTimeless) => {
  expect(guard.check(sql)).toMatchObject({ ok: true, isTimeless });
});
