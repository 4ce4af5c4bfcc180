SELECT r.a, r.b FROM customers AS c, jsonb_to_record(c.metadata) AS r(a jsonb, b text COLLATE "C")
