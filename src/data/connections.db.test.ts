/**
 * How many connections a server opens, keeps and may want, on a real PostgreSQL: they come when callers need them, go when
 * nobody does, never from under a query, and a start says when there will not be enough of them.
 */
import { once } from 'node:events';
import { connect, createServer, Socket } from 'node:net';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { TEST_LIMITS } from '../../test/harness/limits.ts';
import { type CreatedDatabase, createPostgresDatabase } from '../../test/harness/postgres-database.ts';
import { TEST_SECRET_KEYS } from '../../test/harness/secret-keys.ts';
import { loadTwoStores, NORTH } from '../../test/harness/two-stores.ts';
import type { LogFields, Logger } from '../kernel/logger.ts';
import { silentLogger } from '../telemetry/logger.ts';
import { CONNECTION_LIMITS, type ConnectionLimits, isPooled } from './connection-budget.ts';
import type { Database } from './database.ts';
import { openPostgres } from './postgres.ts';

const serverUrl = inject('postgresUrl');
const POOL = { min: 1, max: 6, lifetimeSeconds: 3600, idleTimeoutMs: 1500, acquireTimeoutMs: 20_000 };
const NAME = 'aisle-connections-test';

const open = (url: string, logger: Logger = silentLogger, servers = 1): Promise<Database> =>
  openPostgres({
    url,
    pool: { ...POOL, applicationName: NAME, servers },
    limits: { ...TEST_LIMITS, callerShare: 1, lockTimeoutMs: 20_000, statementTimeoutMs: 20_000 },
    secretKeys: TEST_SECRET_KEYS,
    logger,
  });

describe.runIf(serverUrl !== '')('connections to PostgreSQL', () => {
  let created: CreatedDatabase;
  let watcher: pg.Client;
  let locker: pg.Client; // apart, since what is seen of sessions stands still within a transaction
  beforeAll(async () => {
    created = await createPostgresDatabase(serverUrl);
    watcher = new pg.Client({ connectionString: created.url, application_name: 'somebody else' });
    locker = new pg.Client({ connectionString: created.url });
    await Promise.all([watcher.connect(), locker.connect()]);
  });
  afterAll(async () => {
    await Promise.all([watcher.end(), locker.end()]);
    await created.drop();
  });
  afterEach(() => void vi.restoreAllMocks());

  /** Sessions that queries run in; `state` of each. */
  async function readers(): Promise<readonly string[]> {
    const { rows } = await watcher.query<{ state: string }>(
      `SELECT state FROM pg_stat_activity
       WHERE datname = current_database() AND usename LIKE 'aisle_reader%' ORDER BY 1`,
    );
    return rows.map(({ state }) => state);
  }

  test('are opened when callers need them, and closed when nobody has for a while, but for the fewest and those at work', async () => {
    const database = await open(created.url);
    await loadTwoStores(database);
    const context = { principal: NORTH.principal, signal: new AbortController().signal, requestId: 'r' };
    const ask = () =>
      database.withTenant(context, (tenant) => tenant.query({ text: 'SELECT 1 FROM stores' }));
    /** All at once: each holds its connection until all have one. */
    const burst = async (callers: number) => {
      const all = Promise.withResolvers<void>();
      let holding = 0;
      const held = () => {
        holding += 1;
        if (holding === callers) all.resolve();
        return all.promise;
      };
      await Promise.all(Array.from({ length: callers }, () => database.withTenant(context, held)));
    };
    try {
      await locker.query('BEGIN; LOCK TABLE retail.stores');
      const waiting = ask();
      await burst(5);
      expect(await readers()).toHaveLength(6);
      await vi.waitFor(async () => expect(await readers()).toEqual(['active']), 10_000);
      await locker.query('COMMIT');
      expect((await waiting).rows).toEqual([[1]]);
      expect(await readers()).toEqual(['idle']);
      await burst(6);
      expect(await readers()).toHaveLength(6);
    } finally {
      await database.close();
    }
    await expect.poll(readers).toEqual([]); // a backend ends a moment after its connection
  });

  test('are asked by the system whether they are there', async () => {
    const asked = vi.spyOn(Socket.prototype, 'setKeepAlive');
    await (await open(created.url)).close();
    expect(asked).toHaveBeenCalledWith(true, 30_000);
  });

  describe('that may not suffice', () => {
    async function warnings(servers: number): Promise<readonly (LogFields | undefined)[]> {
      const warned: (LogFields | undefined)[] = [];
      const logger: Logger = {
        ...silentLogger,
        warn: (message, fields) => {
          if (message === 'connections_scarce') warned.push(fields);
        },
      };
      await (await open(created.url, logger, servers)).close();
      return warned;
    }

    test('are told of at the start, with what to do', async () => {
      const { rows } = await watcher.query<ConnectionLimits>(CONNECTION_LIMITS, ['nobody', NAME]);
      const most = rows[0]?.most ?? 0;
      expect(await warnings(1)).toEqual([]);
      expect(await warnings(1000)).toEqual([
        {
          problem: `PostgreSQL takes ${most} connections, and 1000 servers of Aisle open up to 11000`,
          mend: 'Set DB_POOL_MAX lower, or raise the limit: max_connections, then restart PostgreSQL.',
        },
      ]);
    });

    test('are told of when the database takes fewer', async () => {
      const name = new URL(created.url).pathname.slice(1);
      await watcher.query(`ALTER DATABASE ${name} CONNECTION LIMIT 21`);
      expect(await warnings(2)).toMatchObject([
        { problem: 'the database takes 21 connections, and 2 servers of Aisle open up to 22' },
      ]);
      await watcher.query(`ALTER DATABASE ${name} CONNECTION LIMIT 22`);
      expect(await warnings(2)).toEqual([]);
      await watcher.query(`ALTER DATABASE ${name} CONNECTION LIMIT -1`);
    });
  });

  test("counts Aisle's sessions on this database, and everybody else's apart", async () => {
    const limits = async () => {
      const { rows } = await watcher.query<ConnectionLimits>(CONNECTION_LIMITS, ['nobody', NAME]);
      return rows[0] ?? expect.unreachable();
    };
    await expect.poll(async () => (await limits()).ours).toBe(0);
    const session = new pg.Client({ connectionString: created.url, application_name: NAME });
    await session.connect();
    expect((await limits()).ours).toBe(1);
    await session.end();
  });

  test('a pooler in between is noticed by the process id that it makes up', async () => {
    const pooler = await startPooler(created.url);
    const direct = new pg.Client({ connectionString: created.url });
    const pooled = new pg.Client({ connectionString: pooler.url });
    await Promise.all([direct.connect(), pooled.connect()]);
    expect(await isPooled(direct)).toBe(false);
    expect(await isPooled(pooled)).toBe(true);
    await Promise.all([direct.end(), pooled.end()]);
    pooler.close();
  });
});

/** BackendKeyData, 12 bytes long: process id and key follow. */
const KEY_DATA = Buffer.from('K\0\0\0\x0c', 'latin1');

/** Passes everything on but for the process id, which it makes up, as PgBouncer does. */
async function startPooler(databaseUrl: string): Promise<{ readonly url: string; close(): void }> {
  const target = new URL(databaseUrl);
  const server = createServer((client) => {
    const behind = connect(Number(target.port), target.hostname);
    client.pipe(behind);
    behind.on('data', (bytes) => {
      const at = bytes.indexOf(KEY_DATA);
      if (at >= 0) bytes.writeInt32BE(77, at + KEY_DATA.length);
      client.write(bytes);
    });
    for (const socket of [client, behind]) socket.on('error', () => {}).on('close', () => behind.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: Object.assign(new URL(databaseUrl), { host: `127.0.0.1:${port}` }).href,
    close: () => server.close(),
  };
}
