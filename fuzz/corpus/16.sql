SELECT daterange('2026-01-01', NULL) && daterange('2026-01-01', '2026-02-01', '[]'), lower(int4range(1, 5)), '{[1,2)}'::int4multirange @> 1
