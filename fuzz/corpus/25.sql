SELECT e.key, item.value FROM customers AS c, jsonb_each(c.metadata) AS e CROSS JOIN LATERAL jsonb_array_elements(e.value) AS item
