import { expect, test } from 'vitest';
import { monthOverMonth } from './growth.ts';
import { NOW } from './testing/two-currencies.ts';

test.each([
  ['the first month has nothing to grow from', [['2025-12-01', '10']], [null]],
  [
    'growth is over the month before',
    [
      ['2025-12-01', '10'],
      ['2026-01-01', '12.5'],
    ],
    [null, '25.0'],
  ],
  [
    'a fall is negative',
    [
      ['2025-12-01', '10'],
      ['2026-01-01', '9'],
    ],
    [null, '-10.0'],
  ],
  [
    'a gap is not skipped',
    [
      ['2025-10-01', '10'],
      ['2025-12-01', '20'],
    ],
    [null, null],
  ],
  [
    'from nothing there is no growth',
    [
      ['2025-12-01', '0.00'],
      ['2026-01-01', '9'],
    ],
    [null, null],
  ],
  [
    'the running month is not compared',
    [
      ['2026-02-01', '10'],
      ['2026-03-01', '9'],
    ],
    [null, null],
  ],
])('%s', (_, months, expected) => {
  const growth = monthOverMonth(
    months.map(([month = '', revenue = '']) => ({ month, revenue })),
    NOW,
  );
  expect(growth.map(({ changePercent }) => changePercent)).toEqual(expected);
});

test('the running month is told apart', () => {
  const months = ['2026-02-01', '2026-03-01'].map((month) => ({ month, revenue: '1' }));
  expect(monthOverMonth(months, NOW).map(({ complete }) => complete)).toEqual([true, false]);
});
