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
  const password = escapeLiteral(scramVerifier(derivedPassword(key, user)));
  // At once: one wait, one commit, and never half a login.
  const statements = [
    ...(exists.rowCount === 0
      ? [`CREATE ROLE ${role} NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION`]
      : []),
    `ALTER ROLE ${role} LOGIN PASSWORD ${password}`,
    `GRANT ${group} TO ${role}`,
    // Whoever made a login may stop its queries (pg_cancel_backend).
    `GRANT ${role} TO CURRENT_USER`,
    ...Object.entries(settings).map(
      ([name, value]) => `ALTER ROLE ${role} SET ${escapeIdentifier(name)} = ${settingValue(name, value)}`,
    ),
  ];
  await client.query(statements.join('; '));
  return user;
}

/** Of search_path each schema is a literal of its own. */
function settingValue(name: string, value: string): string {
  const values = name === 'search_path' ? value.split(', ') : [value];
  return values.map(escapeLiteral).join(', ');
}
