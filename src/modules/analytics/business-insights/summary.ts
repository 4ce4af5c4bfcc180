import { percent } from '../decimal.ts';
import { bestSellers } from '../queries/best-sellers.ts';
import { type SalesTotals, salesTotals } from '../queries/sales-totals.ts';
import { salesInsights } from '../sales-insights.ts';
import { COMPARED, changes, comparableMetrics } from '../store-metrics.ts';
import { type Analysis, perCurrency } from './kind.ts';

/** Figures of one currency in both periods, as rows: currency, figure, value, previous, change_pct. */
function keyFigures(
  currency: string,
  now: SalesTotals | undefined,
  before: SalesTotals | undefined,
): unknown[][] {
  const [current, previous] = [comparableMetrics(now), comparableMetrics(before)];
  const change = changes(current, previous);
  return [
    ...COMPARED.map((figure) => [currency, figure, current[figure], previous[figure], change[figure]]),
    [currency, 'return_rate', current.return_rate, previous.return_rate, null],
    [currency, 'anonymous_share', current.anonymous_share, previous.anonymous_share, null],
  ];
}

/** Key figures against the period before, and the categories that bring most. */
export const summary: Analysis = async (tenant, { periods }) => {
  const totals = await salesTotals(tenant, periods);
  if (!totals.some(({ label }) => label === 'current')) return undefined;
  const sellers = await bestSellers(tenant, { current: periods.current }, 5);
  const insights: string[] = [];
  const figures: unknown[][] = [];
  const revenue = new Map<string, string>();
  for (const [currency, rows] of perCurrency(totals)) {
    const [now, before] = ['current', 'previous'].map((label) => rows.find((row) => row.label === label));
    if (now !== undefined) revenue.set(currency, now.revenue);
    figures.push(...keyFigures(currency, now, before));
    insights.push(...salesInsights(currency, comparableMetrics(now), comparableMetrics(before)));
  }
  const top = (kind: string) =>
    sellers
      .filter((seller) => seller.kind === kind)
      .map(({ currency, name, units, revenue: part }) => [
        currency,
        name,
        part,
        percent(part, revenue.get(currency) ?? '0'),
        units,
      ]);
  const columns = ['currency', 'name', 'revenue', 'share_pct', 'units'];
  return {
    insights,
    tables: {
      key_figures: { columns: ['currency', 'figure', 'value', 'previous', 'change_pct'], rows: figures },
      top_categories: { columns, rows: top('category') },
      top_products: { columns, rows: top('product') },
    },
  };
};
