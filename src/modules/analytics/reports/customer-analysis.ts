import { SALES_SCOPE } from '../queries/sales-scope.ts';
import { amount, average, count, report, text } from './report.ts';

/** `place` ranks within a currency, so that a limit takes the best of each. */
const TEXT = `WITH ${SALES_SCOPE},
  buyer AS (
    SELECT store_id, customer_id, currency, sum(total_amount) AS revenue,
      coalesce(sum(total_amount) FILTER (WHERE NOT is_return), 0) AS sales_amount,
      count(*) FILTER (WHERE NOT is_return) AS orders,
      count(*) FILTER (WHERE is_return) AS returns,
      min(order_date) AS first_order, max(order_date) AS last_order
    FROM sale
    WHERE customer_id IS NOT NULL
    GROUP BY 1, 2, 3
  ),
  ranked AS (
    SELECT *, row_number() OVER (PARTITION BY currency ORDER BY revenue DESC, store_id, customer_id) AS place FROM buyer
  )
  SELECT place, customer_id, customer_number, s.slug AS store, tier, r.currency, revenue, sales_amount, orders, returns,
    (first_order AT TIME ZONE 'UTC')::date AS first_order, (last_order AT TIME ZONE 'UTC')::date AS last_order
  FROM ranked r JOIN retail.customers USING (store_id, customer_id) JOIN retail.stores s USING (store_id)
  WHERE place <= $6::integer
  ORDER BY place, r.currency`;

export const customerAnalysis = report({
  text: TEXT,
  permission: 'read:customers',
  // One more than are sent, so that "there was more" is known. Only these are looked up among the customers.
  values: (_period, limit) => [limit + 1],
  shape: {
    place: count,
    customer_id: text,
    customer_number: text.nullable(),
    store: text,
    tier: text,
    currency: text,
    revenue: amount,
    sales_amount: amount,
    orders: count,
    returns: count,
    first_order: text,
    last_order: text,
  },
  columns: {
    place: 'bigint',
    customer_id: 'uuid',
    customer_number: 'text',
    store: 'text',
    tier: 'text',
    currency: 'text',
    revenue: 'numeric',
    orders: 'bigint',
    returns: 'bigint',
    average_order_value: 'numeric',
    first_order: 'date',
    last_order: 'date',
  },
  row: (customer) => ({
    ...customer,
    average_order_value: average(customer.sales_amount, customer.orders),
  }),
});
