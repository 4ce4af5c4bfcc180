import { percent, percentChange, quotient } from './decimal.ts';
import type { BestSeller } from './queries/best-sellers.ts';
import type { SalesTotals } from './queries/sales-totals.ts';

interface Seller {
  readonly name: string;
  readonly units: number;
  readonly revenue: string;
}

/**
 * Figures of a store in a period. Money is an exact decimal in the store's currency; percentages have one decimal and
 * averages two, both rounded half to even.
 */
export interface Metrics {
  /** Net of returns. */
  readonly revenue: string;
  readonly orders: number;
  readonly units: number;
  /** Sales before returns, per order; null without orders. */
  readonly average_order_value: string | null;
  readonly returns: number;
  /** Returns per hundred orders. */
  readonly return_rate: string | null;
  readonly unique_customers: number;
  /** Percentage of orders that name no customer. */
  readonly anonymous_share: string | null;
  readonly top_products: readonly (Seller & { readonly sku: string })[];
  readonly top_categories: readonly Seller[];
}

/** The figures that can be compared between periods. */
export type Comparable = Omit<Metrics, 'top_products' | 'top_categories'>;

const NOTHING: Omit<SalesTotals, 'label' | 'currency'> = {
  revenue: '0',
  sales_amount: '0',
  orders: 0,
  returns: 0,
  anonymous_orders: 0,
  unique_customers: 0,
  units: 0,
};

/** Ratios from totals; of no totals: zeros. */
export function comparableMetrics(totals: Omit<SalesTotals, 'label' | 'currency'> = NOTHING): Comparable {
  const orders = String(totals.orders);
  return {
    revenue: totals.revenue,
    orders: totals.orders,
    units: totals.units,
    average_order_value: quotient(totals.sales_amount, orders, 2),
    returns: totals.returns,
    return_rate: percent(String(totals.returns), orders),
    unique_customers: totals.unique_customers,
    anonymous_share: percent(String(totals.anonymous_orders), orders),
  };
}

export function storeMetrics(totals: SalesTotals | undefined, sellers: readonly BestSeller[]): Metrics {
  return {
    ...comparableMetrics(totals),
    top_products: sellers
      .filter(({ kind }) => kind === 'product')
      .map(({ sku, name, units, revenue }) => ({ sku: sku ?? '', name, units, revenue })),
    top_categories: sellers
      .filter(({ kind }) => kind === 'category')
      .map(({ name, units, revenue }) => ({ name, units, revenue })),
  };
}

export const COMPARED = [
  'revenue',
  'orders',
  'units',
  'average_order_value',
  'returns',
  'unique_customers',
] as const;

/** Change of each figure in percent; null where there was nothing to change from. */
export function changes(
  current: Comparable,
  previous: Comparable,
): Record<(typeof COMPARED)[number], string | null> {
  const change = (figure: (typeof COMPARED)[number]): string | null => {
    const [now, before] = [current[figure], previous[figure]];
    return now === null || before === null ? null : percentChange(String(now), String(before));
  };
  return {
    revenue: change('revenue'),
    orders: change('orders'),
    units: change('units'),
    average_order_value: change('average_order_value'),
    returns: change('returns'),
    unique_customers: change('unique_customers'),
  };
}
