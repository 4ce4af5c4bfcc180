import { setTimeout as setTimeoutPromise } from 'node:timers/promises';
import { Client, type ClientBase, type ClientConfig, Pool, type PoolClient } from 'pg';
import { ConfigurationError, UnavailableError } from '../kernel/errors.ts';
import type { Logger } from '../kernel/logger.ts';
import type { SecretKeys } from '../kernel/secret-keys.ts';
import type { DatabaseAsIs } from './as-is.ts';
import { assembleDatabase } from './assemble.ts';
import { ChangeListener } from './changes/change-listener.ts';
import { ChangeFeed } from './changes/feed.ts';
import { watchedTables } from './changes/watched-tables.ts';
import { closeSocket } from './close-socket.ts';
import { AUDITORS, adminPoolSize, lookForShortage } from './connection-budget.ts';
import { ensureSigningKey, existingSigningKey, readSigningKey } from './context-keys.ts';
import { type ContextKey, derivedPassword } from './context-token.ts';
import type { Database } from './database.ts';
import { Governor, type GovernorLimits } from './governor.ts';
import { keyAdministration } from './key-administration.ts';
import { connectWith, KeyRing } from './key-ring.ts';
import { migrate, migrationState, withMigrationLock } from './migrate.ts';
import { connectOwner } from './owner-client.ts';
import { missingRights } from './owner-errors.ts';
import { watchPool } from './pool-monitor.ts';
import { ensureLogin, loginName } from './postgres-logins.ts';
import { checkWalls } from './self-check.ts';
import { sessionSettings } from './session-settings.ts';

interface PoolSettings {
  readonly max: number;
  /** Connections that stay open when idle. */
  readonly min: number;
  readonly idleTimeoutMs: number;
  /** A connection is replaced after this. */
  readonly lifetimeSeconds: number;
  /** Milliseconds to wait for a free connection before the call is refused. */
  readonly acquireTimeoutMs: number;
  readonly applicationName: string;
  /** Servers that there may be at once, each with a pool of this size. Default 1. */
  readonly servers?: number;
}

export interface PostgresOptions {
  /** A user that may create roles and owns the database; it migrates, seeds and imports, and never runs model SQL. */
  readonly url: string;
  readonly pool: PoolSettings;
  readonly limits: GovernorLimits;
  /** What sensitive fields are encrypted with. */
  readonly secretKeys: SecretKeys;
  /** Refuse a database that Aisle has never migrated, in place of migrating it. Default false. */
  readonly mustExist?: boolean;
  /** Whether the URL's user may be a superuser. Default true; in production false. */
  readonly superuserAllowed?: boolean;
  readonly logger: Logger;
}

/** Milliseconds past statement_timeout after which the query is cancelled from outside. */
const OVERRUN_MS = 2000;
/** Milliseconds after a cancel at which the connection is closed, whether the backend heeded it or not. */
const HARD_STOP_MS = 2000;

/** Milliseconds of silence on a connection after which the system asks the other end whether it is there. */
const KEEP_ALIVE_MS = 30_000;

/** Any number, as long as every doctor takes the same one. */
const AS_IS_LOCK = 7_241_186_003;

const READER_SETTINGS = {
  default_transaction_read_only: 'on',
  // One snapshot for the entry and the query: what the entry found to hold can't be taken away between the two.
  default_transaction_isolation: 'repeatable read',
} as const;

/** What the login that appends to the audit logs begins a session with: an answer means that the record is on disk. */
const AUDITOR_SETTINGS = {
  synchronous_commit: 'on',
  statement_timeout: '10s',
  lock_timeout: '5s',
  idle_in_transaction_session_timeout: '10s',
} as const;

/** Milliseconds after which a server that says nothing is taken for gone. */
const AUDITORS_PATIENCE_MS = 10_000;

/** Migrates the database at `url`, makes its logins, and opens it for serving. Throws `ConfigurationError`, `UnavailableError`. */
export async function openPostgres(options: PostgresOptions): Promise<Database> {
  return (await open(options, await prepare(options), checkWalls)).database;
}

/**
 * Opens the database at `url` as it stands, for `doctor --attack` and never for serving: nothing is migrated or made, and
 * walls that do not hold are what is looked for. One at a time: throws `UnavailableError` while another has it open so.
 */
export async function openPostgresAsIs(options: PostgresOptions): Promise<DatabaseAsIs> {
  const owner = await connectOwner(options.url);
  try {
    await takeForOneself(owner);
    const key = await existingSigningKey(owner);
    const name = await databaseName(owner);
    const access = {
      key,
      user: loginName('aisle_reader', name),
      auditor: loginName('aisle_auditor', name),
      migrated: [],
    };
    const { database, mint } = await open(options, access, async () => {});
    const close = async () => {
      await database.close();
      await owner.end();
    };
    return { database: { ...database, close }, mint };
  } catch (error) {
    await owner.end();
    throw error;
  }
}

/** Held by a session of its own, so that it ends with this process however that ends. */
async function takeForOneself(owner: ClientBase): Promise<void> {
  const { rows } = await owner.query<{ free: boolean }>('SELECT pg_try_advisory_lock($1) AS free', [
    AS_IS_LOCK,
  ]);
  if (rows[0]?.free === true) return;
  throw new UnavailableError(
    'The database is being attacked by another doctor. Wait until that one is done.',
  );
}

/** Who queries run as, and the key that their contexts are signed with and their password is derived from. */
interface Access {
  readonly user: string;
  /** Who appends to the audit logs; the password is derived from the same key. */
  readonly auditor: string;
  readonly key: ContextKey;
  readonly migrated: readonly string[];
}

async function open(
  options: PostgresOptions,
  { user, auditor, key, migrated }: Access,
  check: (client: ClientBase) => Promise<void>,
): Promise<DatabaseAsIs> {
  const { pool, limits } = options;
  const admin = newPool({ connectionString: options.url }, pool, adminPoolSize(pool.max));
  const keys = new KeyRing(key, () => readSigningKey(admin));
  const loginAs = (login: string): ClientConfig => ({
    ...connectionConfig(options.url),
    user: login,
    password: () => derivedPassword(keys.current, login),
  });
  const readers = newPool(loginAs(user), pool, pool.max);
  const auditors = newPool({ ...loginAs(auditor), query_timeout: AUDITORS_PATIENCE_MS }, pool, AUDITORS);
  const feed = new ChangeFeed();
  const listener = new ChangeListener({
    connect: () => connectOwner(options.url),
    ...{ feed, logger: options.logger },
  });
  const close = async () => {
    keys.close();
    await Promise.all([readers.end(), auditors.end(), admin.end(), listener.close()]);
  };
  try {
    await onClient(readers, check);
  } catch (error) {
    await close();
    throw error;
  }
  const governor = new Governor({
    pool: readers,
    keys,
    limits,
    logger: options.logger,
    overrunMs: OVERRUN_MS,
    stop(pid, client) {
      void admin.query('SELECT pg_cancel_backend($1)', [pid]).catch(() => {});
      // Some functions heed nothing while they compute: whoever asked waits no longer than this.
      setTimeout(() => closeSocket(client), HARD_STOP_MS).unref();
      return backendEnd(admin, pid);
    },
  });
  const monitor = watchPool({
    pool: readers,
    takeMostWaiting: () => governor.takeMostWaiting(),
    logger: options.logger,
  });
  const database = assembleDatabase({
    governor,
    admin,
    keys: keyAdministration(admin, keys, (owner, signing) => ensureLogins(owner, signing, limits)),
    secretKeys: options.secretKeys,
    migrated,
    auditors: { writerRole: 'login', connectWriter: () => connectWith(auditors, keys) },
    changes: {
      subscribe(told) {
        listener.start(); // not before anybody wants to know: a command has no use for the connection
        return feed.subscribe(told);
      },
      isCurrent: () => listener.isCurrent(),
      watched: () => watchedTables(admin),
    },
    hasCopy: true,
    hasAutovacuum: true,
    abortLoad: closeSocket,
    ping: async () => {
      await admin.query('SELECT 1');
    },
    close: () => {
      monitor.stop();
      return close();
    },
  });
  return { database, mint: keys.mint };
}

async function prepare(options: PostgresOptions): Promise<Access> {
  const { url, limits, superuserAllowed = true, mustExist } = options;
  return onOwner(url, async (client) => {
    if (!superuserAllowed && (await isSuperuser(client))) {
      throw new ConfigurationError(
        'The user in DATABASE_URL is a superuser, for whom no wall counts: refused outside of development. Make one that owns the database and has CREATEROLE: CREATE ROLE aisle_admin LOGIN CREATEROLE PASSWORD …; ALTER DATABASE … OWNER TO aisle_admin.',
      );
    }
    if (mustExist === true && (await migrationState(client)).applied.length === 0)
      throw new ConfigurationError(
        'Aisle has never been in the database that DATABASE_URL names. Run "aisle migrate" first, or name another with --database-url or DATABASE_URL.',
      );
    await warnOfShortage(client, options);
    const migrated = await migrate(client);
    return withMigrationLock(client, async () => {
      const key = await ensureSigningKey(client);
      return { key, migrated, ...(await ensureLogins(client, key, limits)) };
    });
  });
}

/** A server that finds no connection left answers errors under load only, when it is late to learn why. */
async function warnOfShortage(client: Client, { pool, logger }: PostgresOptions): Promise<void> {
  const { max: poolMax, servers = 1, applicationName } = pool;
  const database = await databaseName(client);
  const shortage = await lookForShortage(client, { poolMax, servers, applicationName, database });
  if (shortage === undefined) return;
  const { found: problem, mend } = shortage;
  logger.warn('connections_scarce', { problem, mend });
}

/** The logins that queries run as and that append to the audit logs; returns their names. */
async function ensureLogins(
  client: ClientBase,
  key: ContextKey,
  limits: GovernorLimits,
): Promise<{ readonly user: string; readonly auditor: string }> {
  // Only a superuser may set it for a role: what one query may spill to disk.
  const spill = (await isSuperuser(client)) ? { temp_file_limit: '1GB' } : {};
  const database = await databaseName(client);
  // Settings of pgvector are known, and so may be set for a role, where it has been used.
  await client.query("SELECT '[0]'::extensions.vector");
  return {
    user: await ensureLogin(client, 'aisle_reader', database, key, {
      ...sessionSettings(limits),
      ...READER_SETTINGS,
      ...spill,
    }),
    auditor: await ensureLogin(client, 'aisle_auditor', database, key, AUDITOR_SETTINGS),
  };
}

async function databaseName(client: ClientBase): Promise<string> {
  const { rows } = await client.query<{ name: string }>('SELECT current_database() AS name');
  return rows[0]?.name ?? '';
}

async function isSuperuser(client: ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ is: boolean }>(
    'SELECT rolsuper AS is FROM pg_roles WHERE rolname = current_user',
  );
  return rows[0]?.is === true;
}

async function onOwner<Result>(url: string, work: (client: Client) => Promise<Result>): Promise<Result> {
  const client = await connectOwner(url);
  try {
    return await work(client);
  } catch (error) {
    throw missingRights(error) ?? error;
  } finally {
    await client.end();
  }
}

function connectionConfig(url: string): ClientConfig {
  const { host, port, database, ssl } = new Client({ connectionString: url });
  if (database === undefined)
    throw new ConfigurationError('DATABASE_URL names no database: postgres://user@host:5432/database.');
  return { host, port, database, ssl };
}

function newPool(connection: ClientConfig, settings: PoolSettings, max: number): Pool {
  const pool = new Pool({
    ...connection,
    max,
    min: Math.min(settings.min, max),
    idleTimeoutMillis: settings.idleTimeoutMs,
    maxLifetimeSeconds: settings.lifetimeSeconds,
    connectionTimeoutMillis: settings.acquireTimeoutMs,
    application_name: settings.applicationName,
    // What stands in between (NAT, a load balancer) forgets a connection that is silent, and tells neither end.
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
  });
  // Without listeners a connection that the server drops would end the process; the next use reports it.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

async function onClient<Result>(pool: Pool, work: (client: PoolClient) => Promise<Result>): Promise<Result> {
  const client = await pool.connect();
  try {
    return await work(client);
  } finally {
    client.release();
  }
}

const FIRST_LOOK_MS = 20;
const LATER_LOOKS_MS = 1000;

/** Resolves when there is no backend of that pid any more. While PostgreSQL can't be asked, it may still be there. */
async function backendEnd(admin: Pool, pid: number): Promise<void> {
  for (let waitMs = FIRST_LOOK_MS; !admin.ending; waitMs = Math.min(waitMs * 2, LATER_LOOKS_MS)) {
    const isThere = await admin.query('SELECT FROM pg_stat_activity WHERE pid = $1', [pid]).then(
      ({ rowCount }) => rowCount !== 0,
      () => true,
    );
    if (!isThere) return;
    await setTimeoutPromise(waitMs, undefined, { ref: false });
  }
}
