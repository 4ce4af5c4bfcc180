/** Of so many stores at most a scope tells the ids, so that a change in another store is none to it. */
const FEW = 16;

/**
 * SQL of the text by which the stores that a query sees are known, out of the same snapshot: the ids of few, sorted, and a
 * hash of many. They are not unnested where they are asked for: to guess how many there are, PostgreSQL would ask while it
 * plans, before the context is set.
 */
export const VISIBLE_SCOPE = `(SELECT CASE WHEN cardinality(own) <= ${FEW} THEN array_to_string(own, ' ')
    ELSE 'sha256:' || encode(sha256(convert_to(array_to_string(own, ' '), 'UTF8')), 'hex') END
  FROM (SELECT ARRAY(SELECT store FROM unnest(seen) AS store ORDER BY store) AS own
    FROM (SELECT access.visible_stores() AS seen OFFSET 0) AS context OFFSET 0) AS sorted)`;
