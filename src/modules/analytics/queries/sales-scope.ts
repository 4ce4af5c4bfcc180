import type { Period } from '../period.ts';

/** Which orders a figure is about: labelled periods, and one store when the figure is about one. */
export interface SalesScope {
  readonly periods: Readonly<Record<string, Period>>;
  readonly storeId?: string;
}

/**
 * Two common table expressions that every report begins with: `span`, the periods, and `sale`, the orders in them with
 * their store's currency. Cancelled orders never happened: they count nowhere. A return (status `returned`) counts with its
 * negative amounts in revenue and units, but is no order. The store only narrows what row security shows anyway.
 */
export const SALES_SCOPE = `
  span AS (
    SELECT * FROM unnest($1::text[], $2::timestamptz[], $3::timestamptz[]) AS s(label, since, until)
  ),
  sale AS (
    SELECT span.label, st.currency, o.store_id, o.order_id, o.customer_id, o.order_date, o.total_amount,
      o.status = 'returned' AS is_return
    FROM span
    JOIN retail.orders o ON o.order_date >= span.since AND o.order_date < span.until
    JOIN retail.stores st ON st.store_id = o.store_id
    WHERE o.status <> 'cancelled' AND ($4::uuid IS NULL OR o.store_id = $4::uuid)
  )`;

/** The values of $1 to $4. */
export function scopeValues(scope: SalesScope): (readonly string[] | string | null)[] {
  const periods = Object.entries(scope.periods);
  return [
    periods.map(([label]) => label),
    periods.map(([, { start }]) => start),
    periods.map(([, { end }]) => end),
    scope.storeId ?? null,
  ];
}
