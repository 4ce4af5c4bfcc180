import { z } from 'zod';
import { percentChange, quotient } from '../decimal.ts';
import { daysOf, type Period } from '../period.ts';
import { SALES_SCOPE } from '../queries/sales-scope.ts';
import { amount, count, report, text } from './report.ts';

/** Days up to a month, weeks up to half a year, then months. */
function trendStep(period: Period): string {
  const days = daysOf(period);
  return days <= 31 ? '1 day' : days <= 182 ? '7 days' : '1 month';
}

/**
 * $6 is the length of a step (an interval). Days and weeks are counted from the start of the period, so that each is whole;
 * months are the calendar's. A step without sales is a row of zeros: growth is over the step before, not the sale before.
 */
const TEXT = `WITH ${SALES_SCOPE},
  step AS (
    SELECT since AS earliest, until AS latest, $6::interval AS length,
      CASE WHEN $6::interval = interval '1 month' THEN date_trunc('month', since, 'UTC') ELSE since END AS origin
    FROM span
  ),
  edge AS (SELECT generate_series(origin, latest - interval '1 microsecond', length) AS begins FROM step),
  stepped AS (
    SELECT CASE WHEN length = interval '1 month' THEN date_trunc('month', order_date, 'UTC')
      ELSE date_bin(length, order_date, origin) END AS begins,
      currency, total_amount, is_return
    FROM sale CROSS JOIN step
  ),
  earned AS (
    SELECT begins, currency, sum(total_amount) AS revenue, count(*) FILTER (WHERE NOT is_return) AS orders
    FROM stepped GROUP BY 1, 2
  ),
  filled AS (
    SELECT begins, currency, coalesce(revenue, 0) AS revenue, coalesce(orders, 0) AS orders,
      begins >= earliest AND begins + length <= latest AS complete
    FROM edge CROSS JOIN (SELECT DISTINCT currency FROM earned) c CROSS JOIN step
    LEFT JOIN earned USING (begins, currency)
  )
  SELECT (begins AT TIME ZONE 'UTC')::date AS begins, currency, revenue, orders, complete,
    CASE WHEN complete AND lag(complete) OVER past THEN lag(revenue) OVER past END AS before,
    CASE WHEN complete AND lag(complete, 2) OVER past THEN
      sum(revenue) OVER (PARTITION BY currency ORDER BY begins ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) END AS last_three
  FROM filled
  WINDOW past AS (PARTITION BY currency ORDER BY begins)
  ORDER BY begins DESC, currency`;

export const salesTrends = report({
  text: TEXT,
  values: (period) => [trendStep(period)],
  shape: {
    begins: text,
    currency: text,
    revenue: amount,
    orders: count,
    complete: z.boolean(),
    before: amount.nullable(),
    last_three: amount.nullable(),
  },
  columns: {
    begins: 'date',
    currency: 'text',
    revenue: 'numeric',
    change_pct: 'numeric',
    moving_average_3: 'numeric',
    orders: 'bigint',
    complete: 'boolean',
  },
  row: (step) => ({
    ...step,
    change_pct: step.before === null ? null : percentChange(step.revenue, step.before),
    moving_average_3: step.last_three === null ? null : quotient(step.last_three, '3', 2),
  }),
});
