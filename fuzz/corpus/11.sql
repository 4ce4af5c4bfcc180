WITH m AS MATERIALIZED (SELECT store_id, count(*) AS n FROM orders GROUP BY store_id), x AS NOT MATERIALIZED (SELECT n FROM m) SELECT * FROM m, x WHERE m.n IN (1, 2, x.n)
