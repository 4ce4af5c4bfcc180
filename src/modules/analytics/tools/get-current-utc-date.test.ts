import { expect, test } from 'vitest';
import { as, clock, NORTH } from '../testing/two-currencies.ts';
import { getCurrentUtcDate } from './get-current-utc-date.ts';

const tool = getCurrentUtcDate(clock);

test.each([
  [{}, '2026-03-15T12:00:00.000Z'],
  [{ format: 'iso' }, '2026-03-15T12:00:00.000Z'],
  [{ format: 'epoch' }, '1773576000'],
  [{ format: 'date_only' }, '2026-03-15'],
])('%j', async (args, utc) => {
  expect(await tool.run(tool.input.parse(args), as(NORTH.principal))).toEqual({
    structured: { utc },
    text: utc,
  });
});

test.each([{ format: 'ISO' }, { format: null }, { zone: 'CET' }])('%j is refused', (args) => {
  expect(tool.input.safeParse(args).success).toBe(false);
});
