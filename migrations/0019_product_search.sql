-- What product search reads besides the catalogue: a document of each product for full text, and sets of vectors, one of each
-- model. Of two sets one serves; the other is being made, to serve when it is complete (docs/product-search.md).
CREATE EXTENSION IF NOT EXISTS unaccent SCHEMA extensions;
CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA extensions;

SET LOCAL ROLE aisle_owner;
SET LOCAL search_path = retail, extensions, public;

CREATE TEXT SEARCH CONFIGURATION retail.product_text (COPY = pg_catalog.english);
ALTER TEXT SEARCH CONFIGURATION retail.product_text
  ALTER MAPPING FOR asciiword, asciihword, hword_asciipart, word, hword, hword_part WITH extensions.unaccent, pg_catalog.english_stem;
COMMENT ON TEXT SEARCH CONFIGURATION retail.product_text IS 'English, accents or not.';

-- What is searched and embedded of a product: one expression, for the trigger below and for whoever makes vectors.
CREATE VIEW product_texts WITH (security_invoker = true) AS
SELECT p.product_id, p.category_id, p.type_id, p.sku, p.name, t.name AS type_name, c.name AS category_name, p.description,
  concat_ws(E'\n', p.name, t.name || ', ' || c.name, nullif(p.description, '')) AS content
FROM products p JOIN product_types t ON t.type_id = p.type_id JOIN categories c ON c.category_id = p.category_id;
COMMENT ON VIEW product_texts IS 'The words of each product.';

CREATE TABLE product_search (
  product_id   uuid PRIMARY KEY REFERENCES products ON DELETE CASCADE,
  code         text NOT NULL,
  title        text NOT NULL,
  document     tsvector NOT NULL,
  fingerprint  uuid NOT NULL
);
COMMENT ON TABLE product_search IS 'Products as full-text search finds them. Kept by triggers.';
COMMENT ON COLUMN product_search.code IS 'The SKU in capitals, its letters and digits only.';
COMMENT ON COLUMN product_search.title IS 'The name in small letters without accents.';
COMMENT ON COLUMN product_search.document IS 'Weights: A name, B type and category, C description.';
COMMENT ON COLUMN product_search.fingerprint IS 'MD5 of the content of product_texts: a vector of another one is out of date.';

-- What a misspelt word may have meant. Words stay when no product has them any more: they find nothing then.
CREATE TABLE search_words (
  word  text PRIMARY KEY
);
COMMENT ON TABLE search_words IS 'Every word of four letters and more in product_texts, in small letters without accents.';

CREATE FUNCTION retail.refresh_product_search(changed uuid[]) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  -- Somebody else may be at it whose change is not committed yet: what is read below is read after that, and not before.
  PERFORM FROM retail.product_search WHERE product_id = ANY (changed) ORDER BY product_id FOR UPDATE;
  INSERT INTO retail.product_search (product_id, code, title, document, fingerprint)
  SELECT product_id, upper(regexp_replace(sku, '[^[:alnum:]]', '', 'g')), lower(extensions.unaccent('extensions.unaccent', name)),
    setweight(to_tsvector('retail.product_text', name), 'A')
      || setweight(to_tsvector('retail.product_text', concat_ws(' ', type_name, category_name)), 'B')
      || setweight(to_tsvector('retail.product_text', description), 'C'),
    md5(content)::uuid
  FROM retail.product_texts
  WHERE product_id = ANY (changed)
  ON CONFLICT (product_id) DO UPDATE
    SET code = excluded.code, title = excluded.title, document = excluded.document, fingerprint = excluded.fingerprint
    WHERE product_search.fingerprint <> excluded.fingerprint OR product_search.code <> excluded.code;
  -- In one order, so that two who add the same words wait for each other in one direction.
  INSERT INTO retail.search_words (word)
  SELECT DISTINCT word
  FROM retail.product_texts, unnest(tsvector_to_array(to_tsvector('simple', extensions.unaccent('extensions.unaccent', content)))) AS word
  WHERE product_id = ANY (changed) AND word ~ '^[[:alpha:]]{4,}$'
  ORDER BY word
  ON CONFLICT DO NOTHING;
END
$$;

-- Where no word has changed, as with prices, nothing is done and nobody told.
CREATE FUNCTION retail.refresh_changed_products() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  changed uuid[];
BEGIN
  IF TG_OP = 'INSERT' THEN
    changed := ARRAY(SELECT product_id FROM new_rows);
  ELSIF TG_TABLE_NAME = 'products' THEN
    changed := ARRAY(SELECT n.product_id FROM new_rows n LEFT JOIN old_rows o USING (product_id)
      WHERE (n.sku, n.name, n.description, n.category_id, n.type_id) IS DISTINCT FROM (o.sku, o.name, o.description, o.category_id, o.type_id));
  ELSIF TG_TABLE_NAME = 'product_types' THEN
    changed := ARRAY(SELECT p.product_id FROM new_rows n JOIN old_rows o USING (type_id) JOIN retail.products p USING (type_id)
      WHERE n.name <> o.name);
  ELSE
    changed := ARRAY(SELECT p.product_id FROM new_rows n JOIN old_rows o USING (category_id) JOIN retail.products p USING (category_id)
      WHERE n.name <> o.name);
  END IF;
  IF cardinality(changed) > 0 THEN
    PERFORM retail.refresh_product_search(changed);
  END IF;
  RETURN NULL;
END
$$;

GRANT SELECT ON product_texts TO aisle_loader;
GRANT SELECT, INSERT, UPDATE, DELETE ON product_search, search_words TO aisle_loader;
GRANT SELECT ON product_search, search_words TO aisle_reader, aisle_writer;
GRANT EXECUTE ON FUNCTION retail.refresh_product_search(uuid[]) TO aisle_loader;

-- ALWAYS: an import sets session_replication_role (0005), which silences every other trigger.
CREATE TRIGGER search_insert AFTER INSERT ON products REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION retail.refresh_changed_products();
CREATE TRIGGER search_update AFTER UPDATE ON products REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION retail.refresh_changed_products();
CREATE TRIGGER search_update AFTER UPDATE ON product_types REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION retail.refresh_changed_products();
CREATE TRIGGER search_update AFTER UPDATE ON categories REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION retail.refresh_changed_products();
ALTER TABLE products ENABLE ALWAYS TRIGGER search_insert, ENABLE ALWAYS TRIGGER search_update;
ALTER TABLE product_types ENABLE ALWAYS TRIGGER search_update;
ALTER TABLE categories ENABLE ALWAYS TRIGGER search_update;
SELECT retail.refresh_product_search(ARRAY(SELECT product_id FROM products));

CREATE INDEX idx_product_search_document ON product_search USING gin (document);
CREATE INDEX idx_product_search_title ON product_search (title);
CREATE INDEX idx_search_words ON search_words USING gin (word gin_trgm_ops);
CREATE INDEX idx_product_search_code ON product_search (code);
-- Superseded by idx_product_search_document.
DROP INDEX idx_products_fulltext;

-- One set of vectors of one model. Two places, so that the index of each is there before its first vector.
CREATE TABLE embedding_sets (
  slot        smallint PRIMARY KEY CHECK (slot IN (0, 1)),
  set_id      uuid NOT NULL UNIQUE DEFAULT retail.uuid_v7(),
  provider    text NOT NULL CHECK (char_length(provider) BETWEEN 1 AND 40),
  model       text NOT NULL CHECK (char_length(model) BETWEEN 1 AND 200),
  version     text NOT NULL CHECK (char_length(version) <= 100),
  dimensions  integer NOT NULL CHECK (dimensions BETWEEN 1 AND 1536),
  serves      boolean NOT NULL DEFAULT false,
  begun_at    timestamptz NOT NULL DEFAULT now(),
  serves_since timestamptz
);
CREATE UNIQUE INDEX one_embedding_set_serves ON embedding_sets (serves) WHERE serves;
COMMENT ON TABLE embedding_sets IS 'Whose vectors lie in each slot of product_description_embeddings; searches use those of the set that serves.';
COMMENT ON COLUMN embedding_sets.version IS 'Another version of a model is another model: its vectors can''t be compared with those of this one.';

DROP INDEX idx_embeddings_vector;
-- What was there was of no known model.
DELETE FROM product_description_embeddings;
ALTER TABLE product_description_embeddings
  ADD COLUMN slot smallint NOT NULL REFERENCES embedding_sets ON DELETE CASCADE,
  ADD COLUMN fingerprint uuid NOT NULL,
  ALTER COLUMN description_embedding DROP NOT NULL,
  -- In the row and not beside it: a search reads each vector that it compares.
  ALTER COLUMN description_embedding SET STORAGE PLAIN,
  DROP CONSTRAINT product_description_embeddings_pkey,
  -- With the fingerprint: what is out of date is found without reading any vector.
  ADD PRIMARY KEY (slot, product_id) INCLUDE (fingerprint);
COMMENT ON COLUMN product_description_embeddings.description_embedding IS
  'Vectors of fewer dimensions end in zeros, which changes no cosine. NULL: the model refuses this text.';
COMMENT ON COLUMN product_description_embeddings.fingerprint IS 'Of the text that it was made of: that of product_search when it was.';
-- On the embedded database a vector takes 60 ms to go into such an index, and the catalogue of a laptop is compared one by one in less.
DO $$
BEGIN
  IF version() LIKE '%PGlite%' THEN
    RETURN;
  END IF;
  CREATE INDEX idx_embeddings_vector_0 ON retail.product_description_embeddings
    USING hnsw (description_embedding extensions.vector_cosine_ops) WITH (m = 16, ef_construction = 200) WHERE slot = 0;
  CREATE INDEX idx_embeddings_vector_1 ON retail.product_description_embeddings
    USING hnsw (description_embedding extensions.vector_cosine_ops) WITH (m = 16, ef_construction = 200) WHERE slot = 1;
END
$$;

-- Who makes vectors at present, so that several servers do not pay for the same ones.
CREATE TABLE embedding_work (
  only_one      boolean PRIMARY KEY DEFAULT true CHECK (only_one),
  worker        uuid NOT NULL,
  leased_until  timestamptz NOT NULL
);
COMMENT ON TABLE embedding_work IS 'The one process that makes vectors, and until when nobody else does.';

GRANT SELECT ON embedding_sets TO aisle_reader, aisle_writer;
GRANT SELECT, INSERT, UPDATE, DELETE ON embedding_sets, embedding_work TO aisle_loader;

-- What searches read tells of its changes (0015).
DO $$
DECLARE
  watched text;
BEGIN
  FOREACH watched IN ARRAY ARRAY['retail.product_search', 'retail.search_words', 'retail.embedding_sets'] LOOP
    EXECUTE format('CREATE TRIGGER notify_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON %s
      FOR EACH STATEMENT EXECUTE FUNCTION retail.notify_change()', watched);
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER notify_change', watched);
  END LOOP;
END
$$;

-- Who has one in stock.
CREATE INDEX idx_inventory_product ON inventory (product_id, store_id) INCLUDE (stock_level);

RESET ROLE;
