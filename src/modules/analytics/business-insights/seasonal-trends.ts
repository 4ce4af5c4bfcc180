import { compare } from '../decimal.ts';
import { type MonthGrowth, monthOverMonth } from '../growth.ts';
import { timePeriod } from '../period.ts';
import { type Month, monthlyRevenue } from '../queries/monthly-revenue.ts';
import { movement } from '../sales-insights.ts';
import { type SeasonalIndex, seasonalIndices } from '../seasonality.ts';
import { type Analysis, perCurrency } from './kind.ts';

const NAMES = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const nameOf = (month: number): string => NAMES[month - 1] ?? String(month);

/** With fewer whole years than this, a month's index is one season's luck as much as a pattern. */
const ENOUGH_YEARS = 2;

function seasonalInsights(
  currency: string,
  indices: readonly SeasonalIndex[],
  growth: readonly MonthGrowth[],
): string[] {
  const sentences: string[] = [];
  const known = indices.flatMap(({ index, ...rest }) => (index === null ? [] : [{ index, ...rest }]));
  if (known.length > 1) {
    const strongest = known.reduce((a, b) => (compare(b.index, a.index) > 0 ? b : a));
    const weakest = known.reduce((a, b) => (compare(b.index, a.index) < 0 ? b : a));
    sentences.push(
      `In ${currency}, ${nameOf(strongest.month)} is the strongest month (index ${strongest.index}, average 100), ` +
        `${nameOf(weakest.month)} the weakest (${weakest.index}).`,
    );
  }
  if (known.some(({ years }) => years < ENOUGH_YEARS)) {
    sentences.push(`Some months of ${currency} were seen in one year only: take their index as a hint.`);
  }
  const last = growth.findLast(({ changePercent }) => changePercent !== null);
  if (last?.changePercent != null) {
    sentences.push(
      `Revenue of ${last.month.slice(0, 7)} was ${last.revenue} ${currency}, ${movement(last.changePercent)} on the month before.`,
    );
  }
  return sentences;
}

function analyse(currency: string, months: readonly Month[], since: string, now: number) {
  const indices = seasonalIndices(months, months[0]?.first_day ?? since, months.at(-1)?.last_day ?? since);
  const growth = monthOverMonth(months, now).filter(({ month }) => month >= `${since.slice(0, 7)}-01`);
  return {
    insights: seasonalInsights(currency, indices, growth),
    indices: indices.map(({ month, index, years }) => [currency, month, index, years]),
    months: growth.map(({ month, revenue, changePercent, complete }) => [
      currency,
      month.slice(0, 7),
      revenue,
      changePercent,
      complete,
    ]),
  };
}

/** Seasonality over the whole history, and month-over-month growth of the months that the period touches. */
export const seasonalTrends: Analysis = async (tenant, { periods, now }) => {
  const history = await monthlyRevenue(tenant, timePeriod('all_time', now));
  if (history.length === 0) return undefined;
  const since = periods.current.start;
  const found = perCurrency(history).map(([currency, months]) => analyse(currency, months, since, now));
  return {
    insights: found.flatMap(({ insights }) => insights),
    tables: {
      seasonal_index: {
        columns: ['currency', 'month', 'index', 'years'],
        rows: found.flatMap(({ indices }) => indices),
      },
      months: {
        columns: ['currency', 'month', 'revenue', 'change_pct', 'complete'],
        rows: found.flatMap(({ months }) => months),
      },
    },
  };
};
