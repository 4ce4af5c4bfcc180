import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { inject } from 'vitest';
import { EmbeddedServer } from '../../src/data/embedded/server.ts';
import { openEmbedded } from '../../src/data/embedded.ts';
import { openPostgres } from '../../src/data/postgres.ts';
import { silentLogger } from '../../src/telemetry/logger.ts';
import { TEST_LIMITS } from './limits.ts';
import { createPostgresDatabase } from './postgres-database.ts';
import { TEST_SECRET_KEYS } from './secret-keys.ts';
import { loadTwoStores } from './two-stores.ts';

export interface SuperuserSession {
  readonly client: pg.Client;
  /** What `work` does is rolled back, whatever comes of it: roles and tables that it makes are never anybody else's. */
  rolledBack<Result>(work: () => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

/** A kind of database whose own rules are tested, with none of Aisle's code between them and the test. */
export interface SuperuserDatabase {
  readonly name: 'embedded' | 'postgres';
  /** A superuser's session on a migrated database that holds the two stores. */
  connect(): Promise<SuperuserSession>;
}

const OPTIONS = {
  acquireTimeoutMs: 20_000,
  limits: TEST_LIMITS,
  secretKeys: TEST_SECRET_KEYS,
  logger: silentLogger,
};

async function session(config: pg.ClientConfig, cleanUp: () => Promise<void>): Promise<SuperuserSession> {
  const client = new pg.Client(config);
  await client.connect();
  return {
    client,
    rolledBack: async (work) => {
      await client.query('BEGIN');
      try {
        return await work();
      } finally {
        await client.query('ROLLBACK');
      }
    },
    close: async () => {
      await client.end();
      await cleanUp();
    },
  };
}

const embedded: SuperuserDatabase = {
  name: 'embedded',
  async connect() {
    const directory = await mkdtemp(join(tmpdir(), 'aisle-test-'));
    await cp(inject('embeddedTemplate'), directory, { recursive: true });
    const database = await openEmbedded({ directory, ...OPTIONS });
    await loadTwoStores(database);
    await database.close();
    const server = new EmbeddedServer(directory);
    const address = await server.ready();
    return session({ ...address, user: 'postgres', database: 'postgres' }, async () => {
      await server.stop();
      await rm(directory, { recursive: true, force: true });
    });
  },
};

const postgres = (serverUrl: string): SuperuserDatabase => ({
  name: 'postgres',
  async connect() {
    const { url, drop } = await createPostgresDatabase(serverUrl);
    const pool = {
      ...{ min: 0, max: 1, lifetimeSeconds: 3600, idleTimeoutMs: 1000, acquireTimeoutMs: 20_000 },
      applicationName: 'aisle-test',
    };
    const database = await openPostgres({ url, pool, ...OPTIONS });
    await loadTwoStores(database);
    await database.close();
    return session({ connectionString: url }, drop);
  },
});

const serverUrl = inject('postgresUrl');

export const superuserDatabases: readonly SuperuserDatabase[] =
  serverUrl === '' ? [embedded] : [embedded, postgres(serverUrl)];
