/**
 * A text that no two databases share, nor the same one before and after a migration: its name and number in its cluster,
 * and which migrations were run when. A copy of a database shares it as long as it keeps all of these.
 */
export const IDENTITY = `SELECT concat_ws(' ', d.datname, d.oid,
    (SELECT string_agg(m.name || '@' || m.run_on, ' ' ORDER BY m.id) FROM aisle.migrations m)) AS identity
  FROM pg_database d WHERE d.datname = current_database()`;
