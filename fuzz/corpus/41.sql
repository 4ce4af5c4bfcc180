SELECT JSON_OBJECT ('k' : (ROW (JSON_OBJECT ('k' : NULL), NULL))::bpchar), nummultirange (NULL, NULL), x.y FROM (orders AS o JOIN customers AS c USING (store_id) AS j) AS x (y), ONLY stores
