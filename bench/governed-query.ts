/**
 * What the walls cost: the same question asked bare (no row security, no context), in a transaction with a plain setting,
 * and governed. One connection at a time per way; CPU from /proc (PostgreSQL) and process.cpuUsage (Node).
 */
import { Client, Pool } from 'pg';
import { openPostgres } from '../src/data/postgres.ts';
import { silentLogger } from '../src/telemetry/logger.ts';
import { TEST_LIMITS } from '../test/harness/limits.ts';
import { createPostgresDatabase } from '../test/harness/postgres-database.ts';
import { TEST_SECRET_KEYS } from '../test/harness/secret-keys.ts';
import { loadTwoStores, NORTH } from '../test/harness/two-stores.ts';
import { cpuSeconds } from './cpu.ts';
import type { Figures } from './report.ts';

const CALLS = 4000;
const CALLERS = 8;
const QUESTION = 'SELECT order_number, total_amount FROM retail.orders WHERE order_date >= $1';
const SINCE = '2026-01-01';

async function backendCpuSeconds(admin: Client): Promise<number> {
  const { rows } = await admin.query<{ pid: number }>(
    'SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
  );
  return rows.reduce((sum, { pid }) => sum + cpuSeconds(pid), 0);
}

async function measure(admin: Client, call: () => Promise<unknown>): Promise<Figures> {
  for (let warm = 0; warm < 200; warm += 1) await call();
  const nodeBefore = process.cpuUsage();
  const backendBefore = await backendCpuSeconds(admin);
  const started = performance.now();
  let left = CALLS;
  await Promise.all(
    Array.from({ length: CALLERS }, async () => {
      while (left-- > 0) await call();
    }),
  );
  const seconds = (performance.now() - started) / 1000;
  const node = process.cpuUsage(nodeBefore);
  return {
    'Node µs': Math.round((node.user + node.system) / CALLS),
    'PostgreSQL µs': Math.round(((await backendCpuSeconds(admin)) - backendBefore) * (1e6 / CALLS)),
    'calls/s': Math.round(CALLS / seconds),
  };
}

export async function governedQuery(serverUrl: string): Promise<Readonly<Record<string, Figures>>> {
  const { url, drop } = await createPostgresDatabase(serverUrl);
  const signal = new AbortController().signal;
  const pool = {
    min: 0,
    lifetimeSeconds: 3600,
    max: CALLERS,
    idleTimeoutMs: 60_000,
    acquireTimeoutMs: 10_000,
    applicationName: 'aisle-bench',
  };
  const database = await openPostgres({
    url,
    pool,
    limits: TEST_LIMITS,
    secretKeys: TEST_SECRET_KEYS,
    logger: silentLogger,
  });
  await loadTwoStores(database);
  const admin = new Client({ connectionString: url });
  await admin.connect();
  const bare = new Pool({ connectionString: url, max: CALLERS });
  try {
    return {
      'bare query, superuser': await measure(admin, () => bare.query(QUESTION, [SINCE])),
      'BEGIN, setting, query, COMMIT': await measure(admin, async () => {
        const client = await bare.connect();
        await client.query('BEGIN READ ONLY');
        await client.query(`SELECT set_config('app.current_rls_user_id', $1, true)`, [
          NORTH.principal.subject,
        ]);
        await client.query(QUESTION, [SINCE]);
        await client.query('COMMIT');
        client.release();
      }),
      governed: await measure(admin, () =>
        database.withTenant({ principal: NORTH.principal, signal, requestId: 'bench' }, (tenant) =>
          tenant.query({ text: QUESTION, values: [SINCE] }),
        ),
      ),
    };
  } finally {
    await bare.end();
    await admin.end();
    await database.close();
    await drop();
  }
}
