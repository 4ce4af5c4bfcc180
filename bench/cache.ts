/**
 * What answering from a cache costs and saves: the same 20-row question through the whole pipeline (limits, authorization,
 * audit facts, cache) computed, from memory and from Redis; the way of a hit alone; and what triggers that tell of changes
 * cost who writes. CPU of this process, and of PostgreSQL's sessions.
 */
import { Client } from 'pg';
import { openAnswerCache } from '../src/app/answer-cache.ts';
import { Disposal } from '../src/app/disposal.ts';
import { createEngine } from '../src/app/engine.ts';
import { loadConfig } from '../src/config.ts';
import { openPostgres } from '../src/data/postgres.ts';
import { NO_EMBEDDERS } from '../src/kernel/embedding.ts';
import { catalogue } from '../src/protocol/catalogue.ts';
import { silentLogger } from '../src/telemetry/logger.ts';
import { TEST_LIMITS } from '../test/harness/limits.ts';
import { TEST_SECRET_KEYS } from '../test/harness/secret-keys.ts';
import { loadTwoStores, NORTH } from '../test/harness/two-stores.ts';
import { cpuSeconds } from './cpu.ts';
import type { Figures } from './report.ts';

const CALLERS = 8;
const ROWS = 200_000;
/** Twenty rows of four columns; the comment makes texts differ where they are to be different questions. */
const question = (n: number) => `SELECT i, o.order_number, o.order_date, o.total_amount
  FROM orders o, generate_series(1, 20) i /* ${n} */`;

type Call = (n: number) => Promise<unknown>;

async function measure(admin: Client, calls: number, call: Call): Promise<Figures> {
  for (let warm = 0; warm < calls / 10; warm += 1) await call(-1 - warm);
  const { rows } = await admin.query<{ pid: number }>(
    'SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
  );
  const backends = () => rows.reduce((sum, { pid }) => sum + cpuSeconds(pid), 0);
  const [node, postgres, began] = [process.cpuUsage(), backends(), performance.now()];
  let next = 0;
  await Promise.all(
    Array.from({ length: CALLERS }, async () => {
      while (next < calls) await call(next++);
    }),
  );
  const { user, system } = process.cpuUsage(node);
  return {
    'Node µs': Math.round(((user + system) / calls) * 10) / 10,
    'PostgreSQL µs': Math.round((backends() - postgres) * (1e6 / calls)),
    'calls/s': Math.round(calls / ((performance.now() - began) / 1000)),
  };
}

export async function cacheCost(
  url: string,
  redisUrl: string | undefined,
): Promise<Readonly<Record<string, Figures>>> {
  const database = await openPostgres({
    url,
    pool: {
      ...{ min: CALLERS, max: CALLERS, lifetimeSeconds: 3600, idleTimeoutMs: 60_000 },
      ...{ acquireTimeoutMs: 10_000, applicationName: 'aisle-bench' },
    },
    limits: { ...TEST_LIMITS, callerShare: 1 },
    secretKeys: TEST_SECRET_KEYS,
    logger: silentLogger,
  });
  const disposal = new Disposal(silentLogger);
  disposal.add('database', () => database.close());
  const admin = new Client({ connectionString: url });
  await admin.connect();
  disposal.add('admin', () => admin.end());
  try {
    await loadTwoStores(database);
    const { signal } = new AbortController();
    const audit = { commit: async () => {}, enqueue: async () => {} };
    const caller = async (level: string): Promise<Call> => {
      const config = await loadConfig(
        {},
        { CACHE_LEVEL: level, CALLER_SHARE: '1', ...(redisUrl && { REDIS_URL: redisUrl }) },
        '',
      );
      const { modules, pipeline } = await createEngine(config, database, silentLogger, audit, {
        openCache: (parser) =>
          openAnswerCache(config, database, NO_EMBEDDERS, silentLogger, parser, disposal),
      });
      const tool = catalogue(modules).get('execute_sales_query')?.tool;
      if (tool === undefined) throw new RangeError('There is no execute_sales_query.');
      return (n) =>
        pipeline.callTool(
          tool,
          { postgresql_query: question(n) },
          { principal: NORTH.principal, requestId: 'bench', signal },
        );
    };
    const results: Record<string, Figures> = {};
    const off = await caller('off');
    results['no cache'] = await measure(admin, 4000, () => off(0));
    results['no cache, each text a new one'] = await measure(admin, 2000, off);
    const memory = await caller('memory');
    while (!database.changes.isCurrent()) await new Promise((resolve) => setTimeout(resolve, 10));
    results['memory, each text a new one (a miss)'] = await measure(admin, 2000, memory);
    results['memory, hit'] = await measure(admin, 100_000, () => memory(0));
    results['memory, hit, structure read'] = await measure(admin, 20_000, async () => {
      const { structured } = (await memory(0)) as { structured: unknown };
      return structured;
    });
    if (redisUrl !== undefined) {
      const redis = await caller('redis');
      results['redis, hit'] = await measure(admin, 10_000, () => redis(0));
    }
    return { ...results, ...(await writing(admin)) };
  } finally {
    await disposal.dispose();
  }
}

/** One statement that loads many rows, and many that change one each, with the triggers and without. */
async function writing(admin: Client): Promise<Readonly<Record<string, Figures>>> {
  await admin.query('CREATE TABLE retail.plain (LIKE retail.inventory INCLUDING ALL)');
  await admin.query('CREATE TABLE retail.telling (LIKE retail.inventory INCLUDING ALL)');
  await admin.query(`CREATE TRIGGER a AFTER INSERT ON retail.telling REFERENCING NEW TABLE AS new_rows
      FOR EACH STATEMENT EXECUTE FUNCTION retail.notify_change_of_stores();
    CREATE TRIGGER b AFTER UPDATE ON retail.telling REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
      FOR EACH STATEMENT EXECUTE FUNCTION retail.notify_change_of_stores()`);
  const results: Record<string, Figures> = {};
  for (const [name, table] of [
    ['without triggers', 'plain'],
    ['with triggers', 'telling'],
  ] as const) {
    const began = performance.now();
    await admin.query(
      `INSERT INTO retail.${table} (store_id, product_id, stock_level)
        SELECT $1::uuid, CASE i WHEN 1 THEN $1::uuid ELSE gen_random_uuid() END, 1 FROM generate_series(1, ${ROWS}) i`,
      [NORTH.storeId],
    );
    const loaded = performance.now();
    for (let n = 0; n < 1000; n += 1)
      await admin.query(
        `UPDATE retail.${table} SET stock_level = $1 WHERE store_id = $2 AND product_id = $2`,
        [n, NORTH.storeId],
      );
    results[`write, ${name}`] = {
      [`${ROWS} rows at once, ms`]: Math.round(loaded - began),
      'one row, µs': Math.round(performance.now() - loaded),
    };
  }
  return results;
}
