-- Numbers, text, conditions, casts, comments and literals.

SELECT round(unit_price, 1), ceil(unit_price), floor(unit_price), trunc(unit_price, 1), abs(-unit_price), sign(unit_price) FROM products;
SELECT unit_price % 3, mod(quantity, 2), div(quantity, 2), quantity / 2.0, -quantity, +quantity FROM order_items;
SELECT power(1 + 0.05, 12), 2 ^ 10, sqrt(2), cbrt(27), |/ 25.0, ||/ 27.0, @ -5;
SELECT (74.64 / 44.78) ^ (1.0 / 3) - 1 AS cagr, exp(1.0), ln(2.0), log(100), log(2.0, 64.0), pi(), degrees(1), radians(180);
SELECT greatest(cost, unit_price, 0), least(cost, unit_price), coalesce(cost, 0), nullif(cost, 0) FROM products;
SELECT width_bucket(total_amount, 0, 100, 10) AS bucket, count(*) FROM orders GROUP BY 1;
SELECT width_bucket(total_amount, ARRAY[10, 50, 100]::numeric[]) FROM orders;
SELECT factorial(5), gcd(12, 18), lcm(4, 6), scale(1.50), trim_scale(1.50), min_scale(1.50);
SELECT 7 & 3, 7 | 8, 7 # 2, ~ 7, 1 << 4, 256 >> 2, bit_count(B'1011');
SELECT random() < 2, setweight(to_tsvector('a'), 'A');
SELECT sin(1), cos(1), tan(1), asin(1), acos(1), atan(1), atan2(1, 2), sinh(1), cosh(1), tanh(1), sind(30);
SELECT CASE WHEN total_amount > 50 THEN 'large' WHEN total_amount > 20 THEN 'middle' ELSE 'small' END AS size, count(*) FROM orders GROUP BY 1;
SELECT CASE status WHEN 'completed' THEN 1 WHEN 'returned' THEN -1 ELSE 0 END FROM orders;
SELECT upper(name), lower(name), initcap(name), length(name), char_length(name), octet_length(name), reverse(name), left(name, 3), right(name, 3) FROM products;
SELECT name || ' (' || sku || ')', concat(name, ' ', sku), concat_ws(', ', name, NULL, sku) FROM products;
SELECT substring(name FROM 2 FOR 3), substring(name, 2), substring(name FROM '[a-z]+'), substr(name, 1, 4), position('a' IN name), strpos(name, 'a') FROM products;
SELECT substring(name SIMILAR '%#"h_mmer#"%' ESCAPE '#') FROM products;
SELECT trim(name), trim(both 'C' from name), ltrim(name, 'C'), rtrim(name), btrim(name, 'Cr'), trim(leading from name) FROM products;
SELECT replace(name, ' ', '_'), translate(name, 'abc', 'xyz'), overlay(name PLACING '***' FROM 1 FOR 3), split_part(name, ' ', 1) FROM products;
SELECT lpad(item_count::text, 5, '0'), rpad(order_number, 10), repeat('*', 20), repeat('#', least(item_count, 100)::int) FROM orders;
SELECT rpad(repeat('#', least(item_count, 20)::int), 20, '.') AS bar FROM orders;
SELECT format('%s: %s', name, unit_price), format('%1$s-%1$s|%2$10s|%3$-10s|', sku, name, sku), format('100 %%') FROM products;
SELECT regexp_replace(phone, '[^0-9]', '', 'g'), regexp_replace(first_name, '^(.)(.*)$', '\2\1') FROM customers;
SELECT regexp_match(sku, '([A-Z]+)-([0-9]+)'), (regexp_match(sku, '^([A-Z]+)-'))[1], (regexp_matches(sku, '[A-Z]', 'g'))[1] FROM products;
SELECT regexp_count(name, 'm'), regexp_instr(name, 'm'), regexp_like(name, '^C'), regexp_substr(name, '[a-z]+') FROM products;
SELECT regexp_split_to_array(name, '\s+'), string_to_array(name, ' ') FROM products;
SELECT * FROM products WHERE name ~ '^[A-Z]' AND name ~* 'HAMMER' AND name !~ 'x{3}' AND name !~* 'zz';
SELECT * FROM products WHERE name LIKE 'Claw%' AND name ILIKE '%HAMMER' AND sku NOT LIKE 'X!_%' ESCAPE '!' AND name NOT ILIKE 'q%';
SELECT * FROM products WHERE name SIMILAR TO '(Claw|Sledge)%' AND name NOT SIMILAR TO '[0-9]+' AND starts_with(sku, 'HAM') AND sku ^@ 'H';
SELECT * FROM products WHERE unit_price BETWEEN 10 AND 20 AND unit_price NOT BETWEEN 90 AND 80 AND unit_price BETWEEN SYMMETRIC 50 AND 1;
SELECT cost IS NULL, cost IS NOT NULL, cost ISNULL, cost NOTNULL, discontinued IS TRUE, discontinued IS NOT FALSE, (cost > 1) IS UNKNOWN FROM products;
SELECT cost IS DISTINCT FROM unit_price, cost IS NOT DISTINCT FROM unit_price, (cost, unit_price) < (1, 2), ROW(cost, sku) IS NOT NULL FROM products;
SELECT num_nulls(cost, sku), num_nonnulls(cost, sku) FROM products WHERE NOT discontinued AND (cost > 1 OR cost IS NULL);
SELECT md5(email), encode(sha256(email::bytea), 'hex'), encode('abc'::bytea, 'base64'), decode('YWJj', 'base64') FROM customers;
SELECT ascii('a'), chr(65), to_hex(255), unistr('d\0061t'), bit_length('abc'), array_to_string(ARRAY['a', NULL, 'b'], ',', '*');
SELECT name COLLATE "C" FROM products ORDER BY name COLLATE "C" DESC;
SELECT unit_price::int, CAST(unit_price AS double precision), unit_price::text, '12.5'::numeric(10, 2), '1'::int2, real '1.5', bigint '9' FROM products;
SELECT int4 '7', float8(cost), pg_catalog.int8(cost), text(quantity), date(now()) FROM products JOIN order_items USING (product_id);
SELECT 'true'::bool, 'x'::char(3), 'x'::varchar(10), 'x'::bpchar, B'101'::bit(3), '101'::bit varying(5), '1'::money, gen_random_uuid() IS NULL, 'a0000000-0000-4000-8000-000000000001'::uuid;
SELECT E'don\'t', U&'d\0061t', N'n', B'101', X'1F', $$it's$$, $q$; drop table $$ $q$, 'it''s';
SELECT 'first'
  'second' AS continued;
SELECT U&'d!0061t' UESCAPE '!', U&"sku" FROM products;
SELECT 'drop table orders; -- not a comment /*' AS note, '/*' || '*/' FROM orders;
/* monthly /* nested */ report */ SELECT count(*) -- all of them
FROM orders;
-- a comment with 'quotes and ; semicolons

SELECT 1.5e3, .5, 5., 1e-3, 9223372036854775808, -1;
SELECT to_char(unit_price, 'FM999G990D00'), to_number('1,234.5', '9G999D9'), to_char(now(), 'IYYY-IW') FROM products;
SELECT store_id::text || ':' || order_id AS key FROM orders;
SELECT count(*) AS "count", sum(item_count) AS "sum" FROM orders AS "select";
SELECT host('10.0.0.1'::inet), '10.0.0.0/8'::cidr >> '10.1.2.3'::inet, masklen('10.0.0.0/8');
SELECT point '(1,2)' <-> point '(4,6)', circle '((0,0),2)' @> point '(1,1)';
