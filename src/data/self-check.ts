import type { ClientBase } from 'pg';
import { ConfigurationError } from '../kernel/errors.ts';
import { MASKING_CHECKS } from './walls/masking-checks.ts';
import { READER_CHECKS } from './walls/reader-checks.ts';
import { RIGHT_CHECKS } from './walls/right-checks.ts';
import { TENANT_TABLE_CHECKS } from './walls/tenant-table-checks.ts';
import type { WallCheck } from './walls/wall-check.ts';

/** What must hold of a reader whom row security counts for. */
const CONFINING_CHECKS: readonly WallCheck[] = [...RIGHT_CHECKS, ...MASKING_CHECKS, ...TENANT_TABLE_CHECKS];

/** Every check of the database wall, each on its own: an inspection shows them one by one. */
export const WALL_CHECKS: readonly WallCheck[] = [...READER_CHECKS, ...CONFINING_CHECKS];

/** So many breaches of one check are named. */
const NAMED = 10;

/**
 * Refuses to serve where row security would not confine a model's SQL as it must: throws `ConfigurationError` with all
 * that is wrong and how to mend it. `role` is the role that the entry statement takes, if any. The session's search path
 * is its default afterwards.
 */
export async function checkWalls(client: ClientBase, role?: string): Promise<void> {
  const reader = await readerOf(client, role);
  await client.query('SET search_path = pg_catalog'); // as the expressions of policies are printed in full then
  const problems = await problemsOf(client, READER_CHECKS, reader);
  if (problems.length === 0) problems.push(...(await problemsOf(client, CONFINING_CHECKS, reader)));
  await client.query('RESET search_path');
  if (problems.length === 0) return;
  throw new ConfigurationError(
    `Aisle does not serve this database, since it would not keep stores apart:\n  ${problems.join('\n  ')}`,
  );
}

async function readerOf(client: ClientBase, role: string | undefined): Promise<string> {
  const { rows } = await client.query<{ name: string }>(
    'SELECT rolname AS name FROM pg_roles WHERE rolname = COALESCE($1, current_user::text)',
    [role],
  );
  if (rows[0] !== undefined) return rows[0].name;
  throw new ConfigurationError(`The role ${role} that queries run as does not exist. Run "aisle migrate".`);
}

async function problemsOf(
  client: ClientBase,
  checks: readonly WallCheck[],
  reader: string,
): Promise<string[]> {
  const problems: string[] = [];
  for (const { sql, wrong, mend } of checks) {
    const { rows } = await client.query<{ breach: string }>(sql, sql.includes('$1') ? [reader] : []);
    if (rows.length === 0) continue;
    const named = rows.slice(0, NAMED).map(({ breach }) => breach);
    const more = rows.length > NAMED ? ` and ${rows.length - NAMED} more` : '';
    problems.push(`${wrong}: ${named.join(', ')}${more}. ${mend}`);
  }
  return problems;
}
