import type { ClientBase } from 'pg';

/** Bits of pg_trigger.tgtype. */
const ROW = 1;
const INSERT_DELETE_UPDATE_TRUNCATE = 4 + 8 + 16 + 32;

/**
 * Tables of which no change goes untold: triggers of ours for all four kinds of statement, which fire always. Not those
 * with children, whose changes fire the triggers of the child, nor those that a subscription fills, which fires none.
 */
const WATCHED = `SELECT n.nspname || '.' || c.relname AS name
  FROM pg_trigger t
  JOIN pg_proc p ON p.oid = t.tgfoid AND p.proname IN ('notify_change', 'notify_change_of_stores')
    AND p.pronamespace = 'retail'::regnamespace
  JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE t.tgenabled = 'A' AND t.tgqual IS NULL AND t.tgattr = ''::int2vector AND t.tgtype & ${ROW} = 0
    AND c.relkind = 'r' AND NOT c.relhassubclass
    AND NOT EXISTS (SELECT FROM pg_subscription_rel s WHERE s.srrelid = c.oid)
  GROUP BY 1
  HAVING bit_or(t.tgtype) & ${INSERT_DELETE_UPDATE_TRUNCATE} = ${INSERT_DELETE_UPDATE_TRUNCATE}`;

export async function watchedTables(client: Pick<ClientBase, 'query'>): Promise<ReadonlySet<string>> {
  const { rows } = await client.query<{ name: string }>(WATCHED);
  return new Set(rows.map(({ name }) => name));
}
