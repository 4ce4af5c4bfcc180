-- What stands around the tables that may be read, so that a statement which reaches too far reaches something: tables
-- in other schemas or named like CTEs, functions and the catalogue; functions on bare values under the names of columns;
-- operators, casts, domains. Each holds a canary. Left out: functions on the row types of readable tables, and functions
-- of the search path named like built-in ones. These an operator has defined as part of the data.
CREATE EXTENSION fuzzystrmatch SCHEMA extensions;
CREATE EXTENSION citext SCHEMA extensions;
CREATE SCHEMA other;
CREATE EXTENSION tablefunc SCHEMA other;
CREATE EXTENSION hstore SCHEMA other;

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['retail.secrets', 'retail.t', 'retail.x', 'retail.w', 'retail.o', 'retail.cte', 'retail.recent',
    'retail.lower', 'retail.unnest', 'retail.generate_series', 'retail.value', 'retail.pg_class', 'retail."Orders"',
    'other.orders', 'other.stores', 'other.t', 'public.orders', 'public.secrets', 'extensions.secrets', 'extensions.x'] LOOP
    EXECUTE 'CREATE TABLE ' || name || ' (store_id uuid, order_id uuid, n integer, value text, secret text)';
    EXECUTE 'INSERT INTO ' || name || ' VALUES (gen_random_uuid(), gen_random_uuid(), 1, ''CANARY'', ''CANARY'')';
  END LOOP;
  FOREACH name IN ARRAY ARRAY['text', 'integer', 'bigint', 'numeric', 'jsonb', 'uuid', 'timestamptz', 'date', 'interval'] LOOP
    EXECUTE format('CREATE FUNCTION retail.leak(%s) RETURNS text LANGUAGE sql AS $f$ SELECT secret FROM retail.secrets $f$', name);
    EXECUTE format('CREATE FUNCTION retail.value(%s) RETURNS text LANGUAGE sql AS $f$ SELECT secret FROM retail.secrets $f$', name);
    EXECUTE format('CREATE FUNCTION retail.key(%s) RETURNS text LANGUAGE sql AS $f$ SELECT secret FROM retail.secrets $f$', name);
    EXECUTE format('CREATE FUNCTION retail.ordinality(%s) RETURNS text LANGUAGE sql AS $f$ SELECT secret FROM retail.secrets $f$', name);
    EXECUTE format('CREATE FUNCTION retail.order_id(%s) RETURNS text LANGUAGE sql AS $f$ SELECT secret FROM retail.secrets $f$', name);
    EXECUTE format('CREATE FUNCTION other.lower(%s) RETURNS text LANGUAGE sql AS $f$ SELECT secret FROM retail.secrets $f$', name);
  END LOOP;
END
$$;
CREATE FUNCTION retail.leak() RETURNS text LANGUAGE sql AS 'SELECT secret FROM retail.secrets';
CREATE FUNCTION retail.leak_join(text, text) RETURNS text LANGUAGE sql AS 'SELECT secret FROM retail.secrets';
CREATE AGGREGATE retail.leak_all(text) (sfunc = retail.leak_join, stype = text);
CREATE OPERATOR retail.### (leftarg = text, rightarg = text, function = retail.leak_join);
CREATE OPERATOR other.|| (leftarg = text, rightarg = text, function = retail.leak_join);
CREATE OPERATOR other.<=> (leftarg = text, rightarg = text, function = retail.leak_join);
CREATE DOMAIN other.spy AS text CHECK (retail.leak(VALUE) IS NOT NULL);
CREATE DOMAIN retail.spy AS text CHECK (retail.leak(VALUE) IS NOT NULL);
CREATE DOMAIN other.vector AS text CHECK (retail.leak(VALUE) IS NOT NULL);
CREATE TYPE retail.mood AS ENUM ('CANARY', 'calm');
CREATE VIEW retail.every_secret AS SELECT * FROM retail.secrets;
CREATE MATERIALIZED VIEW retail.old_secrets AS SELECT * FROM retail.secrets;
CREATE SEQUENCE retail.counter;
SELECT lo_from_bytea(4242, 'CANARY');
SELECT nextval('retail.counter');

INSERT INTO retail.regions (slug, name) VALUES ('coast', 'Coast');
INSERT INTO retail.stores (slug, name, location, region_id) SELECT 's' || n, 'Store ' || n, n || ' Road', region_id
  FROM generate_series(1, 3) n, retail.regions;
INSERT INTO private.customers (store_id, customer_number, first_name, email, metadata)
  SELECT store_id, slug || n, 'Ann', slug || n || '@example.com', '{"a": [1, {"b": "c"}]}' FROM retail.stores, generate_series(1, 3) n;
INSERT INTO retail.categories (name) VALUES ('Tools'), ('Paint');
INSERT INTO retail.product_types (category_id, name) SELECT category_id, 'Any' FROM retail.categories;
INSERT INTO retail.products (sku, name, description, category_id, type_id, unit_price)
  SELECT 'P-' || type_id, 'Claw hammer', 'A hammer for nails', category_id, type_id, 14.93 FROM retail.product_types;
INSERT INTO retail.orders (store_id, order_number, customer_id, order_date, status, total_amount, item_count)
  SELECT store_id, customer_number, customer_id, '2026-01-15', 'completed', 29.86, 1 FROM private.customers;
INSERT INTO retail.order_items (store_id, order_id, line_number, product_id, quantity, unit_price)
  SELECT store_id, order_id, 1, product_id, 2, 14.93 FROM retail.orders, (SELECT product_id FROM retail.products LIMIT 1) p;
INSERT INTO retail.inventory (store_id, product_id, stock_level) SELECT store_id, product_id, 7 FROM retail.stores, retail.products;
