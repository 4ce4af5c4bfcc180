SELECT r.a, r.n FROM ROWS FROM (generate_series(1, 3), unnest(ARRAY['x', 'y'])) WITH ORDINALITY AS r(a, b, n) WHERE r.n > 1
