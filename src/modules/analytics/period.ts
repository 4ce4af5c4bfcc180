import { ValidationError } from '../../kernel/errors.ts';

/** A half-open span of time, `start <= t < end`: ISO 8601 instants in UTC. */
export interface Period {
  readonly start: string;
  readonly end: string;
}

/** A period and the one before it, of the same length or the calendar unit before; none before all of time. */
export interface ComparedPeriods {
  readonly current: Period;
  readonly previous: Period | null;
}

export const NAMED_PERIODS = [
  'last_7_days',
  'last_30_days',
  'last_90_days',
  'last_365_days',
  'this_month',
  'last_month',
  'this_quarter',
  'last_quarter',
  'this_year',
  'last_year',
  'all_time',
] as const;

/** A calendar year, quarter or month: `2011`, `2011-Q4`, `2011-11`. */
const CALENDAR_PERIOD = /^(?:19|20)\d\d(?:-(?:Q[1-4]|0[1-9]|1[0-2]))?$/;

const DAY = 86_400_000;
const MONTHS_OF = { month: 1, quarter: 3, year: 12 } as const;
type Unit = keyof typeof MONTHS_OF;

const iso = (time: number): string => new Date(time).toISOString();
const midnight = (time: number): number => Math.floor(time / DAY) * DAY;

/** First instant of the month that is `months` after the month of `time`. */
function monthStart(time: number, months: number): number {
  const date = new Date(time);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1);
}

function unitStart(unit: Unit, time: number, offset: number): number {
  const month = new Date(time).getUTCMonth();
  return monthStart(time, -(month % MONTHS_OF[unit]) + offset * MONTHS_OF[unit]);
}

/**
 * A period in progress ends now, and the one before it is cut at the same point, so that half a month is never held
 * against a whole one.
 */
function compared(start: number, end: number, previousStart: number, now: number): ComparedPeriods {
  const until = Math.max(start, Math.min(end, now));
  const previousEnd = until === end ? start : Math.min(start, previousStart + (until - start));
  return {
    current: { start: iso(start), end: iso(until) },
    previous: { start: iso(previousStart), end: iso(previousEnd) },
  };
}

/** The last `days` days of the UTC calendar: today, as far as it has come, and the days before it. */
export function lastDays(days: number, now: number): ComparedPeriods {
  const end = midnight(now) + DAY;
  const start = end - days * DAY;
  return compared(start, end, start - days * DAY, now);
}

function calendarUnit(unit: Unit, time: number, offset: number, now: number): ComparedPeriods {
  const start = unitStart(unit, time, offset);
  return compared(start, unitStart(unit, time, offset + 1), unitStart(unit, time, offset - 1), now);
}

function writtenPeriod(text: string, now: number): ComparedPeriods {
  const year = Number(text.slice(0, 4));
  const rest = text.slice(5);
  if (rest === '') return calendarUnit('year', Date.UTC(year, 0, 1), 0, now);
  if (rest.startsWith('Q'))
    return calendarUnit('quarter', Date.UTC(year, (Number(rest[1]) - 1) * 3, 1), 0, now);
  return calendarUnit('month', Date.UTC(year, Number(rest) - 1, 1), 0, now);
}

/** What `time_period` of get_store_performance means at the time `now`. */
export function timePeriod(name: string, now: number): ComparedPeriods {
  const days = /^last_(\d+)_days$/.exec(name)?.[1];
  if (days !== undefined) return lastDays(Number(days), now);
  const unit = /^(this|last)_(month|quarter|year)$/.exec(name);
  if (unit !== null) return calendarUnit(unit[2] as Unit, now, unit[1] === 'this' ? 0 : -1, now);
  if (CALENDAR_PERIOD.test(name)) return writtenPeriod(name, now);
  if (name === 'all_time')
    return { current: { start: '0001-01-01T00:00:00.000Z', end: iso(now) }, previous: null };
  throw new ValidationError(
    `time_period ${JSON.stringify(name.slice(0, 40))} is unknown. Use one of ${NAMED_PERIODS.join(', ')}, or 2011, 2011-Q4, 2011-11.`,
  );
}

/** True for a day that exists, of the years 1900 to 2999, written `2011-11-30`. */
export function isCalendarDate(text: string): boolean {
  if (!/^(?:19|2\d)\d\d-\d\d-\d\d$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && iso(time).startsWith(text);
}

/** From the first day to the last one, both included, and as many days before that. */
export function dateRange(firstDay: string, lastDay: string, now: number): ComparedPeriods {
  const start = Date.parse(`${firstDay}T00:00:00Z`);
  const end = Date.parse(`${lastDay}T00:00:00Z`) + DAY;
  if (end <= start) throw new ValidationError(`start ${firstDay} lies after end ${lastDay}. Swap them.`);
  return compared(start, end, start - (end - start), now);
}

/** Length in days, begun days counted whole. */
export function daysOf(period: Period): number {
  return Math.ceil((Date.parse(period.end) - Date.parse(period.start)) / DAY);
}
