-- The context says more than who asks: which one store the caller confined itself to, and whether it may see personal data.
-- What is personal is masked by the database itself, whatever the SQL (docs/decisions/masking-in-the-database.md).
SET LOCAL ROLE aisle_owner;

GRANT CREATE ON SCHEMA access TO aisle_verifier;
RESET ROLE;
SET LOCAL ROLE aisle_verifier;

-- The signed context `aisle.context`, or NULL when anything about it is wrong.
-- Shape: key id . subject . expiry (Unix seconds) . backend pid . store or nothing . rights . HMAC-SHA256 of all that, in hex.
-- SQL text can set the setting but can't compute the MAC; the pid keeps a token from being of use in another session.
-- Nothing is parsed before the MAC has been verified: what is authentic is well-formed, and nothing else can raise an error.
-- Only the two functions below call it, which pin the search path.
CREATE FUNCTION access.verified_context() RETURNS text
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
AS $$
DECLARE
  context text := current_setting('aisle.context', true);
  is_authentic boolean;
BEGIN
  IF length(context) > 200 THEN
    RETURN NULL;
  END IF;
  -- now() and not clock_timestamp(): what holds at the entry of a transaction holds for its query.
  -- Both sides are hashed once more, so that the time a comparison takes tells nothing about the MAC.
  SELECT sha256(convert_to(right(context, 64), 'UTF8')) = sha256(convert_to(
      encode(sha256(k.outer_pad || sha256(k.inner_pad || convert_to(left(context, -65), 'UTF8'))), 'hex'), 'UTF8'))
    INTO is_authentic
    FROM access.context_keys k
    WHERE k.key_id = split_part(context, '.', 1) AND (k.retires_at IS NULL OR k.retires_at > now());
  -- Without a seventh part it was signed by a version of Aisle that knew neither stores nor rights.
  IF is_authentic IS NOT TRUE OR split_part(context, '.', 7) = ''
     OR split_part(context, '.', 4)::integer <> pg_backend_pid()
     OR split_part(context, '.', 3)::bigint < extract(epoch FROM clock_timestamp()) THEN
    RETURN NULL;
  END IF;
  RETURN context;
END
$$;
COMMENT ON FUNCTION access.verified_context() IS 'The signed tenant context; NULL when it does not verify.';

-- As before (0007), but never more than the one store that the context names, if it names one.
CREATE OR REPLACE FUNCTION access.visible_stores() RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  context text := access.verified_context();
  stores uuid[];
BEGIN
  IF context IS NULL THEN
    RETURN NULL;
  END IF;
  stores := ARRAY(
    SELECT g.store_id
    FROM access.subjects u
    JOIN access.grants g ON g.subject_id = u.subject_id
    WHERE u.subject_id = split_part(context, '.', 2)::uuid AND u.disabled_at IS NULL
  );
  IF array_position(stores, NULL) IS NOT NULL THEN
    -- One of the grants names no store but a region, or all.
    stores := ARRAY(
      SELECT s.store_id
      FROM retail.stores s
      WHERE EXISTS (
        SELECT FROM access.grants g
        WHERE g.subject_id = split_part(context, '.', 2)::uuid
          AND (g.scope = 'all' OR g.store_id = s.store_id OR g.region_id = s.region_id)
      )
    );
  END IF;
  IF split_part(context, '.', 5) = '' THEN
    RETURN stores;
  END IF;
  RETURN ARRAY(SELECT own FROM unnest(stores) AS own WHERE own = split_part(context, '.', 5)::uuid);
END
$$;
COMMENT ON FUNCTION access.visible_stores() IS
  'The stores of the signed tenant context, none for somebody without grants; NULL when it does not verify.';

CREATE FUNCTION access.sees_customer_pii() RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  RETURN coalesce(strpos(split_part(access.verified_context(), '.', 6), 'p') > 0, false);
END
$$;
COMMENT ON FUNCTION access.sees_customer_pii() IS
  'Whether the signed tenant context carries the right to personal data; false when it does not verify.';
GRANT EXECUTE ON FUNCTION access.sees_customer_pii() TO aisle_reader, aisle_writer;

RESET ROLE;
SET LOCAL ROLE aisle_owner;
REVOKE CREATE ON SCHEMA access FROM aisle_verifier;

-- Masks show enough to tell two people apart in a list, and too little to reach either. NULL stays NULL. They are inlined,
-- and an address ends in nothing but a top-level domain, whatever was stored as one.
CREATE FUNCTION access.mask_name(name text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN left(name, 1) || '***';

CREATE FUNCTION access.mask_email(email text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN left(email, 1) || '***@***' || coalesce(substring(email FROM '\.[A-Za-z]{2,6}$'), '');

CREATE FUNCTION access.mask_phone(phone text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN '***' || right(phone, 2);

GRANT EXECUTE ON FUNCTION access.mask_name(text), access.mask_email(text), access.mask_phone(text)
  TO aisle_reader, aisle_writer;

CREATE SCHEMA private AUTHORIZATION aisle_owner;
COMMENT ON SCHEMA private IS 'Tables that readers see through a view that masks. Out of their reach.';
GRANT USAGE ON SCHEMA private TO aisle_writer, aisle_loader;

ALTER TABLE retail.customers SET SCHEMA private;
REVOKE ALL ON private.customers FROM aisle_reader;
GRANT SELECT ON private.customers TO aisle_masker;
-- The view looks with the eyes of its owner, so its owner is confined like any reader.
ALTER POLICY tenant_reads ON private.customers TO aisle_masker, aisle_writer;

-- What is not masked is the bare column, so that its indexes serve. No security_barrier: the view hides no rows, row
-- security does, whose conditions come before those of a query, here as in any table.
CREATE VIEW retail.customers AS
SELECT store_id, customer_id, customer_number,
  CASE WHEN (SELECT access.sees_customer_pii()) THEN first_name ELSE access.mask_name(first_name) END AS first_name,
  CASE WHEN (SELECT access.sees_customer_pii()) THEN last_name ELSE access.mask_name(last_name) END AS last_name,
  CASE WHEN (SELECT access.sees_customer_pii()) THEN email ELSE access.mask_email(email) END AS email,
  CASE WHEN (SELECT access.sees_customer_pii()) THEN phone ELSE access.mask_phone(phone) END AS phone,
  tier, status,
  CASE WHEN (SELECT access.sees_customer_pii()) THEN metadata ELSE '{}'::jsonb END AS metadata,
  created_at, updated_at
FROM private.customers;
COMMENT ON VIEW retail.customers IS 'private.customers, masked for callers without the permission read:customer_pii.';
GRANT SELECT ON retail.customers TO aisle_reader, aisle_writer;
GRANT CREATE ON SCHEMA retail TO aisle_masker;
RESET ROLE;
ALTER VIEW retail.customers OWNER TO aisle_masker;
SET LOCAL ROLE aisle_owner;
REVOKE CREATE ON SCHEMA retail FROM aisle_masker;

-- Read by the schema tools, which tell a model of the table behind the view.
COMMENT ON COLUMN private.customers.first_name IS
  'NULL when the source does not tell, as for imported customers. A*** for callers who may not see personal data.';
COMMENT ON COLUMN private.customers.last_name IS 'A*** for callers who may not see personal data.';
COMMENT ON COLUMN private.customers.email IS 'a***@***.com for callers who may not see personal data.';
COMMENT ON COLUMN private.customers.phone IS '***42 for callers who may not see personal data.';
COMMENT ON COLUMN private.customers.metadata IS '{} for callers who may not see personal data.';

RESET ROLE;
