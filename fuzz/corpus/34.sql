SELECT rank() OVER w, lag(total_amount, 1, 0) OVER w, sum(total_amount) OVER (w ROWS BETWEEN 6 PRECEDING AND CURRENT ROW) FROM orders WINDOW w AS (PARTITION BY store_id ORDER BY order_date)
