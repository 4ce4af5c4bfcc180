/** Keys are replaced while servers run: nobody's call fails, and what an old key signed is worth nothing when it is gone. */
import { Client } from 'pg';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { databasesAndManaged, type OpenedDatabase } from '../../test/harness/databases.ts';
import { TEST_LIMITS } from '../../test/harness/limits.ts';
import { createPostgresDatabase } from '../../test/harness/postgres-database.ts';
import { TEST_SECRET_KEYS } from '../../test/harness/secret-keys.ts';
import { loadTwoStores, NORTH } from '../../test/harness/two-stores.ts';
import { silentLogger } from '../telemetry/logger.ts';
import { type ContextKey, contextMinter, derivedPassword } from './context-token.ts';
import type { Database } from './database.ts';
import { openPostgres } from './postgres.ts';

const signal = new AbortController().signal;
const context = { principal: NORTH.principal, signal, requestId: 'r' };
const ORDERS = 'SELECT order_number FROM orders';
const orders = (database: Database) =>
  database.withTenant(context, async (tenant) => (await tenant.query({ text: ORDERS })).rows);
const states = async (database: Database) => (await database.keys.list()).map(({ state }) => state);

describe.each(databasesAndManaged)('keys on $name', ({ open }) => {
  let opened: OpenedDatabase;
  afterEach(() => opened.close());

  it('a new one signs, the old ones verify until their time is up, and one can be taken away before', async () => {
    opened = await open();
    const { database } = opened;
    await loadTwoStores(database);
    const [first] = await database.keys.list();
    expect(first).toMatchObject({ state: 'signs', retiresAt: null });

    const second = await database.keys.rotate(900);
    const [newest, old] = await database.keys.list();
    expect([newest?.keyId, newest?.state]).toEqual([second, 'signs']);
    expect([old?.keyId, old?.state]).toEqual([first?.keyId, 'verifies']);
    const overlapMs = (old?.retiresAt?.getTime() ?? 0) - (newest?.createdAt.getTime() ?? 0);
    expect(Math.round(overlapMs / 1000)).toBe(900);
    expect(await orders(database)).toEqual([['O-0']]);

    await expect(database.keys.retire(second)).rejects.toMatchObject({ code: 'VALIDATION_ERROR' });
    await expect(database.keys.retire('nosuchkey')).rejects.toMatchObject({ code: 'VALIDATION_ERROR' });
    await database.keys.retire(old?.keyId ?? '');
    expect(await states(database)).toEqual(['signs']);

    await database.keys.rotate(900);
    const last = await database.keys.rotate(0);
    expect((await database.keys.list()).map(({ keyId }) => keyId)).toEqual([last]);
    expect(await orders(database)).toEqual([['O-0']]);
  });

  it('an end that was set is never put off by another rotation', async () => {
    opened = await open();
    const { keys } = opened.database;
    await keys.rotate(60);
    const [, before] = await keys.list();
    await keys.rotate(900);
    const after = (await keys.list()).find(({ keyId }) => keyId === before?.keyId);
    expect(after?.retiresAt).toEqual(before?.retiresAt);
  });
});

const servers = inject('postgresUrl') === '' ? [] : [inject('postgresUrl')];

describe.each(servers)('two servers on one database', (serverUrl) => {
  const running: Database[] = [];
  let drop = async () => {};
  let url = '';

  /** Connections that were idle for a millisecond are closed, so that callers log in all the time. */
  const start = async (idleTimeoutMs = 1): Promise<Database> => {
    const pool = { min: 0, max: 4, lifetimeSeconds: 3600, idleTimeoutMs, acquireTimeoutMs: 20_000 };
    const database = await openPostgres({
      url,
      pool: { ...pool, applicationName: 'aisle-test' },
      limits: TEST_LIMITS,
      secretKeys: TEST_SECRET_KEYS,
      logger: silentLogger,
    });
    running.push(database);
    return database;
  };
  const prepare = async () => {
    ({ url, drop } = await createPostgresDatabase(serverUrl));
    const server = await start();
    await loadTwoStores(server);
    return server;
  };
  const asOwner = async <Result>(work: (client: Client) => Promise<Result>): Promise<Result> => {
    const client = new Client({ connectionString: url });
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  };
  afterEach(async () => {
    await Promise.all(running.splice(0).map((database) => database.close()));
    await drop();
  });

  it.each([
    ['an overlap', 900],
    ['none: the key was leaked', 0],
  ])(
    'under traffic, with new connections all the time, no call fails or misses a row; rotated with %s',
    async (_how, overlapSeconds) => {
      const server = await prepare();
      const other = await start();
      let answered = 0;
      let stop = false;
      const caller = async () => {
        while (!stop) {
          expect(await orders(server)).toEqual([['O-0']]);
          answered += 1;
          if (answered % 5 === 0) await new Promise((later) => setTimeout(later, 5));
        }
      };
      const callers = Promise.all([caller(), caller(), caller()]);
      for (let rotation = 1; rotation <= 5; rotation += 1) {
        await other.keys.rotate(overlapSeconds);
        const before = answered;
        await Promise.race([
          callers,
          expect.poll(() => answered, { timeout: 20_000 }).toBeGreaterThan(before + 20),
        ]);
      }
      stop = true;
      await callers;
    },
    120_000,
  );

  it('a server signs with the new key within seconds, though nothing told it and the old one still verifies', async () => {
    const other = await prepare();
    const server = await start(60_000); // keeps its connection, so no login that fails tells it either
    const signer = async () => {
      const { rows } = await server.withTenant(context, (tenant) =>
        tenant.query({ text: `SELECT split_part(current_setting('aisle.context'), '.', 1)` }),
      );
      return rows[0]?.[0];
    };
    const first = await signer();
    const next = await other.keys.rotate(900);
    expect(next).not.toBe(first);
    await expect.poll(signer, { timeout: 10_000, interval: 200 }).toBe(next);
  });

  it('a leaked key signs nothing that is believed, and opens no login, once it was rotated away', async () => {
    const server = await prepare();
    const leaked = await asOwner(async (client) => {
      const { rows } = await client.query<ContextKey>(
        `SELECT key_id AS "keyId", inner_pad AS "innerPad", outer_pad AS "outerPad" FROM access.context_keys`,
      );
      return rows[0];
    });
    if (leaked === undefined) expect.fail('no key');
    const forge = () =>
      asOwner(async (client) => {
        const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
        const token = contextMinter(leaked)(NORTH.principal, 2 ** 32, rows[0]?.pid ?? 0);
        await client.query(`SELECT set_config('aisle.context', $1, false)`, [token]);
        return (await client.query('SELECT access.visible_stores() AS stores')).rows;
      });
    expect(await forge()).toEqual([{ stores: [NORTH.storeId] }]);
    await server.keys.rotate(60);
    expect(await forge()).toEqual([{ stores: [NORTH.storeId] }]);
    await server.keys.rotate(0);
    await expect(forge()).rejects.toMatchObject({ code: 'AISLE' });

    const user = `aisle_reader_${new URL(url).pathname.slice(1)}`;
    const intruder = new Client({
      connectionString: Object.assign(new URL(url), {
        username: user,
        password: derivedPassword(leaked, user),
      }).href,
    });
    await expect(intruder.connect()).rejects.toMatchObject({ code: '28P01' });
  });

  it('a key verifies until its end by the clock of the database, and not after', async () => {
    const server = await prepare();
    await server.keys.rotate(900);
    const verifies = (end: string) =>
      asOwner(async (client) => {
        await client.query(
          `UPDATE access.context_keys SET retires_at = clock_timestamp() + $1::interval WHERE retires_at IS NOT NULL`,
          [end],
        );
        const { rows } = await client.query<ContextKey & { pid: number }>(
          `SELECT key_id AS "keyId", inner_pad AS "innerPad", outer_pad AS "outerPad", pg_backend_pid() AS pid
           FROM access.context_keys WHERE retires_at IS NOT NULL`,
        );
        const [key] = rows;
        if (key === undefined) expect.fail('no old key');
        const token = contextMinter(key)(NORTH.principal, 2 ** 32, key.pid);
        await client.query(`SELECT set_config('aisle.context', $1, false)`, [token]);
        return (await client.query('SELECT access.visible_stores() AS stores')).rows;
      });
    expect(await verifies('60 s')).toEqual([{ stores: [NORTH.storeId] }]);
    await expect(verifies('-1 ms')).rejects.toMatchObject({ code: 'AISLE' });
    expect(await states(server)).toEqual(['signs', 'retired']);
  });
});
