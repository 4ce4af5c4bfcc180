SELECT t.a[1], t.a[2:3], t.a[:2], array_length(t.a, 1), t.a && ARRAY[1], ARRAY(SELECT 1), unnest(t.a), ARRAY[[1, 2], [3, 4]] FROM (SELECT ARRAY[1, 2, 3] AS a) AS t
