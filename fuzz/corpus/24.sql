SELECT nummultirange (NULL, NULL), x.y FROM (orders AS o JOIN customers AS c USING (store_id) AS j) AS x (y), ONLY stores
