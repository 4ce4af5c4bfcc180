import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Client, type ClientBase, Pool } from 'pg';
import { ConfigurationError } from '../kernel/errors.ts';
import type { Logger } from '../kernel/logger.ts';
import type { SecretKeys } from '../kernel/secret-keys.ts';
import type { DatabaseAsIs } from './as-is.ts';
import { assembleDatabase } from './assemble.ts';
import { CHANNEL, ChangeFeed, changeOf } from './changes/feed.ts';
import { watchedTables } from './changes/watched-tables.ts';
import { ensureSigningKey, existingSigningKey } from './context-keys.ts';
import type { ContextKey } from './context-token.ts';
import type { Database } from './database.ts';
import { EmbeddedServer } from './embedded/server.ts';
import { Governor, type GovernorLimits } from './governor.ts';
import { keyAdministration } from './key-administration.ts';
import { KeyRing } from './key-ring.ts';
import { migrate, withMigrationLock } from './migrate.ts';
import { checkWalls } from './self-check.ts';

export interface EmbeddedOptions {
  /** Directory that holds the database; made when missing. */
  readonly directory: string;
  /** Milliseconds to wait for the one connection before the call is refused. */
  readonly acquireTimeoutMs: number;
  readonly limits: GovernorLimits;
  /** What sensitive fields are encrypted with. */
  readonly secretKeys: SecretKeys;
  readonly logger: Logger;
}

/** The embedded database's only role at login is a superuser; the entry statement takes this one. */
const READER = 'aisle_reader';
const OWNER = 'postgres';

/**
 * A `pg` client that waits for the database's process before it connects: after a query was ended with its process, the
 * next caller meets a new process and not a closed socket.
 */
function clientOf(server: EmbeddedServer): typeof Client {
  return class EmbeddedClient extends Client {
    override connect(): Promise<this>;
    override connect(callback: (error: Error | undefined) => void): void;
    override connect(callback?: (error: Error | undefined) => void): Promise<this> | undefined {
      const connected = server.ready().then(async ({ host, port }) => {
        Object.assign(this, { host, port });
        await super.connect();
        await this.query(`LISTEN ${CHANNEL}`);
        return this;
      });
      if (callback === undefined) return connected;
      connected.then(
        () => callback(undefined),
        (error: Error) => callback(error),
      );
      return undefined;
    }
  } as unknown as typeof Client;
}

/** Starts, migrates and opens the embedded database. Throws `ConfigurationError`, `UnavailableError`. */
export async function openEmbedded(options: EmbeddedOptions): Promise<Database> {
  return (await open(options, prepare)).database;
}

/**
 * Opens the embedded database as it stands, for `doctor --attack` and never for serving: nothing is migrated or made, and
 * walls that do not hold are what is looked for. Throws `ConfigurationError` where there is no database, or it is in use.
 */
export async function openEmbeddedAsIs(options: EmbeddedOptions): Promise<DatabaseAsIs> {
  requireEmbedded(options.directory);
  return open(options, async (client) => ({ key: await existingSigningKey(client), migrated: [] }));
}

/** Throws `ConfigurationError` where there is no database: one that was meant is elsewhere, and this one is not to be made. */
export function requireEmbedded(directory: string): void {
  if (!existsSync(join(directory, 'pg')))
    throw new ConfigurationError(
      `There is no database in the data directory ${directory}. Run "aisle migrate" first, or name another with --data-dir or DATA_DIR.`,
    );
}

interface Prepared {
  readonly key: ContextKey;
  readonly migrated: readonly string[];
}

async function open(
  options: EmbeddedOptions,
  prepared: (client: ClientBase) => Promise<Prepared>,
): Promise<DatabaseAsIs> {
  const server = new EmbeddedServer(options.directory);
  try {
    await server.ready();
    // One session is all that PGlite has: governed queries, loads and administration take turns on it.
    const pool = new Pool({
      Client: clientOf(server),
      user: OWNER,
      database: 'postgres',
      max: 1,
      idleTimeoutMillis: 0,
      connectionTimeoutMillis: options.acquireTimeoutMs,
    });
    pool.on('error', () => {});
    const feed = new ChangeFeed();
    let isConnected = false;
    pool.on('connect', (client) => {
      client.on('error', () => {});
      // All changes are made on this one connection, and told on it before whoever made them has his answer.
      client.on('notification', ({ payload = '' }) => feed.tell(changeOf(payload)));
      client.on('end', () => {
        isConnected = false;
      });
      isConnected = true;
      feed.tell({}); // what the connection before this one did last may not have been told
    });
    let closing = false;
    // A dropped connection may leave PGlite's one session in the middle of anything; a new process begins afresh.
    pool.on('remove', () => {
      if (!closing) server.kill();
    });
    // The directory is this process's alone: nobody else can rotate.
    const { key, migrated } = await onClient(pool, prepared);
    const keys = new KeyRing(key);
    const database = assembleDatabase({
      governor: governorOf(pool, keys, server, options),
      admin: pool,
      keys: keyAdministration(pool, keys, async () => {}),
      secretKeys: options.secretKeys,
      migrated,
      auditors: { writerRole: 'auditor', connectWriter: () => pool.connect() },
      changes: {
        subscribe: (told) => feed.subscribe(told),
        isCurrent: () => isConnected,
        watched: () => watchedTables(pool),
      },
      hasCopy: false,
      hasAutovacuum: false,
      abortLoad: () => server.kill(),
      // Its one connection may be busy with a long query, which is no reason to send callers elsewhere.
      ping: async () => {
        await server.ready();
      },
      close: async () => {
        closing = true;
        await pool.end();
        await server.stop();
      },
    });
    return { database, mint: keys.mint };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function prepare(client: ClientBase): Promise<Prepared> {
  const migrated = await migrate(client);
  const key = await withMigrationLock(client, () => ensureSigningKey(client));
  await checkWalls(client, READER);
  return { key, migrated };
}

async function onClient<Result>(pool: Pool, work: (client: ClientBase) => Promise<Result>): Promise<Result> {
  const client = await pool.connect();
  try {
    return await work(client);
  } finally {
    client.release();
  }
}

function governorOf(
  pool: Pool,
  keys: KeyRing,
  server: EmbeddedServer,
  { limits, logger }: EmbeddedOptions,
): Governor {
  return new Governor({
    pool,
    keys,
    limits,
    logger,
    isOurs: true,
    role: READER,
    sessionUser: OWNER,
    listensTo: CHANNEL,
    overrunMs: 0, // statement_timeout does not fire in WebAssembly: the process is ended instead
    stop: async () => server.kill(),
  });
}
