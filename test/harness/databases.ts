import { randomBytes } from 'node:crypto';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { inject } from 'vitest';
import type { Database } from '../../src/data/database.ts';
import { openEmbedded } from '../../src/data/embedded.ts';
import type { GovernorLimits } from '../../src/data/governor.ts';
import { openPostgres } from '../../src/data/postgres.ts';

export interface OpenedDatabase {
  readonly database: Database;
  close(): Promise<void>;
}

/** A kind of database that tests run on. */
export interface TestDatabase {
  readonly name: 'embedded' | 'postgres';
  /** A database of the test's own: migrated, with nothing in it. */
  open(limits?: Partial<GovernorLimits>): Promise<OpenedDatabase>;
}

const LIMITS: GovernorLimits = { statementTimeoutMs: 5000, workMem: '8MB' };

const embedded: TestDatabase = {
  name: 'embedded',
  async open(limits) {
    const directory = await mkdtemp(join(tmpdir(), 'aisle-test-'));
    await cp(inject('embeddedTemplate'), directory, { recursive: true });
    const database = await openEmbedded({
      directory,
      acquireTimeoutMs: 20_000,
      limits: { ...LIMITS, ...limits },
    });
    return {
      database,
      close: async () => {
        await database.close();
        await rm(directory, { recursive: true, force: true });
      },
    };
  },
};

/** Makes an empty database on the test server; returns its URL and how to drop it. */
export async function createPostgresDatabase(
  serverUrl: string,
): Promise<{ url: string; drop(): Promise<void> }> {
  const name = `aisle_test_${randomBytes(6).toString('hex')}`;
  const run = async (...statements: string[]) => {
    const client = new pg.Client({ connectionString: serverUrl });
    await client.connect();
    for (const statement of statements) await client.query(statement);
    await client.end();
  };
  await run(`CREATE DATABASE ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    drop: () => run(`DROP DATABASE ${name} WITH (FORCE)`, `DROP ROLE IF EXISTS aisle_reader_${name}`),
  };
}

function postgres(serverUrl: string): TestDatabase {
  return {
    name: 'postgres',
    async open(limits) {
      const { url, drop } = await createPostgresDatabase(serverUrl);
      const database = await openPostgres({
        url,
        pool: { max: 8, idleTimeoutMs: 30_000, acquireTimeoutMs: 20_000, applicationName: 'aisle-test' },
        limits: { ...LIMITS, ...limits },
      });
      return {
        database,
        close: async () => {
          await database.close();
          await drop();
        },
      };
    },
  };
}

const serverUrl = inject('postgresUrl');

/** The embedded database always; PostgreSQL too when TEST_DATABASE_URL names a server (see scripts/services). */
export const databases: readonly TestDatabase[] =
  serverUrl === '' ? [embedded] : [embedded, postgres(serverUrl)];
