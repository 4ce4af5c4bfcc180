import { percentChange } from './decimal.ts';

export interface MonthGrowth {
  readonly month: string;
  readonly revenue: string;
  /** False for a month that has not ended; it has no change. */
  readonly complete: boolean;
  /** On the calendar month before; null when that is unknown or earned nothing. */
  readonly changePercent: string | null;
}

function monthAfter(month: string): string {
  const date = new Date(`${month}T00:00:00Z`);
  date.setUTCMonth(date.getUTCMonth() + 1);
  return date.toISOString().slice(0, 10);
}

/**
 * Month-over-month growth. `months` are first days of months in order; a month that is missing earned nothing, so the
 * month after a gap has no growth rather than growth over some older month.
 */
export function monthOverMonth(
  months: readonly { readonly month: string; readonly revenue: string }[],
  now: number,
): MonthGrowth[] {
  return months.map(({ month, revenue }, index) => {
    const before = months[index - 1];
    const complete = Date.parse(`${monthAfter(month)}T00:00:00Z`) <= now;
    const follows = before !== undefined && monthAfter(before.month) === month;
    return {
      month,
      revenue,
      complete,
      changePercent: complete && follows ? percentChange(revenue, before.revenue) : null,
    };
  });
}
