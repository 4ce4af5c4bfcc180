/** Calendar days are whole numbers: days since 1970-01-01, in Pacific time unless said otherwise. */
export const DAY_MS = 86_400_000;
export const HOUR_MS = 3_600_000;

export interface CalendarDay {
  readonly year: number;
  /** 0 … 11. */
  readonly month: number;
  /** 0 is Sunday. */
  readonly weekday: number;
  readonly dayOfMonth: number;
}

/** Day of `YYYY-MM-DD`; NaN when it is no date. */
export function dayOf(date: string): number {
  const day = Date.parse(`${date}T00:00:00Z`) / DAY_MS;
  // Date.parse takes February 31 for a day in March.
  return Number.isNaN(day) || new Date(day * DAY_MS).toISOString().slice(0, 10) !== date ? Number.NaN : day;
}

export function firstDayOfYear(year: number): number {
  return Date.UTC(year, 0, 1) / DAY_MS;
}

export function calendarDay(day: number): CalendarDay {
  const date = new Date(day * DAY_MS);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth(),
    weekday: date.getUTCDay(),
    dayOfMonth: date.getUTCDate(),
  };
}

/** The nth such weekday of a month. */
function nthWeekday(year: number, month: number, weekday: number, nth: number): number {
  const first = Date.UTC(year, month, 1) / DAY_MS;
  return first + ((weekday - new Date(first * DAY_MS).getUTCDay() + 7) % 7) + (nth - 1) * 7;
}

/** When a Pacific wall clock shows this time of the day. For times from 3:00 on: clocks change at 2:00. */
export function pacificTime(day: number, millisecondOfDay: number): number {
  const { year } = calendarDay(day);
  const summer = day >= nthWeekday(year, 2, 0, 2) && day < nthWeekday(year, 10, 0, 1);
  return day * DAY_MS + millisecondOfDay + (summer ? 7 : 8) * HOUR_MS;
}

/** The Pacific date, `YYYY-MM-DD`, at this time: what `DemoOptions.until` is for data up to last night. */
export function pacificDate(milliseconds: number): string {
  const standard = Math.floor((milliseconds - 8 * HOUR_MS) / DAY_MS);
  const today = milliseconds >= pacificMidnight(standard + 1) ? standard + 1 : standard;
  return new Date(today * DAY_MS).toISOString().slice(0, 10);
}

/** When this day begins in Pacific time. */
export function pacificMidnight(day: number): number {
  const { year } = calendarDay(day);
  // The change comes after midnight: the day that springs forward still begins in winter time, and the other way round.
  const summer = day > nthWeekday(year, 2, 0, 2) && day <= nthWeekday(year, 10, 0, 1);
  return day * DAY_MS + (summer ? 7 : 8) * HOUR_MS;
}

/** Thanksgiving and Christmas, when only the online shop sells. */
export function isClosed(day: number, { year, month, dayOfMonth }: CalendarDay): boolean {
  return (month === 11 && dayOfMonth === 25) || (month === 10 && day === nthWeekday(year, 10, 4, 4));
}
