SELECT * FROM unnest (ARRAY [COALESCE ((NULL) !~* NULL, NULL)]) AS t, lower_inc (int4range (1, 5)) AS w
