SELECT name FROM products WHERE unit_price > ALL (SELECT avg(unit_price) FROM products GROUP BY category_id) AND EXISTS (SELECT FROM order_items AS i WHERE i.product_id = products.product_id)
