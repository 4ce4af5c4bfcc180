SELECT * FROM unnest (ARRAY [JSON_OBJECT ('k' : COALESCE ((NULL)::bit, NULL))]) AS t NATURAL FULL JOIN order_items CROSS JOIN regions
