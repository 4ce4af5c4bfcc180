import { SALES_SCOPE } from '../queries/sales-scope.ts';
import { amount, average, count, report, text } from './report.ts';

const TEXT = `WITH ${SALES_SCOPE},
  unit AS (SELECT store_id, order_id, sum(quantity) AS units FROM sale JOIN retail.order_items USING (store_id, order_id) GROUP BY 1, 2)
  SELECT (order_date AT TIME ZONE 'UTC')::date AS date, currency,
    sum(total_amount) AS revenue,
    coalesce(sum(total_amount) FILTER (WHERE NOT is_return), 0) AS sales_amount,
    count(*) FILTER (WHERE NOT is_return) AS orders,
    count(*) FILTER (WHERE is_return) AS returns,
    coalesce(sum(units), 0)::bigint AS units
  FROM sale LEFT JOIN unit USING (store_id, order_id)
  GROUP BY 1, 2
  ORDER BY 1 DESC, 2`;

export const dailySales = report({
  text: TEXT,
  shape: {
    date: text,
    currency: text,
    revenue: amount,
    sales_amount: amount,
    orders: count,
    returns: count,
    units: count,
  },
  columns: {
    date: 'date',
    currency: 'text',
    revenue: 'numeric',
    orders: 'bigint',
    returns: 'bigint',
    units: 'bigint',
    average_order_value: 'numeric',
  },
  row: (day) => ({ ...day, average_order_value: average(day.sales_amount, day.orders) }),
});
