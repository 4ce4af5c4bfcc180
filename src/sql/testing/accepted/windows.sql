-- Window functions, frames, grouping sets and the aggregates beyond sum and count.

SELECT order_number, row_number() OVER (ORDER BY order_date) FROM orders;
SELECT rank() OVER w, dense_rank() OVER w, percent_rank() OVER w, cume_dist() OVER w FROM orders WINDOW w AS (PARTITION BY store_id ORDER BY total_amount DESC);
SELECT ntile(4) OVER (ORDER BY total_amount) AS quartile, count(*) OVER () FROM orders;
SELECT order_date, total_amount - lag(total_amount) OVER (PARTITION BY store_id ORDER BY order_date) AS change FROM orders;
SELECT lead(total_amount, 1, 0) OVER (ORDER BY order_date), lag(total_amount, 2) OVER (ORDER BY order_date) FROM orders;
SELECT first_value(total_amount) OVER w, last_value(total_amount) OVER w, nth_value(total_amount, 2) OVER w FROM orders WINDOW w AS (ORDER BY order_date ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING);
SELECT avg(total_amount) OVER (ORDER BY order_date ROWS BETWEEN 6 PRECEDING AND CURRENT ROW) AS moving FROM orders;
SELECT sum(total_amount) OVER (ORDER BY order_date RANGE BETWEEN INTERVAL '7 days' PRECEDING AND CURRENT ROW) FROM orders;
SELECT sum(total_amount) OVER (ORDER BY order_date RANGE BETWEEN INTERVAL '1 month' PRECEDING AND INTERVAL '1 day' FOLLOWING EXCLUDE CURRENT ROW) FROM orders;
SELECT count(*) OVER (ORDER BY status GROUPS BETWEEN 1 PRECEDING AND 1 FOLLOWING EXCLUDE TIES) FROM orders;
SELECT sum(total_amount) OVER (ORDER BY order_date ROWS BETWEEN 2 PRECEDING AND 1 + 1 FOLLOWING EXCLUDE GROUP) FROM orders;
SELECT sum(total_amount) OVER w AS running, avg(total_amount) OVER (w ROWS 3 PRECEDING) FROM orders WINDOW w AS (PARTITION BY store_id ORDER BY order_date);
SELECT sum(x) OVER b FROM (VALUES (1), (2), (3)) AS v (x) WINDOW a AS (ORDER BY x), b AS (a ROWS 1 PRECEDING);
SELECT total_amount / sum(total_amount) OVER (PARTITION BY store_id) AS share FROM orders;
SELECT * FROM (SELECT o.*, row_number() OVER (PARTITION BY customer_id ORDER BY order_date DESC) AS n FROM orders o) latest WHERE n = 1;
SELECT count(*) FILTER (WHERE status = 'completed') OVER (PARTITION BY store_id) FROM orders;
SELECT array_agg(order_number) OVER (ORDER BY order_date), string_agg(order_number, ',') OVER (ORDER BY order_date) FROM orders;
SELECT sum(sum(total_amount)) OVER (ORDER BY date_trunc('month', order_date)) FROM orders GROUP BY date_trunc('month', order_date);
SELECT date_trunc('month', order_date) AS m, 100.0 * (sum(total_amount) - lag(sum(total_amount)) OVER (ORDER BY date_trunc('month', order_date))) / NULLIF(lag(sum(total_amount)) OVER (ORDER BY date_trunc('month', order_date)), 0) AS growth FROM orders GROUP BY 1;
SELECT regr_slope(total_amount, extract(epoch FROM order_date)) OVER (PARTITION BY store_id) FROM orders;

SELECT status, store_id, count(*) FROM orders GROUP BY GROUPING SETS ((status), (store_id), (status, store_id), ());
SELECT status, store_id, grouping(status, store_id), sum(total_amount) FROM orders GROUP BY CUBE (status, store_id) HAVING grouping(status) = 0;
SELECT status, sum(total_amount) FROM orders GROUP BY ROLLUP (status) ORDER BY grouping(status), 1;
SELECT region_id, is_online, currency, count(*) FROM stores GROUP BY region_id, GROUPING SETS ((is_online), CUBE (currency, is_online));
SELECT status, count(*) FROM orders GROUP BY DISTINCT ROLLUP (status), CUBE (status);
SELECT status, count(*) FROM orders GROUP BY ALL ROLLUP (status), ROLLUP (status);
SELECT count(*) AS all_of_them FROM orders GROUP BY ();

SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY total_amount) AS median FROM orders;
SELECT percentile_cont(ARRAY[0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY total_amount) FROM orders;
SELECT percentile_disc(0.9) WITHIN GROUP (ORDER BY order_date), mode() WITHIN GROUP (ORDER BY status) FROM orders;
SELECT rank(50) WITHIN GROUP (ORDER BY total_amount), dense_rank(50) WITHIN GROUP (ORDER BY total_amount DESC), percent_rank(50) WITHIN GROUP (ORDER BY total_amount), cume_dist(50) WITHIN GROUP (ORDER BY total_amount) FROM orders;
SELECT store_id, percentile_cont(0.95) WITHIN GROUP (ORDER BY total_amount) FILTER (WHERE status = 'completed') FROM orders GROUP BY store_id;
SELECT corr(quantity, unit_price), covar_pop(quantity, unit_price), covar_samp(quantity, unit_price) FROM order_items;
SELECT regr_slope(line_total, quantity), regr_intercept(line_total, quantity), regr_r2(line_total, quantity), regr_count(line_total, quantity), regr_avgx(line_total, quantity), regr_sxx(line_total, quantity) FROM order_items;
SELECT stddev(total_amount), stddev_pop(total_amount), variance(total_amount), var_samp(total_amount), var_pop(total_amount) FROM orders;
SELECT bool_and(discontinued), bool_or(discontinued), every(unit_price > 0) FROM products;
SELECT bit_and(quantity), bit_or(quantity), bit_xor(quantity) FROM order_items;
SELECT string_agg(DISTINCT sku, ', ' ORDER BY sku), array_agg(name ORDER BY unit_price DESC NULLS LAST) FROM products;
SELECT count(DISTINCT customer_id), count(DISTINCT (store_id, customer_id)), count(*) FILTER (WHERE customer_id IS NULL) FROM orders;
SELECT min(name), max(order_date), sum(DISTINCT total_amount), avg(DISTINCT total_amount) FROM orders, stores;
SELECT json_agg(o ORDER BY order_date), jsonb_agg(DISTINCT status), json_object_agg(order_number, total_amount), jsonb_object_agg(order_number, status) FROM orders o;
SELECT avg(total_amount) FILTER (WHERE order_date >= date '2026-01-01') - avg(total_amount) FILTER (WHERE order_date < date '2026-01-01') FROM orders;
SELECT range_agg(daterange(created_at::date, created_at::date + 7)), range_intersect_agg(daterange(created_at::date, created_at::date + 7)) FROM payments;
