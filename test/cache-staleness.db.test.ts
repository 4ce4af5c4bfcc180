/**
 * Threat: an answer from before a change, or another tenant's, while everybody writes and things break. Two servers with one
 * Redis answer from their caches while writers commit; listeners and Redis are taken away meanwhile. Every answer is
 * checked against what had been committed when it was asked for.
 */
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { openPostgres } from '../src/data/postgres.ts';
import { STALENESS_BOUND_MS } from '../src/kernel/changes.ts';
import { silentLogger } from '../src/telemetry/logger.ts';
import { type CachedEngine, cachedEngine } from './harness/cached-engine.ts';
import { TEST_LIMITS } from './harness/limits.ts';
import { createPostgresDatabase } from './harness/postgres-database.ts';
import { type FlakyRedis, flaky, redisUrls } from './harness/redis.ts';
import { TEST_SECRET_KEYS } from './harness/secret-keys.ts';
import { HEAD_OFFICE, loadTwoStores, NORTH, SOUTH } from './harness/two-stores.ts';

const RUN_MS = 30_000;
/** Longer than the bound: what is only mended by the trouble that follows shows before. */
const QUIET_MS = 5000;
const WRITE_EVERY_MS = 15;
/** Now and then nothing changes for longer than the bound: the next change would cover up for one that nobody heard of. */
const SILENT_MS = STALENESS_BOUND_MS + 500;
const serverUrl = inject('postgresUrl');
const [redisUrl = ''] = redisUrls;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** When each version of a store's order had been committed; the version is its index. */
type History = number[];

describe.skipIf(serverUrl === '' || redisUrl === '')('two servers that keep answers', () => {
  let created: Awaited<ReturnType<typeof createPostgresDatabase>>;
  let redis: FlakyRedis;
  let admin: pg.Client;
  const closing: (() => Promise<void>)[] = [];
  const engines: CachedEngine[] = [];

  beforeAll(async () => {
    created = await createPostgresDatabase(serverUrl);
    redis = await flaky(redisUrl);
    for (const _ of ['one', 'other']) {
      const database = await openPostgres({
        url: created.url,
        pool: {
          min: 0,
          max: 6,
          lifetimeSeconds: 3600,
          idleTimeoutMs: 30_000,
          acquireTimeoutMs: 20_000,
          applicationName: 'test',
        },
        limits: { ...TEST_LIMITS, callerShare: 1 },
        secretKeys: TEST_SECRET_KEYS,
        logger: silentLogger,
      });
      if (engines.length === 0) await loadTwoStores(database);
      const engine = await cachedEngine(database, { DATABASE_URL: created.url, REDIS_URL: redis.url });
      engines.push(engine);
      closing.push(engine.close, () => database.close());
    }
    admin = await connected();
  });
  afterAll(async () => {
    for (const close of closing) await close();
    await redis.close();
    await created.drop();
  });

  async function connected(): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: created.url });
    await client.connect();
    closing.push(() => client.end());
    return client;
  }

  it('share them', async () => {
    let question = 0;
    const sharedFrom = async () => {
      const query = { postgresql_query: `SELECT count(*) FROM payments /* ${question++} */` };
      await engines[0]?.call('execute_sales_query', query, NORTH.principal);
      await pause(20);
      return (await engines[1]?.call('execute_sales_query', query, NORTH.principal))?.origin?.from;
    };
    await expect.poll(sharedFrom, { timeout: 10_000 }).toBe('redis');
  });

  it(`give none that is older than ${STALENESS_BOUND_MS} ms, and none of another store`, async () => {
    const end = performance.now() + RUN_MS;
    const histories = new Map<string, History>([NORTH, SOUTH].map(({ storeId }) => [storeId, []]));
    const origins = new Map<string, number>();
    let oldest = 0;
    const wrong: string[] = [];

    /** North's versions are even, South's odd. */
    async function write({ storeId }: typeof NORTH, parity: number): Promise<void> {
      const writer = await connected();
      await writer.query('SET ROLE aisle_loader');
      for (let version = 0; performance.now() < end; version += 1) {
        await writer.query('UPDATE retail.orders SET item_count = $1 WHERE store_id = $2', [
          2 * version + parity,
          storeId,
        ]);
        histories.get(storeId)?.push(performance.now());
        await pause(version % 20 === 19 ? SILENT_MS : WRITE_EVERY_MS);
      }
    }

    function check(asked: number, storeId: string, count: number, parity: number): void {
      if (count % 2 !== parity) wrong.push(`${storeId} was answered ${count}`);
      const replacedAt = histories.get(storeId)?.[(count - parity) / 2 + 1];
      if (replacedAt !== undefined) oldest = Math.max(oldest, asked - replacedAt);
    }

    async function read(engine: CachedEngine): Promise<void> {
      while (performance.now() < end) {
        for (const [who, stores] of [
          [NORTH.principal, [NORTH]],
          [SOUTH.principal, [SOUTH]],
          [HEAD_OFFICE, [NORTH, SOUTH]],
        ] as const) {
          const asked = performance.now();
          const query = 'SELECT store_id, item_count FROM orders ORDER BY store_id';
          const answer = await engine.call('execute_sales_query', { postgresql_query: query }, who);
          const { rows } = answer.structured as { rows: [string, number][] };
          const from = answer.origin?.from ?? 'nowhere';
          origins.set(from, (origins.get(from) ?? 0) + 1);
          if (rows.map(([id]) => id).join() !== stores.map(({ storeId }) => storeId).join())
            wrong.push(`${who.name} was answered ${JSON.stringify(rows)}`);
          for (const [id, count] of rows) check(asked, id, count, id === NORTH.storeId ? 0 : 1);
        }
        await pause(1);
      }
    }

    async function trouble(): Promise<void> {
      await pause(QUIET_MS);
      const { rowCount } = await admin.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND query LIKE 'NOTIFY aisle_beat%'`);
      expect(rowCount).toBe(2);
      await pause(1500);
      redis.cut();
      await pause(1000);
      redis.mend();
      await pause(2000);
      redis.silence();
      await pause(500);
      redis.mend();
    }

    // Version 0 and 1 are there before anybody asks.
    await admin.query(
      `UPDATE retail.orders SET item_count = CASE store_id WHEN '${NORTH.storeId}' THEN 0 ELSE 1 END`,
    );
    await Promise.all([
      write(NORTH, 0),
      write(SOUTH, 1),
      trouble(),
      ...engines.flatMap((engine) => [read(engine), read(engine)]),
    ]);

    expect(wrong).toEqual([]);
    expect(oldest).toBeLessThan(STALENESS_BOUND_MS);
    for (const from of ['computed', 'memory', 'redis']) expect(origins.get(from), from).toBeGreaterThan(0);
    const answers = [...origins].map(([from, count]) => `${count} ${from}`).join(', ');
    process.stdout.write(`oldest answer ${oldest.toFixed(1)} ms; ${answers}\n`);
  }, 60_000);
});
