SELECT a IS DISTINCT FROM b, b IS NOT NULL, (a, b) < (1, 2), a = ANY (ARRAY[1, 2]), (a > 1) IS UNKNOWN, ROW(a, b) IS NULL FROM (VALUES (1, 2)) AS v(a, b)
