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
  readonly name: 'embedded' | 'postgres' | 'managed postgres';
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

export interface CreatedDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/** Makes an empty database on the test server; returns its URL and how to drop it. */
export async function createPostgresDatabase(serverUrl: string): Promise<CreatedDatabase> {
  const name = `aisle_test_${randomBytes(6).toString('hex')}`;
  await runOn(serverUrl, `CREATE DATABASE ${name}`);
  return {
    url: urlOf(serverUrl, { pathname: name }),
    drop: () =>
      runOn(serverUrl, `DROP DATABASE ${name} WITH (FORCE)`, `DROP ROLE IF EXISTS aisle_reader_${name}`),
  };
}

/**
 * The same as a managed service gives it: the URL's user owns the database and may create roles, and is no superuser, so
 * that nothing of pg_catalog can be taken away from anybody.
 */
async function createManagedDatabase(serverUrl: string): Promise<CreatedDatabase> {
  const { url, drop } = await createPostgresDatabase(serverUrl);
  const name = new URL(url).pathname.slice(1);
  const owner = `owner_of_${name}`;
  const password = randomBytes(12).toString('hex');
  await runOn(
    serverUrl,
    `CREATE ROLE ${owner} LOGIN CREATEROLE PASSWORD '${password}'`,
    `ALTER DATABASE ${name} OWNER TO ${owner}`,
  );
  // What such a service has its own administrator for: vector is not a trusted extension.
  await runOn(
    url,
    `CREATE SCHEMA extensions AUTHORIZATION ${owner}`,
    'CREATE EXTENSION vector SCHEMA extensions',
  );
  return {
    url: urlOf(url, { username: owner, password }),
    drop: async () => {
      await drop();
      await runOn(serverUrl, `DROP ROLE ${owner}`);
    },
  };
}

function urlOf(url: string, parts: Partial<Pick<URL, 'pathname' | 'username' | 'password'>>): string {
  return Object.assign(new URL(url), parts).href;
}

async function runOn(url: string, ...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  for (const statement of statements) await client.query(statement);
  await client.end();
}

function server(name: TestDatabase['name'], create: () => Promise<CreatedDatabase>): TestDatabase {
  return {
    name,
    async open(limits) {
      const { url, drop } = await create();
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
const servers: readonly TestDatabase[] =
  serverUrl === '' ? [] : [server('postgres', () => createPostgresDatabase(serverUrl))];
export const databases: readonly TestDatabase[] = [embedded, ...servers];

/** `databases`, and PostgreSQL as a managed service has it: for the walls. */
export const databasesAndManaged: readonly TestDatabase[] =
  serverUrl === ''
    ? databases
    : [...databases, server('managed postgres', () => createManagedDatabase(serverUrl))];
