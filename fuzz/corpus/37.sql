SELECT DISTINCT ON (customer_id) customer_id, order_date::date, CAST(total_amount AS numeric(12, 2)) FROM retail.orders ORDER BY customer_id, order_date USING >
