-- Whoever remembers answers must hear of changes, whoever makes them. Each statement that changes a table tells its name,
-- and where it touched the rows of few stores, theirs: `NOTIFY aisle_changes, 'retail.orders <store_id> <store_id>'`.
-- PostgreSQL sends it when the transaction commits, in the order of commits (docs/caching.md).
SET LOCAL ROLE aisle_owner;

-- NOTIFY as a statement: the function pg_notify may have been taken from everybody (0001).
CREATE FUNCTION retail.notify_change() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  EXECUTE format('NOTIFY aisle_changes, %L', TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME);
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION retail.notify_change() IS 'Tells the listeners of aisle_changes which table was changed.';

CREATE FUNCTION retail.notify_change_of_stores() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  few CONSTANT integer := 16;
  touched text[];
BEGIN
  -- A row that moves from one store to another changes both.
  IF TG_OP = 'INSERT' THEN
    touched := ARRAY(SELECT DISTINCT store_id::text FROM new_rows LIMIT few + 1);
  ELSIF TG_OP = 'DELETE' THEN
    touched := ARRAY(SELECT DISTINCT store_id::text FROM old_rows LIMIT few + 1);
  ELSE
    touched := ARRAY(SELECT DISTINCT store_id::text
      FROM (SELECT store_id FROM old_rows UNION ALL SELECT store_id FROM new_rows) AS both_rows LIMIT few + 1);
  END IF;
  IF cardinality(touched) = 0 THEN
    RETURN NULL;
  END IF;
  EXECUTE format('NOTIFY aisle_changes, %L', concat_ws(' ', TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME,
    CASE WHEN cardinality(touched) <= few THEN array_to_string(touched, ' ') END));
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION retail.notify_change_of_stores() IS
  'Tells the listeners of aisle_changes which table was changed, and of which stores, where they are few.';

-- ALWAYS: an import sets session_replication_role (0005), which silences every other trigger.
DO $$
DECLARE
  watched text;
BEGIN
  FOREACH watched IN ARRAY ARRAY['retail.stores', 'private.customers', 'retail.orders', 'retail.order_items',
    'retail.inventory', 'retail.support_tickets', 'retail.payments'] LOOP
    EXECUTE format('CREATE TRIGGER notify_insert AFTER INSERT ON %s REFERENCING NEW TABLE AS new_rows
      FOR EACH STATEMENT EXECUTE FUNCTION retail.notify_change_of_stores()', watched);
    EXECUTE format('CREATE TRIGGER notify_update AFTER UPDATE ON %s REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
      FOR EACH STATEMENT EXECUTE FUNCTION retail.notify_change_of_stores()', watched);
    EXECUTE format('CREATE TRIGGER notify_delete AFTER DELETE ON %s REFERENCING OLD TABLE AS old_rows
      FOR EACH STATEMENT EXECUTE FUNCTION retail.notify_change_of_stores()', watched);
    EXECUTE format('CREATE TRIGGER notify_truncate AFTER TRUNCATE ON %s
      FOR EACH STATEMENT EXECUTE FUNCTION retail.notify_change()', watched);
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER notify_insert, ENABLE ALWAYS TRIGGER notify_update,
      ENABLE ALWAYS TRIGGER notify_delete, ENABLE ALWAYS TRIGGER notify_truncate', watched);
  END LOOP;
  -- What belongs to no store: the catalogue, and who may see what.
  FOREACH watched IN ARRAY ARRAY['retail.regions', 'retail.categories', 'retail.product_types', 'retail.products',
    'retail.product_description_embeddings', 'access.subjects', 'access.grants', 'access.subject_roles'] LOOP
    EXECUTE format('CREATE TRIGGER notify_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON %s
      FOR EACH STATEMENT EXECUTE FUNCTION retail.notify_change()', watched);
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER notify_change', watched);
  END LOOP;
END
$$;

-- An answer that was given again was no query: the record says where it came from.
ALTER TABLE audit.tool_calls ADD COLUMN answered_from text
  CHECK (answered_from IN ('memory', 'redis', 'shared', 'stale'));
COMMENT ON COLUMN audit.tool_calls.answered_from IS
  'Which cache the answer came from, shared: from a call of the same question that was running; NULL: it was computed for this call.';

RESET ROLE;
