-- What people ask of a shop: cohorts, baskets, recency, stock, service.

SELECT s.name, date_trunc('month', o.order_date)::date AS month, sum(o.total_amount) AS revenue, count(*) AS orders, round(avg(o.total_amount), 2) AS basket FROM stores s JOIN orders o USING (store_id) WHERE o.status <> 'cancelled' GROUP BY s.name, 2 ORDER BY 1, 2;
SELECT p.name, sum(i.quantity) AS pieces, sum(i.line_total) AS revenue FROM order_items i JOIN products p USING (product_id) GROUP BY p.product_id ORDER BY revenue DESC LIMIT 10;
SELECT c.name AS category, sum(i.line_total) AS revenue, round(100 * sum(i.line_total) / sum(sum(i.line_total)) OVER (), 1) AS pct FROM order_items i JOIN products p USING (product_id) JOIN categories c USING (category_id) GROUP BY c.name ORDER BY revenue DESC;
SELECT p.sku, v.stock_level, v.reorder_level FROM inventory v JOIN products p USING (product_id) WHERE v.stock_level <= v.reorder_level ORDER BY v.stock_level;
SELECT p.name, (p.unit_price - p.cost) / NULLIF(p.unit_price, 0) AS margin FROM products p WHERE p.cost IS NOT NULL ORDER BY margin DESC NULLS LAST;
WITH rfm AS (SELECT customer_id, max(order_date) AS last, count(*) AS frequency, sum(total_amount) AS monetary FROM orders GROUP BY customer_id)
SELECT customer_id, ntile(5) OVER (ORDER BY last) AS r, ntile(5) OVER (ORDER BY frequency) AS f, ntile(5) OVER (ORDER BY monetary) AS m FROM rfm;
WITH first AS (SELECT customer_id, date_trunc('month', min(order_date)) AS cohort FROM orders GROUP BY customer_id)
SELECT f.cohort, (extract(year FROM age(date_trunc('month', o.order_date), f.cohort)) * 12 + extract(month FROM age(date_trunc('month', o.order_date), f.cohort)))::int AS month_no, count(DISTINCT o.customer_id) FROM first f JOIN orders o USING (customer_id) GROUP BY 1, 2 ORDER BY 1, 2;
SELECT a.product_id, b.product_id, count(*) AS together FROM order_items a JOIN order_items b ON a.store_id = b.store_id AND a.order_id = b.order_id AND a.product_id < b.product_id GROUP BY 1, 2 ORDER BY together DESC LIMIT 20;
WITH totals AS (SELECT product_id, sum(line_total) AS revenue FROM order_items GROUP BY 1), ranked AS (SELECT *, sum(revenue) OVER (ORDER BY revenue DESC) / sum(revenue) OVER () AS cume FROM totals)
SELECT product_id, CASE WHEN cume <= 0.8 THEN 'A' WHEN cume <= 0.95 THEN 'B' ELSE 'C' END AS class FROM ranked;
SELECT customer_id, order_date, order_date - lag(order_date) OVER (PARTITION BY customer_id ORDER BY order_date) AS gap FROM orders ORDER BY 1, 2;
WITH marked AS (SELECT order_date::date AS d, order_date::date - (row_number() OVER (ORDER BY order_date::date))::int AS island FROM orders GROUP BY order_date::date, order_date)
SELECT min(d), max(d), count(*) FROM marked GROUP BY island ORDER BY 1;
SELECT method, status, count(*), sum(amount) FROM payments GROUP BY method, status ORDER BY 4 DESC;
SELECT o.order_number, o.total_amount - COALESCE(sum(p.amount), 0) AS open FROM orders o LEFT JOIN payments p ON p.store_id = o.store_id AND p.order_id = o.order_id AND p.status = 'captured' GROUP BY o.order_number, o.total_amount HAVING o.total_amount <> COALESCE(sum(p.amount), 0);
SELECT t.status, t.priority, count(*), avg(extract(epoch FROM t.resolved_at - t.created_at) / 3600)::numeric(10, 1) AS hours FROM support_tickets t GROUP BY CUBE (t.status, t.priority);
SELECT c.email, t.subject FROM support_tickets t JOIN customers c USING (store_id, customer_id) WHERE t.status IN ('open', 'pending') ORDER BY CASE t.priority WHEN 'urgent' THEN 0 WHEN 'high' THEN 1 ELSE 2 END, t.created_at;
SELECT extract(isodow FROM order_date) AS weekday, extract(hour FROM order_date) AS hour, count(*) FROM orders GROUP BY 1, 2 ORDER BY 1, 2;
SELECT s.slug, sum(o.total_amount) FILTER (WHERE extract(year FROM o.order_date) = 2026) AS this_year, sum(o.total_amount) FILTER (WHERE extract(year FROM o.order_date) = 2025) AS last_year FROM stores s LEFT JOIN orders o USING (store_id) GROUP BY s.slug;
SELECT c.tier, count(*) AS customers, count(o.order_id) AS orders, round(count(o.order_id)::numeric / count(DISTINCT c.customer_id), 2) AS per_customer FROM customers c LEFT JOIN orders o USING (store_id, customer_id) GROUP BY c.tier;
SELECT s.name, r.name AS region, s.currency FROM stores s LEFT JOIN regions r USING (region_id) WHERE NOT s.is_online ORDER BY lower(s.name);
SELECT o.status, count(*) * 100.0 / sum(count(*)) OVER () AS pct FROM orders o GROUP BY o.status;
SELECT sum(CASE WHEN i.quantity < 0 THEN i.line_total END) / NULLIF(sum(CASE WHEN i.quantity > 0 THEN i.line_total END), 0) AS return_rate FROM order_items i;
SELECT date_trunc('quarter', order_date) AS q, sum(total_amount), sum(sum(total_amount)) OVER (ORDER BY date_trunc('quarter', order_date)) AS running FROM orders GROUP BY 1;
SELECT customer_id FROM orders GROUP BY customer_id HAVING max(order_date) < now() - interval '180 days' AND count(*) > 1;
SELECT percentile_cont(ARRAY[0.5, 0.9, 0.99]) WITHIN GROUP (ORDER BY total_amount) AS basket FROM orders WHERE status = 'completed';
SELECT p.name, COALESCE(sold.pieces, 0) AS sold, v.stock_level, round(v.stock_level / NULLIF(sold.pieces / 30.0, 0), 1) AS days_left FROM products p JOIN inventory v USING (product_id) LEFT JOIN (SELECT product_id, sum(quantity) AS pieces FROM order_items GROUP BY 1) AS sold USING (product_id);
