import { describe, expect, it } from 'vitest';
import {
  calendarDay,
  dayOf,
  HOUR_MS,
  isClosed,
  pacificDate,
  pacificMidnight,
  pacificTime,
} from './calendar.ts';

const iso = (milliseconds: number) => new Date(milliseconds).toISOString();

describe('pacificTime', () => {
  it.each([
    ['winter', '2024-01-15', '2024-01-15T17:00:00.000Z'],
    ['summer', '2024-07-15', '2024-07-15T16:00:00.000Z'],
    ['the Saturday before clocks go forward', '2024-03-09', '2024-03-09T17:00:00.000Z'],
    ['the Sunday on which they do', '2024-03-10', '2024-03-10T16:00:00.000Z'],
    ['the Saturday before they go back', '2024-11-02', '2024-11-02T16:00:00.000Z'],
    ['the Sunday on which they do', '2024-11-03', '2024-11-03T17:00:00.000Z'],
  ])('is right in %s', (_, date, expected) => {
    expect(iso(pacificTime(dayOf(date), 9 * HOUR_MS))).toBe(expected);
  });

  it('agrees with the time zone database on every day of the demo', () => {
    const clock = new Intl.DateTimeFormat('en-CA', {
      ...{ timeZone: 'America/Los_Angeles', hourCycle: 'h23' },
      ...{ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit' },
    });
    for (let day = dayOf('2019-01-01'); day < dayOf('2030-01-01'); day += 1) {
      const date = new Date(day * 24 * HOUR_MS).toISOString().slice(0, 10);
      expect(clock.format(pacificTime(day, 5 * HOUR_MS))).toBe(`${date}, 05`);
      expect(clock.format(pacificMidnight(day))).toBe(`${date}, 00`);
      expect(pacificDate(pacificMidnight(day))).toBe(date);
      expect(pacificDate(pacificMidnight(day + 1) - 1)).toBe(date);
    }
  });
});

describe('isClosed', () => {
  it.each([
    ['2024-12-25', true],
    ['2024-12-24', false],
    ['2024-11-28', true],
    ['2025-11-27', true],
    ['2024-11-21', false],
    ['2024-07-04', false],
  ])('%s: %s', (date, closed) => {
    const day = dayOf(date);
    expect(isClosed(day, calendarDay(day))).toBe(closed);
  });
});

describe('dayOf', () => {
  it.each([
    ['1970-01-01', 0],
    ['2024-02-29', 19_782],
    ['2024-02-31', Number.NaN],
    ['2023-02-29', Number.NaN],
    ['2024-6-1', Number.NaN],
    ['yesterday', Number.NaN],
  ])('%s is %s', (date, day) => {
    expect(dayOf(date)).toBe(day);
  });
});
