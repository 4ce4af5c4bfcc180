-- The 22 questions of TPC-H, asked of a retailer in our own words.

-- 1 pricing summary
SELECT o.status, p.discontinued, sum(i.quantity) AS pieces, sum(i.line_total) AS revenue,
  sum(i.line_total * (1 - i.discount / 100)) AS discounted, avg(i.quantity) AS avg_pieces, avg(i.unit_price) AS avg_price, count(*) AS lines
FROM order_items i JOIN orders o USING (store_id, order_id) JOIN products p USING (product_id)
WHERE o.order_date <= timestamptz '2026-12-01' - interval '90 days'
GROUP BY o.status, p.discontinued ORDER BY o.status, p.discontinued;

-- 2 cheapest source of a product
SELECT s.name, p.sku, v.stock_level FROM products p, inventory v, stores s, regions r
WHERE p.product_id = v.product_id AND s.store_id = v.store_id AND s.region_id = r.region_id AND r.name = 'Coast'
  AND p.name LIKE '%hammer' AND v.stock_level = (
    SELECT min(w.stock_level) FROM inventory w, stores t WHERE w.product_id = p.product_id AND t.store_id = w.store_id AND t.region_id = r.region_id)
ORDER BY v.stock_level DESC, s.name, p.sku LIMIT 100;

-- 3 unshipped orders of most value
SELECT i.order_id, sum(i.line_total) AS revenue, o.order_date FROM customers c, orders o, order_items i
WHERE c.tier = 'free' AND c.store_id = o.store_id AND c.customer_id = o.customer_id AND i.store_id = o.store_id AND i.order_id = o.order_id
  AND o.order_date < date '2026-03-15'
GROUP BY i.order_id, o.order_date ORDER BY revenue DESC, o.order_date LIMIT 10;

-- 4 priority checking
SELECT t.priority, count(*) AS tickets FROM support_tickets t
WHERE t.created_at >= date '2026-01-01' AND t.created_at < date '2026-01-01' + interval '3' month
  AND EXISTS (SELECT * FROM orders o WHERE o.store_id = t.store_id AND o.customer_id = t.customer_id AND o.order_date < t.created_at)
GROUP BY t.priority ORDER BY t.priority;

-- 5 local volume
SELECT r.name, sum(i.line_total) AS revenue
FROM regions r JOIN stores s ON s.region_id = r.region_id JOIN orders o ON o.store_id = s.store_id
JOIN order_items i ON i.store_id = o.store_id AND i.order_id = o.order_id
WHERE o.order_date >= date '2026-01-01' AND o.order_date < date '2026-01-01' + interval '1' year
GROUP BY r.name ORDER BY revenue DESC;

-- 6 forecast of a change in revenue
SELECT sum(unit_price * discount) AS revenue FROM order_items
WHERE discount BETWEEN 0.06 - 0.01 AND 0.06 + 0.01 AND quantity < 24;

-- 7 volume between two regions
SELECT from_region, to_region, l_year, sum(volume) AS revenue FROM (
  SELECT a.name AS from_region, b.name AS to_region, extract(year FROM o.order_date) AS l_year, i.line_total AS volume
  FROM stores s, regions a, regions b, orders o, order_items i
  WHERE s.region_id = a.region_id AND o.store_id = s.store_id AND i.store_id = o.store_id AND i.order_id = o.order_id
    AND ((a.name = 'Coast' AND b.name = 'Inland') OR (a.name = 'Inland' AND b.name = 'Coast'))) AS shipping
GROUP BY from_region, to_region, l_year ORDER BY 1, 2, 3;

-- 8 market share
SELECT o_year, sum(CASE WHEN store = 'north' THEN volume ELSE 0 END) / NULLIF(sum(volume), 0) AS share FROM (
  SELECT extract(year FROM o.order_date) AS o_year, i.line_total AS volume, s.slug AS store
  FROM orders o JOIN order_items i USING (store_id, order_id) JOIN stores s USING (store_id)) AS all_stores
GROUP BY o_year ORDER BY o_year;

-- 9 profit by product kind
SELECT category, o_year, sum(amount) AS profit FROM (
  SELECT c.name AS category, extract(year FROM o.order_date) AS o_year, i.line_total - p.cost * i.quantity AS amount
  FROM order_items i JOIN orders o USING (store_id, order_id) JOIN products p USING (product_id) JOIN categories c USING (category_id)
  WHERE p.name LIKE '%hammer%') AS profit
GROUP BY category, o_year ORDER BY category, o_year DESC;

-- 10 customers who return goods
SELECT c.customer_id, c.first_name, sum(-i.line_total) AS lost, c.phone, c.email FROM customers c
JOIN orders o ON o.store_id = c.store_id AND o.customer_id = c.customer_id AND o.status = 'returned'
JOIN order_items i ON i.store_id = o.store_id AND i.order_id = o.order_id
GROUP BY c.customer_id, c.first_name, c.phone, c.email ORDER BY lost DESC LIMIT 20;

-- 11 important stock
SELECT v.product_id, sum(p.cost * v.stock_level) AS value FROM inventory v JOIN products p USING (product_id)
GROUP BY v.product_id
HAVING sum(p.cost * v.stock_level) > (SELECT sum(q.cost * w.stock_level) * 0.0001 FROM inventory w JOIN products q USING (product_id))
ORDER BY value DESC;

-- 12 late and urgent
SELECT o.status, sum(CASE WHEN t.priority IN ('urgent', 'high') THEN 1 ELSE 0 END) AS high,
  sum(CASE WHEN t.priority <> 'urgent' AND t.priority <> 'high' THEN 1 ELSE 0 END) AS low
FROM orders o JOIN support_tickets t ON t.store_id = o.store_id AND t.customer_id = o.customer_id
WHERE o.status IN ('shipped', 'completed') AND t.created_at < o.order_date + interval '1 year'
GROUP BY o.status ORDER BY o.status;

-- 13 how many customers have how many orders
SELECT c_count, count(*) AS customers FROM (
  SELECT c.customer_id, count(o.order_id) FROM customers c
  LEFT OUTER JOIN orders o ON c.store_id = o.store_id AND c.customer_id = o.customer_id AND o.order_number NOT LIKE '%special%'
  GROUP BY c.customer_id) AS counted (customer_id, c_count)
GROUP BY c_count ORDER BY customers DESC, c_count DESC;

-- 14 effect of a promotion
SELECT 100.00 * sum(CASE WHEN p.name LIKE 'Claw%' THEN i.line_total ELSE 0 END) / sum(i.line_total) AS promo_share
FROM order_items i, products p WHERE i.product_id = p.product_id;

-- 15 top store
WITH revenue (store_id, total) AS (
  SELECT o.store_id, sum(i.line_total) FROM orders o JOIN order_items i USING (store_id, order_id)
  WHERE o.order_date >= date '2026-01-01' AND o.order_date < date '2026-01-01' + interval '3' month GROUP BY o.store_id)
SELECT s.store_id, s.name, s.location, total FROM stores s JOIN revenue r ON r.store_id = s.store_id
WHERE total = (SELECT max(total) FROM revenue) ORDER BY s.store_id;

-- 16 how many stores carry what
SELECT t.name, p.discontinued, count(DISTINCT v.store_id) AS carriers
FROM inventory v, products p, product_types t
WHERE p.product_id = v.product_id AND t.type_id = p.type_id AND t.name <> 'Saws' AND p.name NOT LIKE 'Broken%'
  AND p.unit_price::int IN (15, 45, 19) AND v.store_id NOT IN (SELECT store_id FROM stores WHERE location LIKE '%Complaints%')
GROUP BY t.name, p.discontinued ORDER BY carriers DESC, t.name;

-- 17 small quantities
SELECT sum(i.line_total) / 7.0 AS avg_yearly FROM order_items i, products p
WHERE p.product_id = i.product_id AND p.sku = 'HAM-1'
  AND i.quantity < (SELECT 0.2 * avg(x.quantity) FROM order_items x WHERE x.product_id = p.product_id);

-- 18 large orders
SELECT c.first_name, c.customer_id, o.order_id, o.order_date, o.total_amount, sum(i.quantity)
FROM customers c, orders o, order_items i
WHERE o.order_id IN (SELECT order_id FROM order_items GROUP BY order_id HAVING sum(quantity) > 2)
  AND c.customer_id = o.customer_id AND o.order_id = i.order_id
GROUP BY c.first_name, c.customer_id, o.order_id, o.order_date, o.total_amount ORDER BY o.total_amount DESC, o.order_date LIMIT 100;

-- 19 discounted revenue, by alternatives
SELECT sum(i.line_total) AS revenue FROM order_items i, products p
WHERE (p.product_id = i.product_id AND p.sku = 'HAM-1' AND i.quantity >= 1 AND i.quantity <= 1 + 10 AND p.unit_price BETWEEN 1 AND 15)
   OR (p.product_id = i.product_id AND p.sku = 'HAM-2' AND i.quantity >= 10 AND i.quantity <= 10 + 10 AND p.unit_price BETWEEN 1 AND 50);

-- 20 stores with an excess
SELECT s.name, s.location FROM stores s
WHERE s.store_id IN (
  SELECT v.store_id FROM inventory v WHERE v.product_id IN (SELECT product_id FROM products WHERE name LIKE 'Claw%')
    AND v.stock_level > (SELECT 0.5 * sum(i.quantity) FROM order_items i WHERE i.product_id = v.product_id AND i.store_id = v.store_id))
ORDER BY s.name;

-- 21 stores that kept orders waiting
SELECT s.name, count(*) AS waiting FROM stores s, orders a
WHERE s.store_id = a.store_id AND a.status = 'completed'
  AND EXISTS (SELECT * FROM orders b WHERE b.order_number = a.order_number)
  AND NOT EXISTS (SELECT * FROM orders b WHERE b.order_number = a.order_number AND b.store_id <> a.store_id AND b.updated_at > b.created_at)
GROUP BY s.name ORDER BY waiting DESC, s.name LIMIT 100;

-- 22 customers who have not bought for long
SELECT code, count(*) AS customers, sum(total) AS balance FROM (
  SELECT substring(c.phone FROM 1 FOR 2) AS code, (SELECT sum(total_amount) FROM orders o WHERE o.customer_id = c.customer_id) AS total
  FROM customers c WHERE substring(c.phone FROM 1 FOR 2) IN ('13', '31', '23')
    AND NOT EXISTS (SELECT * FROM orders o WHERE o.customer_id = c.customer_id)) AS sleeping
GROUP BY code ORDER BY code;
