import { describe, expect, test } from 'vitest';
import { dateRange, daysOf, isCalendarDate, lastDays, NAMED_PERIODS, timePeriod } from './period.ts';
import { NOW } from './testing/two-currencies.ts';

const short = (instant: string) => instant.replace('T00:00:00.000Z', '').replace(':00.000Z', '');
const written = ({ current, previous }: ReturnType<typeof timePeriod>) =>
  [current, previous].map((period) => period && `${short(period.start)}..${short(period.end)}`);

describe('a time period and the one before it', () => {
  test.each([
    ['last_7_days', '2026-03-09..2026-03-15T12:00', '2026-03-02..2026-03-08T12:00'],
    ['last_30_days', '2026-02-14..2026-03-15T12:00', '2026-01-15..2026-02-13T12:00'],
    ['last_365_days', '2025-03-16..2026-03-15T12:00', '2024-03-16..2025-03-15T12:00'],
    ['this_month', '2026-03-01..2026-03-15T12:00', '2026-02-01..2026-02-15T12:00'],
    ['last_month', '2026-02-01..2026-03-01', '2026-01-01..2026-02-01'],
    ['this_quarter', '2026-01-01..2026-03-15T12:00', '2025-10-01..2025-12-13T12:00'],
    ['last_quarter', '2025-10-01..2026-01-01', '2025-07-01..2025-10-01'],
    ['this_year', '2026-01-01..2026-03-15T12:00', '2025-01-01..2025-03-15T12:00'],
    ['last_year', '2025-01-01..2026-01-01', '2024-01-01..2025-01-01'],
    ['2011', '2011-01-01..2012-01-01', '2010-01-01..2011-01-01'],
    ['2011-Q4', '2011-10-01..2012-01-01', '2011-07-01..2011-10-01'],
    ['2011-01', '2011-01-01..2011-02-01', '2010-12-01..2011-01-01'],
    ['2027', '2027-01-01..2027-01-01', '2026-01-01..2026-01-01'],
  ])('%s', (name, current, previous) => expect(written(timePeriod(name, NOW))).toEqual([current, previous]));

  test('nothing comes before all of time', () => expect(timePeriod('all_time', NOW).previous).toBeNull());

  test('the longer month is cut where the shorter one ends', () => {
    const now = Date.parse('2026-03-31T18:00:00Z');
    expect(written(timePeriod('this_month', now))).toEqual([
      '2026-03-01..2026-03-31T18:00',
      '2026-02-01..2026-03-01',
    ]);
  });

  test.each(['2011-13', '2011-Q5', '2011-1', 'yesterday', '', 'last_8_days; DROP', 'toString'])(
    '%j is refused',
    (name) => {
      expect(() => timePeriod(name, NOW)).toThrow(expect.objectContaining({ code: 'VALIDATION_ERROR' }));
    },
  );

  test('every named period has a meaning', () => {
    for (const name of NAMED_PERIODS)
      expect(timePeriod(name, NOW).current.start < timePeriod(name, NOW).current.end).toBe(true);
  });
});

describe('days', () => {
  test('one day back is today', () =>
    expect(written(lastDays(1, NOW))[0]).toBe('2026-03-15..2026-03-15T12:00'));
  test('a range includes both days', () => {
    expect(written(dateRange('2011-11-01', '2011-11-30', NOW))).toEqual([
      '2011-11-01..2011-12-01',
      '2011-10-02..2011-11-01',
    ]);
  });
  test('swapped days are refused', () =>
    expect(() => dateRange('2011-11-02', '2011-11-01', NOW)).toThrow(/Swap/));
  test('begun days count whole', () => expect(daysOf(lastDays(30, NOW).current)).toBe(30));
});

test.each([
  ['2011-11-30', true],
  ['2024-02-29', true],
  ['2023-02-29', false],
  ['2011-11-31', false],
  ['1899-12-31', false],
  ['9999-12-31', false],
  ['2011-1-1', false],
  ['20111130', false],
  ['2011-11-30T00:00:00Z', false],
])('%s is a calendar date: %s', (text, expected) => expect(isCalendarDate(text)).toBe(expected));
