import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { TLSSocket } from 'node:tls';
import { Client, type ClientBase } from 'pg';
import { ConfigurationError, DatabaseError } from '../kernel/errors.ts';
import { isLoopback } from '../kernel/loopback.ts';
import { isPooled } from './connection-budget.ts';
import { EmbeddedServer } from './embedded/server.ts';
import { type MigrationState, migrationState } from './migrate.ts';
import { connectOwner } from './owner-client.ts';
import { loginName } from './postgres-logins.ts';
import { TENANT_TABLES_FOUND } from './tenant-tables.ts';

/** A database opened for looking: nothing is migrated, changed or refused, in whatever state it is. */
export interface Inspection {
  readonly facts: InspectionFacts;
  /** Runs one statement that only reads. Throws `DatabaseError` with PostgreSQL's words; the next statement runs all the same. */
  rows(text: string, values?: readonly unknown[]): Promise<readonly unknown[]>;
  close(): Promise<void>;
}

/** How the database was reached. */
export interface Reached {
  readonly kind: 'embedded' | 'postgres';
  /** `host:port`, the directory of a Unix socket, or the data directory. */
  readonly address: string;
  /** Whether the way there leaves this machine. */
  readonly isRemote: boolean;
  /** Undefined when the connection is not encrypted. */
  readonly tls: { readonly protocol: string; readonly isVerified: boolean } | undefined;
}

export interface InspectionFacts extends Reached {
  /** Whether a pooler stands between Aisle and PostgreSQL. */
  readonly isPooled: boolean;
  readonly database: string;
  readonly user: string;
  /** The role whose rights model SQL has. */
  readonly reader: string;
  readonly readerExists: boolean;
  readonly isSuperuser: boolean;
  readonly hasTenantTables: boolean;
  /** Milliseconds that the database's clock is ahead of this machine's. */
  readonly clockAheadMs: number;
  /** Undefined when they can't be read: no rights, or a table of another kind. */
  readonly migrations: MigrationState | undefined;
}

export type InspectionTarget = { readonly url: string } | { readonly directory: string };

/** One snapshot that can't write. */
const BEGIN = 'BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY';

/**
 * The search path is pinned, since a database that is not in order may hold functions and operators with the names of
 * built-in ones, and whoever looks is often a superuser.
 */
const LOOK_ONLY = `SET LOCAL search_path = pg_catalog, pg_temp;
  SET LOCAL statement_timeout = '15s'; SET LOCAL lock_timeout = '2s'`;

/** Opens a database for looking. Throws `ConfigurationError`, `UnavailableError` when it can't be reached. */
export function openInspection(target: InspectionTarget): Promise<Inspection> {
  return 'url' in target ? inspectPostgres(target.url) : inspectEmbedded(target.directory);
}

async function inspectPostgres(url: string): Promise<Inspection> {
  const client = await connectOwner(url);
  return looking(client, reachedBy(client), () => client.end());
}

async function inspectEmbedded(directory: string): Promise<Inspection> {
  if (!existsSync(join(directory, 'pg')) || existsSync(join(directory, 'pg.unfinished'))) {
    throw new ConfigurationError(
      `There is no database in the data directory ${directory} yet. Make one with "aisle migrate" or "aisle serve --demo", or name another with --data-dir or DATA_DIR.`,
    );
  }
  const server = new EmbeddedServer(directory);
  try {
    const address = await server.ready();
    const client = new Client({ ...address, user: 'postgres', database: 'postgres' });
    client.on('error', () => {});
    await client.connect();
    const reached = { kind: 'embedded', address: directory, isRemote: false, tls: undefined } as const;
    return await looking(client, reached, async () => {
      await client.end();
      await server.stop();
    });
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function looking(client: Client, reached: Reached, close: () => Promise<void>): Promise<Inspection> {
  try {
    await client.query(BEGIN);
    return await inspectionOf(client, reached, close);
  } catch (error) {
    await close();
    throw error;
  }
}

/** Looks through a client that is in a transaction, which it leaves open. */
export async function inspectionOf(
  client: ClientBase,
  reached: Reached,
  close: () => Promise<void> = async () => {},
): Promise<Inspection> {
  await client.query(LOOK_ONLY);
  const facts = {
    ...reached,
    isPooled: reached.kind === 'postgres' && (await isPooled(client)),
    ...(await whoLooks(client, reached)),
    clockAheadMs: await clockAhead(client),
    migrations: await spared(client, () => migrationState(client)).catch(() => undefined),
  };
  return {
    facts,
    close,
    rows: (text, values = []) =>
      spared(client, async () => (await client.query<object>(text, [...values])).rows),
  };
}

type WhoLooks = Pick<
  InspectionFacts,
  'database' | 'user' | 'isSuperuser' | 'reader' | 'readerExists' | 'hasTenantTables'
>;

async function whoLooks(client: ClientBase, { kind }: Reached): Promise<WhoLooks> {
  const { rows } = await client.query<Omit<WhoLooks, 'reader' | 'readerExists'>>(
    `SELECT current_database() AS database, current_user AS user, rolsuper AS "isSuperuser",
       EXISTS (${TENANT_TABLES_FOUND}) AS "hasTenantTables"
     FROM pg_roles WHERE rolname = current_user`,
  );
  const found = rows[0] ?? { database: '', user: '', isSuperuser: false, hasTenantTables: false };
  const reader = kind === 'embedded' ? 'aisle_reader' : loginName('aisle_reader', found.database);
  const readers = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [reader]);
  return { ...found, reader, readerExists: readers.rowCount === 1 };
}

/** Work that may fail without taking the transaction with it. */
async function spared<Result>(client: ClientBase, work: () => Promise<Result>): Promise<Result> {
  try {
    await client.query('SAVEPOINT looking');
    return await work();
  } catch (error) {
    await client.query('ROLLBACK TO SAVEPOINT looking').catch(() => {});
    throw new DatabaseError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** The quickest of a few answers tells best: what is left of its round trip is all the error there is. */
async function clockAhead(client: ClientBase): Promise<number> {
  let best = { tookMs: Number.POSITIVE_INFINITY, aheadMs: 0 };
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const asked = Date.now();
    const { rows } = await client.query<{ now: string }>(
      'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::text AS now',
    );
    const answered = Date.now();
    const aheadMs = Math.round(Number(rows[0]?.now) - (asked + answered) / 2);
    if (answered - asked < best.tookMs) best = { tookMs: answered - asked, aheadMs };
  }
  return best.aheadMs;
}

/** As the socket tells it: what the URL asks for is one thing, what was agreed on another. @types/pg keeps it to itself. */
function reachedBy(client: Client): Reached {
  const { stream } = (client as unknown as { connection: { stream: TLSSocket } }).connection;
  const isSocket = client.host.startsWith('/');
  const peer = (stream.remoteAddress ?? client.host).replace(/^::ffff:/, '');
  return {
    kind: 'postgres',
    address: isSocket ? client.host : `${client.host}:${client.port}`,
    isRemote: !isSocket && !isLoopback(peer),
    tls:
      stream instanceof TLSSocket
        ? { protocol: stream.getProtocol() ?? 'TLS', isVerified: stream.authorized }
        : undefined,
  };
}
