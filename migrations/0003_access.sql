-- Who may see which store, and the one function that decides it.
SET LOCAL ROLE aisle_owner;

CREATE TABLE access.subjects (
  subject_id    uuid PRIMARY KEY,
  slug          text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  display_name  text NOT NULL CHECK (char_length(display_name) BETWEEN 1 AND 100),
  disabled_at   timestamptz,
  created_at    timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE access.subjects IS 'Everyone who may call: a store, a region''s manager, the head office.';

-- A grant names one store, or one region (all its stores, also later ones), or all stores.
CREATE TABLE access.grants (
  subject_id  uuid NOT NULL REFERENCES access.subjects ON DELETE CASCADE,
  scope       text NOT NULL CHECK (scope IN ('store', 'region', 'all')),
  store_id    uuid REFERENCES retail.stores ON DELETE CASCADE,
  region_id   uuid REFERENCES retail.regions ON DELETE CASCADE,
  created_at  timestamptz NOT NULL DEFAULT now(),
  CHECK ((scope = 'store') = (store_id IS NOT NULL)),
  CHECK ((scope = 'region') = (region_id IS NOT NULL)),
  UNIQUE NULLS NOT DISTINCT (subject_id, scope, store_id, region_id)
);

-- Keys that sign the tenant context. Stored as the two padded key blocks of HMAC-SHA256 (RFC 2104), so that verifying
-- costs two calls of the built-in sha256 and no extension. The newest one signs; all verify until they are deleted.
CREATE TABLE access.context_keys (
  key_id      text PRIMARY KEY CHECK (key_id ~ '^[a-z0-9]{1,16}$'),
  inner_pad   bytea NOT NULL CHECK (length(inner_pad) = 64),
  outer_pad   bytea NOT NULL CHECK (length(outer_pad) = 64),
  created_at  timestamptz NOT NULL DEFAULT now()
);

GRANT SELECT ON access.subjects, access.grants, access.context_keys TO aisle_verifier;
GRANT SELECT, INSERT, UPDATE, DELETE ON access.subjects, access.grants TO aisle_loader;
GRANT SELECT (store_id, region_id) ON retail.stores TO aisle_verifier;
GRANT CREATE ON SCHEMA access TO aisle_verifier;

RESET ROLE;
SET LOCAL ROLE aisle_verifier;

-- The stores that the signed context `aisle.context` may see, or NULL (no rows) when anything about it is wrong.
-- Shape: key id . subject . expiry (Unix seconds) . backend pid . HMAC-SHA256 of all that, in hex.
-- SQL text can set the setting but can't compute the MAC; the pid keeps a token from being of use in another session.
-- Nothing is parsed before the MAC has been verified: what is authentic is well-formed, and nothing else can raise an error.
CREATE FUNCTION access.visible_stores() RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  context text := current_setting('aisle.context', true);
  claims text := left(context, -65);
  part text[];
  inner_pad bytea;
  outer_pad bytea;
  expected text;
BEGIN
  IF context IS NULL OR length(context) > 200 THEN
    RETURN NULL;
  END IF;
  SELECT k.inner_pad, k.outer_pad INTO inner_pad, outer_pad
  FROM access.context_keys k WHERE k.key_id = split_part(context, '.', 1);
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  expected := encode(sha256(outer_pad || sha256(inner_pad || convert_to(claims, 'UTF8'))), 'hex');
  -- Both sides are hashed with the secret once more, so that the time a comparison takes tells nothing.
  IF sha256(outer_pad || convert_to(expected, 'UTF8')) <> sha256(outer_pad || convert_to(right(context, 64), 'UTF8')) THEN
    RETURN NULL;
  END IF;
  part := string_to_array(claims, '.');
  IF part[4]::integer <> pg_backend_pid() OR part[3]::bigint < extract(epoch FROM clock_timestamp()) THEN
    RETURN NULL;
  END IF;
  RETURN (
    SELECT array_agg(DISTINCT s.store_id)
    FROM access.grants g
    JOIN access.subjects u ON u.subject_id = g.subject_id AND u.disabled_at IS NULL
    JOIN retail.stores s ON g.scope = 'all' OR s.store_id = g.store_id OR s.region_id = g.region_id
    WHERE g.subject_id = part[2]::uuid
  );
END
$$;
COMMENT ON FUNCTION access.visible_stores() IS 'The stores of the signed tenant context; NULL when it does not verify.';
GRANT EXECUTE ON FUNCTION access.visible_stores() TO aisle_reader, aisle_writer;

RESET ROLE;
SET LOCAL ROLE aisle_owner;
REVOKE CREATE ON SCHEMA access FROM aisle_verifier;

RESET ROLE;
