import { add, multiply, quotient } from './decimal.ts';

export interface MonthlyRevenue {
  /** First day of the month, `2011-11-01`. */
  readonly month: string;
  readonly revenue: string;
}

export interface SeasonalIndex {
  /** 1 for January to 12. */
  readonly month: number;
  /** 100.0 is an average month; null when the whole history earned nothing. */
  readonly index: string | null;
  /** How many years of this month the history holds. */
  readonly years: number;
}

const DAY = 86_400_000;

/** Days of a month that the history covers: the first and the last month of it are seldom whole. */
function daysCovered(month: string, first: number, last: number): number {
  const start = Date.parse(`${month}T00:00:00Z`);
  const date = new Date(start);
  const end = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
  return Math.round((Math.min(end, last + DAY) - Math.max(start, first)) / DAY);
}

function monthsBetween(firstDay: string, lastDay: string): string[] {
  const months: string[] = [];
  const last = `${lastDay.slice(0, 7)}-01`;
  for (
    let date = new Date(`${firstDay.slice(0, 7)}-01T00:00:00Z`);
    ;
    date.setUTCMonth(date.getUTCMonth() + 1)
  ) {
    const month = date.toISOString().slice(0, 10);
    if (month > last) return months;
    months.push(month);
  }
}

/**
 * How each month of the year compares with an average month, in percent, over the whole history: revenue per day of that
 * calendar month (all its years together) over revenue per day of everything. Per day, so that February and half-covered
 * first and last months count fairly. Months without sales inside the history count as zero. A trend over the years is
 * not taken out.
 */
export function seasonalIndices(
  months: readonly MonthlyRevenue[],
  firstDay: string,
  lastDay: string,
): SeasonalIndex[] {
  const [first, last] = [Date.parse(`${firstDay}T00:00:00Z`), Date.parse(`${lastDay}T00:00:00Z`)];
  const earned = new Map(months.map(({ month, revenue }) => [month, revenue]));
  const calendar = new Map<number, { revenue: string; days: number; years: number }>();
  let total = '0';
  let totalDays = 0;
  for (const month of monthsBetween(firstDay, lastDay)) {
    const revenue = earned.get(month) ?? '0';
    const days = daysCovered(month, first, last);
    const sofar = calendar.get(Number(month.slice(5, 7))) ?? { revenue: '0', days: 0, years: 0 };
    calendar.set(Number(month.slice(5, 7)), {
      revenue: add(sofar.revenue, revenue),
      days: sofar.days + days,
      years: sofar.years + 1,
    });
    total = add(total, revenue);
    totalDays += days;
  }
  return [...calendar]
    .sort(([a], [b]) => a - b)
    .map(([month, { revenue, days, years }]) => ({
      month,
      // (revenue / days) / (total / totalDays) * 100, as one exact fraction.
      index: quotient(multiply(revenue, String(totalDays * 100)), multiply(total, String(days)), 1),
      years,
    }));
}
