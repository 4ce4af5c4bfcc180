SELECT o.*, (o.*).status, o, upper(o.status) || '!' AS loud FROM orders AS o WHERE o.total_amount > 10.5 AND NOT o.item_count = 0 ORDER BY o.order_date DESC NULLS LAST LIMIT 5 OFFSET 1
