-- Schemas, extension, and what the public may no longer do.

DO $$
BEGIN
  EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO aisle_reader, aisle_writer', current_database());
  EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO aisle_loader', current_database());
  EXECUTE format('GRANT CREATE ON DATABASE %I TO aisle_owner', current_database());
END
$$;
REVOKE ALL ON SCHEMA public FROM PUBLIC;

-- A reader has no use for functions that run SQL given as text, change settings or signal other sessions. Only a
-- superuser may take them away, so this hardens where it can (the embedded database, a server of one's own) and no
-- wall depends on it: a managed service answers with a warning.
DO $$
DECLARE
  function regprocedure;
BEGIN
  IF (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
    REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC;
    GRANT USAGE ON LANGUAGE plpgsql TO aisle_owner, aisle_verifier, aisle_loader;
    FOR function IN
      SELECT p.oid FROM pg_proc p
      WHERE p.pronamespace = 'pg_catalog'::regnamespace
        AND p.proname IN ('set_config', 'ts_stat', 'ts_rewrite', 'query_to_xml', 'query_to_xmlschema',
          'query_to_xml_and_xmlschema', 'table_to_xml', 'table_to_xmlschema', 'table_to_xml_and_xmlschema',
          'cursor_to_xml', 'cursor_to_xmlschema', 'schema_to_xml', 'schema_to_xmlschema',
          'schema_to_xml_and_xmlschema', 'database_to_xml', 'database_to_xmlschema',
          'database_to_xml_and_xmlschema', 'pg_cancel_backend', 'pg_terminate_backend', 'lo_create', 'lo_creat',
          'lo_from_bytea', 'lo_put', 'lo_open', 'pg_notify', 'pg_sleep', 'pg_sleep_for', 'pg_sleep_until')
    LOOP
      EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', function);
    END LOOP;
    -- Aisle's entry statement sets the context with set_config. On a server it runs as the reader's own login, which
    -- can become nobody else. The embedded session is a superuser's that takes the reader's role, so there the entry
    -- is planned before the role changes and the reader itself must not have set_config: it would take the role back.
    IF version() NOT LIKE '%PGlite%' THEN
      GRANT EXECUTE ON FUNCTION pg_catalog.set_config(text, text, boolean) TO aisle_reader, aisle_writer;
    END IF;
  END IF;
END
$$;

-- Where only the service's administrator may make extensions, it does so beforehand, in this schema.
CREATE SCHEMA IF NOT EXISTS extensions AUTHORIZATION aisle_owner;
CREATE EXTENSION IF NOT EXISTS vector SCHEMA extensions;

CREATE SCHEMA retail AUTHORIZATION aisle_owner;
CREATE SCHEMA access AUTHORIZATION aisle_owner;
CREATE SCHEMA audit AUTHORIZATION aisle_owner;
COMMENT ON SCHEMA retail IS 'The business: stores, customers, products, orders, stock.';
COMMENT ON SCHEMA access IS 'Who may see which store. Out of reach of every query that a model writes.';
COMMENT ON SCHEMA audit IS 'What was done.';

GRANT USAGE ON SCHEMA extensions TO aisle_owner, aisle_reader, aisle_writer, aisle_loader;
GRANT USAGE ON SCHEMA retail TO aisle_reader, aisle_writer, aisle_loader, aisle_verifier;
GRANT USAGE ON SCHEMA access TO aisle_reader, aisle_writer, aisle_loader, aisle_verifier;
GRANT USAGE ON SCHEMA audit TO aisle_loader;

-- What the owner makes from here on is nobody's until it is granted.
ALTER DEFAULT PRIVILEGES FOR ROLE aisle_owner REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE aisle_verifier REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
