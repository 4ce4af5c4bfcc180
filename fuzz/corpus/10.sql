SELECT s.name, l.* FROM stores AS s, LATERAL (SELECT sum(total_amount) AS revenue FROM orders AS o WHERE o.store_id = s.store_id) AS l
