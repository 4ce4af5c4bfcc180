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

RESET ROLE;
