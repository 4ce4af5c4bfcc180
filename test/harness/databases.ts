import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import type { Database } from '../../src/data/database.ts';
import { openEmbedded } from '../../src/data/embedded.ts';
import type { GovernorLimits } from '../../src/data/governor.ts';
import { openPostgres } from '../../src/data/postgres.ts';
import type { Logger } from '../../src/kernel/logger.ts';
import { silentLogger } from '../../src/telemetry/logger.ts';
import { TEST_LIMITS } from './limits.ts';
import { type CreatedDatabase, createManagedDatabase, createPostgresDatabase } from './postgres-database.ts';
import { TEST_SECRET_KEYS } from './secret-keys.ts';

export interface OpenedDatabase {
  readonly database: Database;
  close(): Promise<void>;
}

/** A kind of database that tests run on. */
export interface TestDatabase {
  readonly name: 'embedded' | 'postgres' | 'managed postgres';
  /** A database of the test's own: migrated, with nothing in it. The embedded one has one connection, whatever is asked. */
  open(limits?: Partial<GovernorLimits>, logger?: Logger, connections?: number): Promise<OpenedDatabase>;
}

const LIMITS: GovernorLimits = TEST_LIMITS;

const embedded: TestDatabase = {
  name: 'embedded',
  async open(limits, logger = silentLogger) {
    const directory = await mkdtemp(join(tmpdir(), 'aisle-test-'));
    await cp(inject('embeddedTemplate'), directory, { recursive: true });
    const database = await openEmbedded({
      directory,
      acquireTimeoutMs: 20_000,
      limits: { ...LIMITS, ...limits },
      secretKeys: TEST_SECRET_KEYS,
      logger,
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

function server(name: TestDatabase['name'], create: () => Promise<CreatedDatabase>): TestDatabase {
  return {
    name,
    async open(limits, logger = silentLogger, connections = 8) {
      const { url, drop } = await create();
      const database = await openPostgres({
        url,
        pool: {
          min: 0,
          lifetimeSeconds: 3600,
          max: connections,
          idleTimeoutMs: 30_000,
          acquireTimeoutMs: 20_000,
          applicationName: 'aisle-test',
        },
        limits: { ...LIMITS, ...limits },
        secretKeys: TEST_SECRET_KEYS,
        logger,
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
