SELECT g.day, g.n FROM generate_series(date '2026-01-01', date '2026-01-05', interval '1 day') WITH ORDINALITY AS g(day, n) LEFT JOIN orders ON order_date::date = g.day
