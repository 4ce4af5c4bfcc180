-- The roles of Aisle, and who may become which. Roles belong to the whole PostgreSQL cluster and not to one database,
-- so this file is not a numbered migration: it runs before each migration and may run any number of times.
--
--   aisle_owner     owns every object, migrates; row security is forced on it and no policy lets it see a tenant's row
--   aisle_loader    seeds and imports; sees every store by a policy of its own; nobody logs in as it
--   aisle_verifier  owns the function that turns a signed context into stores; nobody logs in as it
--   aisle_masker    owns the view that masks personal data, and is confined by row security like the reader; no login either
--   aisle_reader    runs model SQL: SELECT on the listed tables, nothing else
--   aisle_writer    runs the domain tools
--   aisle_auditor       appends to the audit logs: INSERT, and the heads of their chains
--   aisle_audit_reader  reads the audit logs; nobody logs in as it
-- None is a superuser, none has BYPASSRLS, none can log in. On a PostgreSQL server Aisle makes logins for each
-- database, one in aisle_reader and one in aisle_auditor (src/data/postgres-logins.ts).
DO $$
DECLARE
  wanted text;
BEGIN
  FOREACH wanted IN ARRAY ARRAY['aisle_owner', 'aisle_loader', 'aisle_verifier', 'aisle_masker', 'aisle_reader', 'aisle_writer',
    'aisle_auditor', 'aisle_audit_reader'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
      BEGIN
        EXECUTE format('CREATE ROLE %I NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION', wanted);
      EXCEPTION WHEN duplicate_object OR unique_violation THEN
        NULL; -- another database of this cluster was being prepared at the same moment
      END;
    END IF;
  END LOOP;
  -- The migrating user acts as owner, verifier, loader and reader of the audit by SET ROLE, and hands the view to the masker.
  FOREACH wanted IN ARRAY ARRAY['aisle_owner', 'aisle_verifier', 'aisle_loader', 'aisle_masker', 'aisle_audit_reader'] LOOP
    IF NOT pg_has_role(current_user, wanted, 'USAGE') THEN
      EXECUTE format('GRANT %I TO CURRENT_USER', wanted);
    END IF;
  END LOOP;
END
$$;
