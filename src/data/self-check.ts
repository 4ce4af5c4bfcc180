import type { ClientBase } from 'pg';
import { ConfigurationError } from '../kernel/errors.ts';

const UNSAFE_ROLE = `SELECT rolsuper AS "isSuperuser", rolbypassrls AS "bypasses",
    EXISTS (SELECT FROM pg_roles more WHERE more.rolname IN ('aisle_owner', 'aisle_loader', 'aisle_verifier', 'aisle_writer')
      AND pg_has_role(reader.oid, more.oid, 'MEMBER')) AS "mayBecomeMore"
  FROM pg_roles reader WHERE rolname = COALESCE($1, current_user::text)`;

const OPEN_TABLES = `SELECT c.relname AS name FROM pg_class c
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'store_id' AND NOT a.attisdropped
  WHERE c.relnamespace = 'retail'::regnamespace AND c.relkind IN ('r', 'p')
    AND NOT (c.relrowsecurity AND c.relforcerowsecurity AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid))
  ORDER BY 1`;

/**
 * Refuses to serve where no policy would count: model SQL as a superuser, with BYPASSRLS or as a member of the owner; or a
 * tenant table without forced row security. `role` is the role that the entry statement takes, if any.
 */
export async function checkWalls(client: ClientBase, role?: string): Promise<void> {
  const { rows } = await client.query<{ isSuperuser: boolean; bypasses: boolean; mayBecomeMore: boolean }>(
    UNSAFE_ROLE,
    [role ?? null],
  );
  const reader = rows[0];
  if (reader === undefined || reader.isSuperuser || reader.bypasses || reader.mayBecomeMore) {
    throw new ConfigurationError(
      'Queries would run as a superuser, with BYPASSRLS, or as a member of the owner, loader, verifier or writer, whom row security does not confine as it must. Take that from the reader: ALTER ROLE … NOSUPERUSER NOBYPASSRLS; REVOKE aisle_owner, aisle_loader, aisle_verifier, aisle_writer FROM ….',
    );
  }
  const open = await client.query<{ name: string }>(OPEN_TABLES);
  if (open.rows.length > 0) {
    const names = open.rows.map((row) => `retail.${row.name}`).join(', ');
    throw new ConfigurationError(
      `Tenant tables without forced row security or policies: ${names}. Run "aisle migrate", or for tables of your own: ALTER TABLE … ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY, and a policy as in migrations/0004_row_security.sql.`,
    );
  }
}
