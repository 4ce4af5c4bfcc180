import { SALES_SCOPE } from './sales-scope.ts';

/**
 * The SQL of each sales_report template. Parameters: $1 to $4 the scope (label `current`, and `previous` where it is
 * compared), then what the template names itself. Amounts are added up per currency, never across currencies; `place`
 * ranks within a currency, so that a limit takes the best of each.
 */
export const DAILY_SALES = `WITH ${SALES_SCOPE},
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

export const TOP_PRODUCTS = `WITH ${SALES_SCOPE},
  sold AS (
    SELECT currency, i.product_id, sum(i.quantity)::bigint AS units, sum(i.line_total) AS revenue,
      count(DISTINCT (i.store_id, i.order_id)) FILTER (WHERE NOT is_return) AS orders
    FROM sale JOIN retail.order_items i USING (store_id, order_id)
    GROUP BY currency, i.product_id
  )
  SELECT row_number() OVER (PARTITION BY currency ORDER BY revenue DESC, sku) AS place,
    p.sku, p.name, c.name AS category, currency, revenue,
    sum(revenue) OVER (PARTITION BY currency) AS whole, units, orders
  FROM sold JOIN retail.products p USING (product_id) JOIN retail.categories c USING (category_id)
  ORDER BY place, currency`;

export const CUSTOMER_ANALYSIS = `WITH ${SALES_SCOPE},
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
  ORDER BY place, r.currency`;

export const CATEGORY_PERFORMANCE = `WITH ${SALES_SCOPE},
  sold AS (
    SELECT currency, p.category_id,
      coalesce(sum(i.line_total) FILTER (WHERE label = 'current'), 0) AS revenue,
      coalesce(sum(i.line_total) FILTER (WHERE label = 'previous'), 0) AS previous_revenue,
      coalesce(sum(i.quantity) FILTER (WHERE label = 'current'), 0)::bigint AS units,
      count(DISTINCT (i.store_id, i.order_id)) FILTER (WHERE label = 'current' AND NOT is_return) AS orders
    FROM sale JOIN retail.order_items i USING (store_id, order_id) JOIN retail.products p USING (product_id)
    GROUP BY currency, p.category_id
    HAVING count(*) FILTER (WHERE label = 'current') > 0
  )
  SELECT row_number() OVER (PARTITION BY currency ORDER BY revenue DESC, name) AS place,
    name AS category, currency, revenue, sum(revenue) OVER (PARTITION BY currency) AS whole, units, orders, previous_revenue
  FROM sold JOIN retail.categories USING (category_id)
  ORDER BY place, currency`;

/**
 * $5 is the length of a step (an interval). Days and weeks are counted from the start of the period, so that each is whole;
 * months are the calendar's. A step without sales is a row of zeros: growth is over the step before, not the sale before.
 */
export const SALES_TRENDS = `WITH ${SALES_SCOPE},
  step AS (
    SELECT since AS earliest, until AS latest, $5::interval AS length,
      CASE WHEN $5::interval = interval '1 month' THEN date_trunc('month', since, 'UTC') ELSE since END AS origin
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
