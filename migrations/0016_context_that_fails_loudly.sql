-- A context that does not verify is an error, with the SQLSTATE AISLE, and no longer a silent "no stores". What a query
-- answers is then always an answer: Aisle need not verify each context once more, only to tell "sees nothing" from "was not
-- believed" (docs/decisions/kept-plans.md).
SET LOCAL ROLE aisle_owner;

GRANT CREATE ON SCHEMA access TO aisle_verifier;
RESET ROLE;
SET LOCAL ROLE aisle_verifier;

-- What is checked is as before (0010): the stores of the signed context, and never more than the one store that it names.
CREATE OR REPLACE FUNCTION access.visible_stores() RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  context text := access.verified_context();
  stores uuid[];
BEGIN
  IF context IS NULL THEN
    RAISE EXCEPTION 'The tenant context does not hold.' USING ERRCODE = 'AISLE';
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
  'The stores of the signed tenant context, none for somebody without grants; SQLSTATE AISLE when it does not verify.';

RESET ROLE;
SET LOCAL ROLE aisle_owner;
REVOKE CREATE ON SCHEMA access FROM aisle_verifier;
RESET ROLE;
