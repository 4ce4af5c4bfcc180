import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { ClientBase } from 'pg';
import { ConfigurationError } from '../kernel/errors.ts';

const MIGRATIONS = new URL('../../migrations/', import.meta.url);
/** Any number, as long as every server takes the same one. */
const LOCK = 7_241_186_001;

async function migrationNames(): Promise<string[]> {
  const files = await readdir(MIGRATIONS);
  return files.filter((file) => /^\d{4}_.*\.sql$/.test(file)).map((file) => file.replace(/\.sql$/, ''));
}

async function appliedNames(client: ClientBase): Promise<string[]> {
  const table = await client.query<{ exists: boolean }>(
    `SELECT to_regclass('aisle.migrations') IS NOT NULL AS exists`,
  );
  if (table.rows[0]?.exists !== true) return [];
  const applied = await client.query<{ name: string }>('SELECT name FROM aisle.migrations ORDER BY id');
  return applied.rows.map((row) => row.name);
}

export interface MigrationState {
  readonly applied: readonly string[];
  /** Known to this version, not run on the database. */
  readonly pending: readonly string[];
  /** Run on the database, unknown to this version: the database is newer. */
  readonly unknown: readonly string[];
}

/** How far the database is behind this version of the code, or ahead of it. Only looks. */
export async function migrationState(client: ClientBase): Promise<MigrationState> {
  const known = await migrationNames();
  const applied = await appliedNames(client);
  return {
    applied,
    pending: known.filter((name) => !applied.includes(name)),
    unknown: applied.filter((name) => !known.includes(name)),
  };
}

/** One server at a time prepares a database; the others wait. */
export async function withMigrationLock<Result>(
  client: ClientBase,
  work: () => Promise<Result>,
): Promise<Result> {
  await client.query('SELECT pg_advisory_lock($1)', [LOCK]);
  try {
    return await work();
  } finally {
    await client.query(`ROLLBACK; SELECT pg_advisory_unlock(${LOCK})`); // work that failed left its transaction open
  }
}

/**
 * Brings the database to this version of the code; returns the names of the migrations that were run. Safe when several
 * servers start at once: the later ones wait for the first. Throws `ConfigurationError` when the database is newer.
 */
export async function migrate(client: ClientBase): Promise<readonly string[]> {
  return withMigrationLock(client, async () => {
    const { pending, unknown } = await migrationState(client);
    if (unknown.length > 0) {
      throw new ConfigurationError(
        `The database is newer than this version of Aisle: it has migration ${unknown.join(', ')}. Install the version that made it, or point DATABASE_URL or --data-dir at another database.`,
      );
    }
    await client.query(await readFile(new URL('roles.sql', MIGRATIONS), 'utf8'));
    if (pending.length === 0) return [];
    const { runner } = await import('node-pg-migrate'); // most starts have no use for it
    const run = await runner({
      dbClient: client,
      dir: fileURLToPath(MIGRATIONS),
      ignorePattern: '(?!\\d{4}_.*\\.sql$).*',
      direction: 'up',
      migrationsSchema: 'aisle',
      migrationsTable: 'migrations',
      createMigrationsSchema: true,
      noLock: true,
      log: () => {},
    });
    return run.map((migration) => migration.name);
  });
}
