-- SQL/JSON of the standard and other syntax that PostgreSQL has from 17 on.

SELECT JSON_OBJECT('name': name, 'price': unit_price ABSENT ON NULL) FROM products;
SELECT JSON_OBJECT('k' VALUE sku WITH UNIQUE KEYS RETURNING jsonb) FROM products;
SELECT JSON_ARRAY(1, 'a', NULL NULL ON NULL), JSON_ARRAY(SELECT sku FROM products ORDER BY sku);
SELECT JSON_ARRAYAGG(sku ORDER BY sku), JSON_OBJECTAGG(sku: name), JSON_ARRAYAGG(sku) FILTER (WHERE cost > 1) FROM products;
SELECT metadata IS JSON, '[]' IS JSON ARRAY, '{}' IS NOT JSON SCALAR, '{"a": 1, "a": 2}' IS JSON OBJECT WITH UNIQUE KEYS FROM (SELECT metadata::text FROM orders) o;
SELECT JSON('{"a": 1}'), JSON_SCALAR(1.5), JSON_SERIALIZE('{"a": 1}' RETURNING text);
SELECT JSON_VALUE(metadata, '$.a' RETURNING int DEFAULT 0 ON EMPTY NULL ON ERROR) FROM orders;
SELECT JSON_QUERY(metadata, '$.items' WITH CONDITIONAL WRAPPER EMPTY ARRAY ON EMPTY), JSON_EXISTS(metadata, '$.a ? (@ > $x)' PASSING 1 AS x) FROM orders;
SELECT jt.id, jt.x FROM JSON_TABLE('[{"id": 1, "x": ["a", "b"]}]', '$[*]' COLUMNS (n FOR ORDINALITY, id int PATH '$.id', has boolean EXISTS PATH '$.y', NESTED PATH '$.x[*]' COLUMNS (x text PATH '$'))) AS jt;
SELECT o.order_number, jt.k FROM orders o, JSON_TABLE(o.metadata, '$' PASSING 1 AS one COLUMNS (k text PATH '$.k' DEFAULT 'none' ON EMPTY, whole jsonb FORMAT JSON PATH '$')) AS jt;
SELECT 1_000 + 0x1F + 0o17 + 0b11;
SELECT now() AT LOCAL;
SELECT * FROM (SELECT 1 AS a);
SELECT any_value(status), random_normal() IS NOT NULL FROM orders;
