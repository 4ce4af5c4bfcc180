SELECT E'don\'t', U&'d\0061t', N'n', B'101', X'1F', $q$ it's /* $q$, true, 1e3, 0x1F, 1_000, date '2026-01-15', interval '1' month, '{}'::int[][], 'a'::char(3)
