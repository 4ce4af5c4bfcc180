import { calendarDay, firstDayOfYear, isClosed } from './calendar.ts';
import { CATALOGUE } from './catalogue/index.ts';
import { mix } from './random.ts';

/** Orders of a year, compared with 2020 (R132). */
const YEAR_WEIGHTS = [1, 1.1, 1.21, 1.15, 1.265, 1.392, 1.531];
const FIRST_YEAR = 2020;
/** Years that R132 does not tell go on growing at the pace of the last ones. */
const LATER_GROWTH = 1.1;

/** Share of what is sold that follows the season of its category; the rest sells evenly all year (R132). */
const SEASONAL_SHARE = 0.85;

const WEEKDAYS = [1.25, 0.86, 0.84, 0.85, 0.9, 1.02, 1.28];
const ONLINE_ONLY_DAY = 0.35;

export function yearWeight(year: number): number {
  const index = year - FIRST_YEAR;
  const last = YEAR_WEIGHTS.length - 1;
  return (YEAR_WEIGHTS[Math.min(Math.max(index, 0), last)] ?? 1) * LATER_GROWTH ** Math.max(index - last, 0);
}

/** How much of a category sells in a month (0 … 11), compared with its average month. */
export function monthFactor(category: number, month: number): number {
  return SEASONAL_SHARE * (CATALOGUE[category]?.months[month] ?? 1) + 1 - SEASONAL_SHARE;
}

const MONTHS = Array.from({ length: 12 }, (_, month) =>
  CATALOGUE.reduce((sum, { share }, category) => sum + share * monthFactor(category, month), 0),
);

/** Demand of one day, compared with an average day of its year. Chance makes some days better than others. */
function dayFactor(day: number, seed: number): number {
  const date = calendarDay(day);
  const luck = 0.82 + (0.36 * mix(day, seed | 0)) / 2 ** 32;
  const usual = (MONTHS[date.month] ?? 1) * (WEEKDAYS[date.weekday] ?? 1) * luck;
  return isClosed(day, date) ? usual * ONLINE_ONLY_DAY : usual;
}

/**
 * Yields each day from `firstDay` up to, not including, `endDay`, with how many of `total` orders fall on it. A year cut
 * short by `endDay` gets what its days would have had in the whole year, so that any period compares with the same
 * one a year before.
 */
export function* dailyOrders(
  total: number,
  firstDay: number,
  endDay: number,
  seed: number,
): Generator<readonly [day: number, orders: number]> {
  const scale = new Map<number, number>();
  for (let { year } = calendarDay(firstDay); year <= calendarDay(endDay - 1).year; year += 1) {
    let sum = 0;
    for (let day = firstDayOfYear(year); day < firstDayOfYear(year + 1); day += 1)
      sum += dayFactor(day, seed);
    scale.set(year, yearWeight(year) / sum);
  }
  const weigh = (day: number): number => dayFactor(day, seed) * (scale.get(calendarDay(day).year) ?? 0);
  let weight = 0;
  for (let day = firstDay; day < endDay; day += 1) weight += weigh(day);
  let passed = 0;
  let given = 0;
  for (let day = firstDay; day < endDay; day += 1) {
    passed += weigh(day);
    const due = day === endDay - 1 ? total : Math.floor((total * passed) / weight);
    yield [day, due - given];
    given = due;
  }
}
