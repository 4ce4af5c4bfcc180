/** `$2` as a store of the subject `$1`: by the id of the store, or of a subject that has been granted it and nothing else. */
export const FIND_OWN_STORE = `
  SELECT s.store_id AS store
  FROM retail.stores s
  WHERE (s.store_id = $2::uuid OR s.store_id = (
      SELECT (array_agg(g.store_id))[1] FROM access.grants g WHERE g.subject_id = $2::uuid HAVING count(*) = 1))
    AND EXISTS (
      SELECT FROM access.subjects u JOIN access.grants g USING (subject_id)
      WHERE u.subject_id = $1::uuid AND u.disabled_at IS NULL
        AND (g.scope = 'all' OR g.store_id = s.store_id OR g.region_id = s.region_id))`;
