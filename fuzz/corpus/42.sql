SELECT * FROM unnest (ARRAY [JSON_OBJECT (regexp_substr ('a'::text, 'a'::text, 3) BETWEEN NULL AND NULL : COALESCE ((NULL)::bit, NULL))]) AS t NATURAL FULL JOIN order_items CROSS JOIN regions
