-- Shapes of TPC-DS: many channels, reporting over grouping sets, comparisons with other periods.

-- customers who spend more than others of their store
WITH spent AS (SELECT customer_id, store_id, sum(total_amount) AS total FROM orders WHERE status = 'completed' GROUP BY customer_id, store_id)
SELECT c.customer_number FROM spent a JOIN customers c USING (store_id, customer_id)
WHERE a.total > (SELECT avg(total) * 1.2 FROM spent b WHERE a.store_id = b.store_id) ORDER BY 1 LIMIT 100;

-- weekly sales by day of the week
WITH daily AS (SELECT store_id, extract(dow FROM order_date)::int AS dow, date_trunc('week', order_date) AS week, total_amount FROM orders)
SELECT store_id, week, sum(CASE WHEN dow = 0 THEN total_amount END) AS sun, sum(CASE WHEN dow = 1 THEN total_amount END) AS mon,
  sum(CASE WHEN dow = 4 THEN total_amount END) AS thu, sum(CASE WHEN dow = 6 THEN total_amount END) AS sat
FROM daily GROUP BY store_id, week ORDER BY store_id, week;

-- sales by brand of one month in each year
SELECT extract(year FROM o.order_date) AS d_year, p.type_id AS brand_id, t.name AS brand, sum(i.line_total) AS sum_agg
FROM orders o, order_items i, products p, product_types t
WHERE o.order_id = i.order_id AND o.store_id = i.store_id AND i.product_id = p.product_id AND p.type_id = t.type_id AND extract(month FROM o.order_date) = 1
GROUP BY 1, 2, 3 ORDER BY d_year, sum_agg DESC, brand_id LIMIT 100;

-- year over year for the same customer
WITH year_total AS (
  SELECT customer_id, extract(year FROM order_date) AS y, sum(total_amount) AS total, 's' AS channel FROM orders GROUP BY 1, 2
  UNION ALL SELECT o.customer_id, extract(year FROM p.created_at), sum(p.amount), 'w' FROM payments p JOIN orders o USING (store_id, order_id) GROUP BY 1, 2)
SELECT a.customer_id FROM year_total a, year_total b, year_total c
WHERE a.customer_id = b.customer_id AND b.customer_id = c.customer_id AND a.channel = 's' AND b.channel = 's' AND c.channel = 'w' AND a.total > 0
  AND CASE WHEN a.total > 0 THEN b.total / a.total ELSE NULL END > CASE WHEN c.total > 0 THEN c.total / a.total END
ORDER BY a.customer_id LIMIT 100;

-- sales and returns by channel with subtotals
WITH ssr AS (SELECT store_id, sum(CASE WHEN total_amount > 0 THEN total_amount ELSE 0 END) AS sales, sum(CASE WHEN total_amount < 0 THEN -total_amount ELSE 0 END) AS returns FROM orders GROUP BY store_id),
wsr AS (SELECT store_id, sum(amount) AS sales, 0::numeric AS returns FROM payments GROUP BY store_id)
SELECT channel, store_id, sum(sales) AS sales, sum(returns) AS returns, sum(sales - returns) AS profit FROM (
  SELECT 'orders' AS channel, * FROM ssr UNION ALL SELECT 'payments' AS channel, * FROM wsr) x
GROUP BY ROLLUP (channel, store_id) ORDER BY channel, store_id LIMIT 100;

-- share of a class in its category
SELECT p.sku, c.name, t.name AS class, p.unit_price, sum(i.line_total) AS revenue,
  sum(i.line_total) * 100 / sum(sum(i.line_total)) OVER (PARTITION BY t.type_id) AS ratio
FROM order_items i JOIN products p USING (product_id) JOIN product_types t USING (type_id) JOIN categories c ON c.category_id = t.category_id
GROUP BY p.sku, c.name, t.type_id, t.name, p.unit_price ORDER BY c.name, class, p.sku, ratio;

-- buckets of quantities, each with its own average
SELECT CASE WHEN (SELECT count(*) FROM order_items WHERE quantity BETWEEN 1 AND 20) > 1 THEN (SELECT avg(discount) FROM order_items WHERE quantity BETWEEN 1 AND 20)
  ELSE (SELECT avg(line_total) FROM order_items WHERE quantity BETWEEN 1 AND 20) END AS bucket1 FROM regions;

-- customers of all channels
SELECT count(*) FROM (
  (SELECT DISTINCT customer_id, order_date::date FROM orders) EXCEPT (SELECT DISTINCT customer_id, created_at::date FROM support_tickets)) cool;

SELECT count(*) FROM (
  SELECT customer_id FROM orders INTERSECT SELECT customer_id FROM support_tickets INTERSECT SELECT customer_id FROM customers) hot;

-- monthly deviation from the average, by store
SELECT * FROM (
  SELECT s.slug, date_trunc('month', o.order_date) AS moy, sum(o.total_amount) AS sum_sales,
    avg(sum(o.total_amount)) OVER (PARTITION BY s.slug) AS avg_monthly
  FROM orders o JOIN stores s USING (store_id) GROUP BY s.slug, 2) tmp
WHERE CASE WHEN avg_monthly <> 0 THEN abs(sum_sales - avg_monthly) / avg_monthly ELSE NULL END > 0.1 ORDER BY sum_sales - avg_monthly, slug LIMIT 100;

-- neighbours in time by window
WITH v1 AS (
  SELECT p.category_id, date_trunc('month', o.order_date) AS m, sum(i.line_total) AS sum_sales,
    rank() OVER (PARTITION BY p.category_id ORDER BY date_trunc('month', o.order_date)) AS rn
  FROM order_items i JOIN orders o USING (store_id, order_id) JOIN products p USING (product_id) GROUP BY 1, 2)
SELECT v1.category_id, v1.m, v1.sum_sales, lag.sum_sales AS psum, lead.sum_sales AS nsum FROM v1
LEFT JOIN v1 lag ON v1.category_id = lag.category_id AND v1.rn = lag.rn + 1
LEFT JOIN v1 lead ON v1.category_id = lead.category_id AND v1.rn = lead.rn - 1 ORDER BY 1, 2 LIMIT 100;

-- cumulative sums of two channels, where one overtakes the other
WITH web AS (SELECT order_id, created_at::date AS d, sum(sum(amount)) OVER (PARTITION BY order_id ORDER BY created_at::date ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS cume FROM payments GROUP BY order_id, created_at::date),
store AS (SELECT order_id, order_date::date AS d, sum(sum(total_amount)) OVER (PARTITION BY order_id ORDER BY order_date::date ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS cume FROM orders GROUP BY order_id, order_date::date)
SELECT * FROM (SELECT COALESCE(web.order_id, store.order_id) AS order_id, COALESCE(web.d, store.d) AS d, web.cume AS web_sales, store.cume AS store_sales
  FROM web FULL OUTER JOIN store ON web.order_id = store.order_id AND web.d = store.d) y WHERE web_sales > store_sales ORDER BY order_id, d LIMIT 100;

-- worst return ratios, ranked twice
SELECT channel, item, return_ratio, return_rank FROM (
  SELECT 'store' AS channel, item, return_ratio, rank() OVER (ORDER BY return_ratio) AS return_rank, dense_rank() OVER (ORDER BY item) AS item_rank
  FROM (SELECT product_id AS item, sum(CASE WHEN quantity < 0 THEN -quantity ELSE 0 END)::numeric / NULLIF(sum(abs(quantity)), 0) AS return_ratio FROM order_items GROUP BY product_id) r) x
WHERE return_rank <= 10 OR item_rank <= 10 ORDER BY 1, 4, 2;

-- hierarchy with the level of each subtotal
SELECT sum(i.line_total) / NULLIF(sum(p.cost * i.quantity), 0) AS margin, c.name AS category, t.name AS class, grouping(c.name) + grouping(t.name) AS lochierarchy,
  rank() OVER (PARTITION BY grouping(c.name) + grouping(t.name), CASE WHEN grouping(t.name) = 0 THEN c.name END ORDER BY sum(i.line_total)) AS rank_within
FROM order_items i JOIN products p USING (product_id) JOIN product_types t USING (type_id) JOIN categories c ON c.category_id = t.category_id
GROUP BY ROLLUP (c.name, t.name) ORDER BY lochierarchy DESC, category, rank_within LIMIT 100;

-- time of the day
SELECT extract(hour FROM order_date) AS h, CASE WHEN extract(hour FROM order_date) < 12 THEN 'am' ELSE 'pm' END AS half, count(*) FROM orders
GROUP BY extract(hour FROM order_date) ORDER BY h;

-- am to pm ratio
SELECT amc::decimal(15, 4) / NULLIF(pmc::decimal(15, 4), 0) AS am_pm_ratio
FROM (SELECT count(*) AS amc FROM orders WHERE extract(hour FROM order_date) BETWEEN 8 AND 9) at, (SELECT count(*) AS pmc FROM orders WHERE extract(hour FROM order_date) BETWEEN 19 AND 20) pt;

-- statistics of quantities by store
SELECT s.location, count(i.quantity), avg(i.quantity), stddev_samp(i.quantity), stddev_samp(i.quantity) / NULLIF(avg(i.quantity), 0) AS cov
FROM order_items i JOIN stores s USING (store_id) GROUP BY s.location ORDER BY s.location;

-- days from order to payment, in classes
SELECT s.slug, sum(CASE WHEN p.created_at - o.order_date <= interval '30 days' THEN 1 ELSE 0 END) AS "30 days",
  sum(CASE WHEN p.created_at - o.order_date > interval '30 days' AND p.created_at - o.order_date <= interval '60 days' THEN 1 ELSE 0 END) AS "31-60 days"
FROM payments p JOIN orders o USING (store_id, order_id) JOIN stores s USING (store_id) GROUP BY s.slug ORDER BY s.slug;

-- overlap of two sets of buyers
SELECT sum(CASE WHEN ssci.customer_id IS NOT NULL AND csci.customer_id IS NULL THEN 1 ELSE 0 END) AS store_only,
  sum(CASE WHEN ssci.customer_id IS NULL AND csci.customer_id IS NOT NULL THEN 1 ELSE 0 END) AS tickets_only,
  sum(CASE WHEN ssci.customer_id IS NOT NULL AND csci.customer_id IS NOT NULL THEN 1 ELSE 0 END) AS both
FROM (SELECT customer_id FROM orders GROUP BY 1) ssci FULL OUTER JOIN (SELECT customer_id FROM support_tickets GROUP BY 1) csci ON ssci.customer_id = csci.customer_id;
