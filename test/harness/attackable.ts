import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { inject } from 'vitest';
import { openDatabase } from '../../src/app/engine.ts';
import { type Config, parseSettings } from '../../src/config.ts';
import { ensureSigningKey } from '../../src/data/context-keys.ts';
import { EmbeddedServer } from '../../src/data/embedded/server.ts';
import { ensureLogin } from '../../src/data/postgres-logins.ts';
import { silentLogger } from '../../src/telemetry/logger.ts';
import { createManagedDatabase, createPostgresDatabase } from './postgres-database.ts';
import { TEST_SECRET_KEY } from './secret-keys.ts';
import { loadTwoStores } from './two-stores.ts';

/** A database that `doctor --attack` may be pointed at, closed between two uses. */
export interface Attackable {
  readonly config: Config;
  /** On a superuser's session, which is closed again: the embedded database takes one process at a time. */
  asSuperuser<Result>(work: (client: pg.Client) => Promise<Result>): Promise<Result>;
  drop(): Promise<void>;
}

export interface AttackableKind {
  readonly name: 'embedded' | 'postgres' | 'managed postgres';
  /** Migrated, with the two stores in it. */
  create(): Promise<Attackable>;
}

export interface NaiveKind {
  readonly name: 'embedded' | 'postgres';
  /** test/fixtures/naive-schema.sql, and nothing of Aisle's own walls. */
  create(): Promise<Attackable>;
}

const settings = (values: Readonly<Record<string, string>>) =>
  parseSettings({
    values: { SECRET_KEYS: TEST_SECRET_KEY, ...values },
    decided: new Set(),
    problems: [],
  });

async function embedded(template?: string): Promise<Attackable> {
  const directory = await mkdtemp(join(tmpdir(), 'aisle-test-'));
  if (template !== undefined) await cp(template, directory, { recursive: true });
  return {
    config: settings({ DATA_DIR: directory }),
    asSuperuser: async (work) => {
      const server = new EmbeddedServer(directory);
      try {
        const address = await server.ready();
        return await onClient({ ...address, user: 'postgres', database: 'postgres' }, work);
      } finally {
        await server.stop();
      }
    },
    drop: () => rm(directory, { recursive: true, force: true }),
  };
}

async function onServer(serverUrl: string, create: typeof createPostgresDatabase): Promise<Attackable> {
  const { url, drop } = await create(serverUrl);
  const superusers = Object.assign(new URL(serverUrl), { pathname: new URL(url).pathname }).href;
  return {
    config: settings({ DATABASE_URL: url }),
    asSuperuser: (work) => onClient({ connectionString: superusers }, work),
    drop,
  };
}

async function onClient<Result>(
  config: pg.ClientConfig,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client(config);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function served(attackable: Attackable): Promise<Attackable> {
  const database = await openDatabase(attackable.config, silentLogger);
  await loadTwoStores(database);
  await database.close();
  return attackable;
}

async function naive(attackable: Attackable): Promise<Attackable> {
  const roles = await readFile(new URL('../../migrations/roles.sql', import.meta.url), 'utf8');
  const schema = await readFile(new URL('../fixtures/naive-schema.sql', import.meta.url), 'utf8');
  await attackable.asSuperuser(async (client) => {
    await client.query(roles);
    await client.query(schema);
    const key = await ensureSigningKey(client);
    const { rows } = await client.query<{ name: string }>('SELECT current_database() AS name');
    const isServer = attackable.config.DATABASE_URL !== undefined;
    if (isServer) await ensureLogin(client, 'aisle_reader', rows[0]?.name ?? '', key, {});
  });
  return attackable;
}

const serverUrl = inject('postgresUrl');

export const attackables: readonly AttackableKind[] = [
  { name: 'embedded', create: async () => served(await embedded(inject('embeddedTemplate'))) },
  ...(serverUrl === ''
    ? []
    : ([
        { name: 'postgres', create: async () => served(await onServer(serverUrl, createPostgresDatabase)) },
        {
          name: 'managed postgres',
          create: async () => served(await onServer(serverUrl, createManagedDatabase)),
        },
      ] as const)),
];

export const naives: readonly NaiveKind[] = [
  { name: 'embedded', create: async () => naive(await embedded()) },
  ...(serverUrl === ''
    ? []
    : ([
        { name: 'postgres', create: async () => naive(await onServer(serverUrl, createPostgresDatabase)) },
      ] as const)),
];
