import type { Period } from '../period.ts';

/** Which orders a figure is about: those of a period, of the one before when they are compared, and of one store or all. */
export interface SalesScope {
  readonly current: Period;
  /** Ends no later than `current` begins. */
  readonly previous?: Period | null;
  readonly storeId?: string;
}

/**
 * Common table expressions that every report begins with: `span`, the current period, and `sale`, the orders of both
 * periods, labelled, with their store's currency. Cancelled orders never happened: they count nowhere. A return (status
 * `returned`) counts with its negative amounts in revenue and units, but is no order. The store only narrows what row
 * security shows anyway.
 *
 * The bounds are parameters and not rows to join with, because PostgreSQL then estimates how many orders lie between
 * them: with a joined `span` it guessed one in two hundred, and sorted half a million lines on disk.
 */
export const SALES_SCOPE = `
  span AS (SELECT $3::timestamptz AS since, $4::timestamptz AS until),
  sale AS (
    SELECT CASE WHEN o.order_date >= $3::timestamptz THEN 'current' ELSE 'previous' END AS label,
      st.currency, o.store_id, o.order_id, o.customer_id, o.order_date, o.total_amount, o.status = 'returned' AS is_return
    FROM retail.orders o
    JOIN retail.stores st ON st.store_id = o.store_id
    WHERE o.order_date >= $1::timestamptz AND o.order_date < $4::timestamptz
      AND (o.order_date < $2::timestamptz OR o.order_date >= $3::timestamptz)
      AND o.status <> 'cancelled' AND ($5::uuid IS NULL OR o.store_id = $5::uuid)
  )`;

/** The values of $1 to $5. */
export function scopeValues({ current, previous, storeId }: SalesScope): (string | null)[] {
  const before = previous ?? { start: current.start, end: current.start };
  return [before.start, before.end, current.start, current.end, storeId ?? null];
}
