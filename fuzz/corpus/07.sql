SELECT * FROM orders NATURAL FULL JOIN order_items CROSS JOIN regions
