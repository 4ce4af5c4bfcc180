import { createHash } from 'node:crypto';
import { type ClientBase, escapeIdentifier, escapeLiteral } from 'pg';
import { type ContextKey, derivedPassword } from './context-token.ts';
import { scramVerifier } from './scram-verifier.ts';

const MAX_NAME_BYTES = 63;

/** Roles belong to the cluster, so a login carries its database's name: two Aisles in one cluster stay apart. */
export function loginName(group: string, database: string): string {
  const name = `${group}_${database}`;
  if (Buffer.byteLength(name) <= MAX_NAME_BYTES) return name;
  return `${group}_${createHash('sha256').update(database).digest('hex').slice(0, 16)}`;
}

/**
 * Makes (or mends) the login that this database's `group` work runs as: a member of `group` and of nothing else, so that
 * no SQL can become anybody else; returns its name. Its password is derived from the context key: every replica knows it,
 * nobody stores it.
 */
export async function ensureLogin(
  client: ClientBase,
  group: 'aisle_reader' | 'aisle_writer' | 'aisle_auditor',
  database: string,
  key: ContextKey,
  settings: Readonly<Record<string, string>>,
): Promise<string> {
  const user = loginName(group, database);
  const role = escapeIdentifier(user);
  const exists = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [user]);
  if (exists.rowCount === 0)
    await client.query(`CREATE ROLE ${role} NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION`);
  await client.query(
    `ALTER ROLE ${role} LOGIN PASSWORD ${escapeLiteral(scramVerifier(derivedPassword(key, user)))}`,
  );
  await client.query(`GRANT ${group} TO ${role}`);
  // Whoever made a login may stop its queries (pg_cancel_backend).
  await client.query(`GRANT ${role} TO CURRENT_USER`);
  for (const [setting, value] of Object.entries(settings)) {
    // Of search_path each schema is a literal of its own.
    const values = setting === 'search_path' ? value.split(', ') : [value];
    await client.query(
      `ALTER ROLE ${role} SET ${escapeIdentifier(setting)} = ${values.map(escapeLiteral).join(', ')}`,
    );
  }
  return user;
}
