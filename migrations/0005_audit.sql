-- What was loaded, when, from which file: one row per finished import. Written in the transaction that loads it.
SET LOCAL ROLE aisle_owner;

CREATE TABLE audit.imports (
  import_id    uuid PRIMARY KEY DEFAULT retail.uuid_v7(),
  source_name  text NOT NULL,
  sha256       bytea NOT NULL CHECK (length(sha256) = 32),
  lines_read   bigint NOT NULL,
  lines_added  bigint NOT NULL,
  lines_known  bigint NOT NULL,
  lines_rejected bigint NOT NULL,
  finished_at  timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE audit.imports IS 'Finished imports of sales files.';
GRANT SELECT, INSERT ON audit.imports TO aisle_loader;

-- The demo data that stands in this database, so that an interrupted seed is told from a finished one.
CREATE TABLE audit.seeds (
  seed         bigint NOT NULL,
  customers    integer NOT NULL,
  orders       integer NOT NULL,
  until_date   date NOT NULL,
  finished_at  timestamptz NOT NULL DEFAULT now()
);
GRANT SELECT, INSERT ON audit.seeds TO aisle_loader;

-- An import checks the foreign keys of its lines for the whole set at once (src/ingest/sales/store-orders.ts). With this
-- right PostgreSQL need not check them again line by line, which would take more than half of the time of an import. Only
-- a superuser can grant it; elsewhere imports take longer and that is all. Nobody logs in as the loader. The right belongs
-- to the whole cluster, so another database may just be granting it: then it need not be granted here.
RESET ROLE;
DO $$
BEGIN
  IF (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
     AND NOT has_parameter_privilege('aisle_loader', 'session_replication_role', 'SET') THEN
    GRANT SET ON PARAMETER session_replication_role TO aisle_loader;
  END IF;
EXCEPTION WHEN internal_error OR unique_violation THEN
  RAISE NOTICE 'aisle_loader may not set session_replication_role: %', SQLERRM;
END
$$;
