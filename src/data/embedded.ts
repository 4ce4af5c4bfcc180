import { Client, Pool } from 'pg';
import type { Logger } from '../kernel/logger.ts';
import { assembleDatabase } from './assemble.ts';
import { ensureSigningKey } from './context-keys.ts';
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
    pool.on('connect', (client) => client.on('error', () => {}));
    let closing = false;
    // A dropped connection may leave PGlite's one session in the middle of anything; a new process begins afresh.
    pool.on('remove', () => {
      if (!closing) server.kill();
    });
    const keys = await prepare(pool);
    return assembleDatabase({
      governor: governorOf(pool, keys, server, options),
      admin: pool,
      keys: keyAdministration(pool, keys, async () => {}),
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
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function prepare(pool: Pool): Promise<KeyRing> {
  const client = await pool.connect();
  try {
    await migrate(client);
    const key = await withMigrationLock(client, () => ensureSigningKey(client));
    await checkWalls(client, READER);
    return new KeyRing(key); // the directory is this process's alone: nobody else can rotate
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
    role: READER,
    sessionUser: OWNER,
    overrunMs: 0, // statement_timeout does not fire in WebAssembly: the process is ended instead
    stop: () => server.kill(),
  });
}
