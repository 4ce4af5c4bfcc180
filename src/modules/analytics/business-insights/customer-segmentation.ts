import { add, compare, percent, quotient } from '../decimal.ts';
import { type CustomerScores, customerScores } from '../queries/customer-scores.ts';
import { SEGMENT_RULES, segmentOf } from '../rfm.ts';
import { counted } from '../sales-insights.ts';
import { type Analysis, perCurrency } from './kind.ts';

interface Segment {
  readonly segment: string;
  readonly customers: number;
  readonly orders: number;
  readonly revenue: string;
  readonly daysSince: number;
}

/** Customers with equal scores, gathered into named segments, in the order of the rules. */
export function gatherSegments(scores: readonly CustomerScores[]): Segment[] {
  const segments = new Map<string, Segment>();
  for (const group of scores) {
    const segment = segmentOf(group);
    const sofar = segments.get(segment) ?? { segment, customers: 0, orders: 0, revenue: '0', daysSince: 0 };
    segments.set(segment, {
      segment,
      customers: sofar.customers + group.customers,
      orders: sofar.orders + group.orders,
      revenue: add(sofar.revenue, group.revenue),
      daysSince: sofar.daysSince + group.days_since,
    });
  }
  return [...SEGMENT_RULES.keys()].flatMap((name) => segments.get(name) ?? []);
}

const total = <Key extends 'customers' | 'orders'>(segments: readonly Segment[], key: Key): number =>
  segments.reduce((sum, segment) => sum + segment[key], 0);

export function segmentInsights(currency: string, segments: readonly Segment[]): string[] {
  const customers = total(segments, 'customers');
  const revenue = segments.reduce((sum, segment) => add(sum, segment.revenue), '0');
  const best = segments.reduce((a, b) => (compare(b.revenue, a.revenue) > 0 ? b : a));
  const slipping = segments.filter(({ segment }) => segment === 'at_risk' || segment === 'cannot_lose');
  const sentences = [
    `${counted(customers, 'known customer')} bought for ${revenue} ${currency} net of returns, in ${counted(total(segments, 'orders'), 'order')}.`,
    `The segment ${best.segment} is ${percent(String(best.customers), String(customers))} % of them and brings ${best.revenue} ${currency}` +
      `${compare(revenue, '0') > 0 ? ` (${percent(best.revenue, revenue)} %)` : ''}.`,
  ];
  if (slipping.length > 0) {
    const worth = slipping.reduce((sum, segment) => add(sum, segment.revenue), '0');
    sentences.push(
      `${counted(total(slipping, 'customers'), 'frequent customer')} worth ${worth} ${currency} bought less recently than most.`,
    );
  }
  return sentences;
}

const COLUMNS = [
  'currency',
  'segment',
  'rule',
  'customers',
  'customers_pct',
  'revenue',
  'revenue_pct',
  'orders_per_customer',
  'days_since_last_order',
];

function rowsOf(currency: string, segments: readonly Segment[]): unknown[][] {
  const customers = String(total(segments, 'customers'));
  const revenue = segments.reduce((sum, segment) => add(sum, segment.revenue), '0');
  return segments.map((segment) => [
    currency,
    segment.segment,
    SEGMENT_RULES.get(segment.segment),
    segment.customers,
    percent(String(segment.customers), customers),
    segment.revenue,
    percent(segment.revenue, revenue),
    quotient(String(segment.orders), String(segment.customers), 1),
    quotient(String(segment.daysSince), String(segment.customers), 1),
  ]);
}

/** RFM segments of the customers who bought in the period, among those of the same currency. */
export const customerSegmentation: Analysis = async (tenant, { periods }) => {
  const scores = await customerScores(tenant, { current: periods.current });
  if (scores.length === 0) return undefined;
  const currencies = perCurrency(scores).map(
    ([currency, groups]) => [currency, gatherSegments(groups)] as const,
  );
  return {
    insights: currencies.flatMap(([currency, segments]) => segmentInsights(currency, segments)),
    tables: {
      segments: {
        columns: COLUMNS,
        rows: currencies.flatMap(([currency, segments]) => rowsOf(currency, segments)),
      },
    },
  };
};
