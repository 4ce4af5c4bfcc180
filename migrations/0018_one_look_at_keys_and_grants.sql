-- access.visible_stores() was a third of what PostgreSQL spent on an ordinary query: it asked for the key, then for the grants, and
-- took the subject out of the context once more for each row that was compared with it. It asks once now, and what it asks
-- with is taken out before.
SET LOCAL ROLE aisle_owner;

GRANT CREATE ON SCHEMA access TO aisle_verifier;
RESET ROLE;
SET LOCAL ROLE aisle_verifier;

-- SQL and one expression, so that it is part of the expression that calls it. VOLATILE since clock_timestamp() is.
CREATE FUNCTION access.context_holds(context text, inner_pad bytea, outer_pad bytea) RETURNS boolean
LANGUAGE sql VOLATILE PARALLEL RESTRICTED
AS $$
  -- Both sides are hashed once more, so that the time a comparison takes tells nothing about the MAC.
  SELECT coalesce(sha256(convert_to(right(context, 64), 'UTF8')) = sha256(convert_to(
      encode(sha256(outer_pad || sha256(inner_pad || convert_to(left(context, -65), 'UTF8'))), 'hex'), 'UTF8')), false)
    -- Without a seventh part it was signed by a version of Aisle that knew neither stores nor rights.
    AND split_part(context, '.', 7) <> ''
    AND split_part(context, '.', 4)::integer = pg_backend_pid()
    AND split_part(context, '.', 3)::bigint >= extract(epoch FROM clock_timestamp())
$$;
COMMENT ON FUNCTION access.context_holds(text, bytea, bytea) IS
  'Whether a context was signed with that key, for this connection, and has not run out. False without a context or a key.';

CREATE OR REPLACE FUNCTION access.verified_context() RETURNS text
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
AS $$
DECLARE
  context text := current_setting('aisle.context', true);
  key text := split_part(context, '.', 1);
  inner_pad bytea;
  outer_pad bytea;
BEGIN
  IF length(context) > 200 THEN
    RETURN NULL;
  END IF;
  -- now() and not clock_timestamp(): what holds at the entry of a transaction holds for its query.
  SELECT k.inner_pad, k.outer_pad INTO inner_pad, outer_pad
    FROM access.context_keys k
    WHERE k.key_id = key AND (k.retires_at IS NULL OR k.retires_at > now());
  IF access.context_holds(context, inner_pad, outer_pad) IS NOT TRUE THEN
    RETURN NULL;
  END IF;
  RETURN context;
END
$$;

-- What is checked is as before (0016): the stores of the signed context, and never more than the one store that it names. The grants
-- are read with the key, and used only when the context holds.
CREATE OR REPLACE FUNCTION access.visible_stores() RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  context text := left(current_setting('aisle.context', true), 201);
  key text := split_part(context, '.', 1);
  -- It is not known to be genuine yet. 36 characters that are no id are an error, too.
  subject uuid := CASE WHEN length(split_part(context, '.', 2)) = 36 THEN split_part(context, '.', 2) END;
  inner_pad bytea;
  outer_pad bytea;
  stores uuid[];
BEGIN
  SELECT k.inner_pad, k.outer_pad, ARRAY(
      SELECT g.store_id
      FROM access.grants g
      WHERE g.subject_id = subject
        AND EXISTS (SELECT FROM access.subjects u WHERE u.subject_id = subject AND u.disabled_at IS NULL)
    )
    INTO inner_pad, outer_pad, stores
    FROM access.context_keys k
    WHERE k.key_id = key AND (k.retires_at IS NULL OR k.retires_at > now());
  IF length(context) > 200 OR access.context_holds(context, inner_pad, outer_pad) IS NOT TRUE THEN
    RAISE EXCEPTION 'The tenant context does not hold.' USING ERRCODE = 'AISLE';
  END IF;
  IF array_position(stores, NULL) IS NOT NULL THEN
    -- One of the grants names no store but a region, or all. What they are is found once, and not for each store.
    stores := ARRAY(
      SELECT s.store_id
      FROM retail.stores s
      WHERE (SELECT bool_or(g.scope = 'all') FROM access.grants g WHERE g.subject_id = subject)
        OR s.store_id = ANY (stores)
        OR s.region_id IN (SELECT g.region_id FROM access.grants g WHERE g.subject_id = subject AND g.scope = 'region')
    );
  END IF;
  IF split_part(context, '.', 5) = '' THEN
    RETURN stores;
  END IF;
  RETURN ARRAY(SELECT own FROM unnest(stores) AS own WHERE own = split_part(context, '.', 5)::uuid);
END
$$;
COMMENT ON FUNCTION access.visible_stores() IS
  'The stores of the signed tenant context, none for somebody without grants. An error when it does not verify: SQLSTATE AISLE, or 22P02 where what stands for the subject is none.';

RESET ROLE;
SET LOCAL ROLE aisle_owner;
REVOKE CREATE ON SCHEMA access FROM aisle_verifier;
RESET ROLE;
