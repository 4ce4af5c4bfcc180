-- Keys can be replaced while servers run: a key that is to go verifies until `retires_at`, by the database's clock.
SET LOCAL ROLE aisle_owner;

ALTER TABLE access.context_keys ADD COLUMN retires_at timestamptz;
COMMENT ON TABLE access.context_keys IS 'Keys that sign the tenant context. The newest one that is not to retire signs.';
COMMENT ON COLUMN access.context_keys.retires_at IS 'From then on it verifies nothing; NULL while no end is set.';

COMMENT ON COLUMN retail.stores.manager_id IS
  'Who manages the store, by the retailer''s own number; never the id of a subject, since readers see this column.';

GRANT CREATE ON SCHEMA access TO aisle_verifier;
RESET ROLE;
SET LOCAL ROLE aisle_verifier;

-- What is checked, and in which order, is as before (0003). New: a retired key verifies nothing; a context that holds, of
-- somebody who may see no store, gives an empty array and not NULL, so that Aisle tells "sees nothing" from "was not
-- believed"; and it costs a third less (docs/decisions/cost-of-the-walls.md): fewer expressions, and no look at
-- retail.stores unless a grant names a region or all stores.
CREATE OR REPLACE FUNCTION access.visible_stores() RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  context text := current_setting('aisle.context', true);
  is_authentic boolean;
  stores uuid[];
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
  IF is_authentic IS NOT TRUE
     OR split_part(context, '.', 4)::integer <> pg_backend_pid()
     OR split_part(context, '.', 3)::bigint < extract(epoch FROM clock_timestamp()) THEN
    RETURN NULL;
  END IF;
  stores := ARRAY(
    SELECT g.store_id
    FROM access.subjects u
    JOIN access.grants g ON g.subject_id = u.subject_id
    WHERE u.subject_id = split_part(context, '.', 2)::uuid AND u.disabled_at IS NULL
  );
  IF array_position(stores, NULL) IS NULL THEN
    RETURN stores;
  END IF;
  -- One of the grants names no store but a region, or all.
  RETURN ARRAY(
    SELECT s.store_id
    FROM retail.stores s
    WHERE EXISTS (
      SELECT FROM access.grants g
      WHERE g.subject_id = split_part(context, '.', 2)::uuid
        AND (g.scope = 'all' OR g.store_id = s.store_id OR g.region_id = s.region_id)
    )
  );
END
$$;
COMMENT ON FUNCTION access.visible_stores() IS
  'The stores of the signed tenant context, none for somebody without grants; NULL when it does not verify.';

RESET ROLE;
SET LOCAL ROLE aisle_owner;
REVOKE CREATE ON SCHEMA access FROM aisle_verifier;
RESET ROLE;
