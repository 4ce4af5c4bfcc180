SELECT substring('a'::bytea, 3, 3), regexp_split_to_table('a'::text, 'a'::text) FROM JSON_TABLE(NULL, '$[*]' COLUMNS (status citext PATH '$' DEFAULT NULL ON EMPTY)) AS t
