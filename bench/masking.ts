/**
 * What masking costs PostgreSQL: the same questions about customers asked of the plain table, of the view by somebody who
 * may see personal data, and of the view by somebody who may not. CPU of the backend, the least of some rounds that take
 * turns; and whether the plans have the same shape.
 */
import { Client } from 'pg';
import { type Bearer, type ContextKey, contextMinter } from '../src/data/context-token.ts';
import { GovernedQuery } from '../src/data/governed-query.ts';
import { openPostgres } from '../src/data/postgres.ts';
import { SEARCH_PATH } from '../src/data/tables.ts';
import { silentLogger } from '../src/telemetry/logger.ts';
import { TEST_LIMITS } from '../test/harness/limits.ts';
import { createPostgresDatabase } from '../test/harness/postgres-database.ts';
import { TEST_SECRET_KEYS } from '../test/harness/secret-keys.ts';
import { loadTwoStores, NORTH } from '../test/harness/two-stores.ts';
import { cpuSeconds } from './cpu.ts';
import type { Figures } from './report.ts';

const CUSTOMERS = 50_000;
const ROUNDS = 5;
const RESULT = { maxRows: 100, maxBytes: 8_388_608, onTooLarge: () => {} };

/** `@` is the table or the view. */
const SHAPES: Readonly<Record<string, { readonly sql: string; readonly calls: number }>> = {
  'point, no personal data': {
    sql: `SELECT tier FROM @ WHERE customer_id = '00000001-0000-4000-8000-000000000000'`,
    calls: 2000,
  },
  'point, every column': {
    sql: `SELECT * FROM @ WHERE customer_id = '00000001-0000-4000-8000-000000000000'`,
    calls: 2000,
  },
  'point by email': { sql: `SELECT tier FROM @ WHERE email = 'c77@shop.example'`, calls: 40 },
  '100 rows, every column': { sql: 'SELECT * FROM @ LIMIT 100', calls: 400 },
  'count of 50,000 by tier': { sql: 'SELECT tier, count(*) FROM @ GROUP BY tier', calls: 20 },
  'min(email) of 50,000': { sql: 'SELECT min(email) FROM @', calls: 10 },
  'one order and its customer': {
    sql: `SELECT o.total_amount, c.email FROM orders o JOIN @ c USING (store_id, customer_id) WHERE o.order_number = 'O-0'`,
    calls: 1000,
  },
  'all orders by tier': {
    sql: 'SELECT c.tier, sum(o.total_amount) FROM orders o JOIN @ c USING (store_id, customer_id) GROUP BY 1',
    calls: 10,
  },
};

const WAYS: Readonly<Record<string, { readonly from: string; readonly who: Bearer }>> = {
  'the plain table': { from: 'private.customers', who: NORTH.principal },
  'the view, unmasked': { from: 'retail.customers', who: NORTH.principal },
  'the view, masked': { from: 'retail.customers', who: { ...NORTH.principal, permissions: new Set() } },
};

const FILL = `
  GRANT USAGE ON SCHEMA private TO aisle_reader;
  GRANT SELECT ON private.customers TO aisle_reader;
  CREATE POLICY bench_reads ON private.customers FOR SELECT TO aisle_reader
    USING (store_id = ANY ((SELECT access.visible_stores())::uuid[]));
  INSERT INTO private.customers (store_id, customer_number, first_name, last_name, email, phone, tier)
    SELECT store_id, 'B-' || n, 'First' || n, 'Last' || n, 'c' || n || '@shop.example', '+1206555' || n,
      (ARRAY['free', 'pro', 'enterprise'])[1 + n % 3]
    FROM retail.stores, generate_series(1, ${CUSTOMERS}) n;
  INSERT INTO retail.orders (store_id, order_number, order_date, customer_id, total_amount)
    SELECT store_id, customer_number, now(), customer_id, 10 FROM private.customers WHERE customer_number LIKE 'B-%'`;

interface Session {
  readonly client: Client;
  readonly pid: number;
  readonly mint: (who: Bearer) => string;
}

function ask({ client, mint }: Session, way: string, sql: string) {
  const { from, who } = WAYS[way] ?? { from: '', who: NORTH.principal };
  const entry = {
    text: `SELECT set_config('transaction_read_only', 'on', true), set_config('aisle.context', $1, true),
      set_config('search_path', '${SEARCH_PATH.join(', ')}', true)`,
    values: [mint(who)],
  };
  const query = new GovernedQuery({
    entry,
    query: { text: sql.replace('@', from), values: [] },
    cleanUp: [],
    limits: RESULT,
  });
  client.query(query);
  return query.result;
}

/** Microseconds of CPU a call. */
async function cost(session: Session, way: string, shape: string): Promise<number> {
  const { sql = '', calls = 1 } = SHAPES[shape] ?? {};
  for (let warm = 0; warm < Math.min(calls, 50); warm += 1) await ask(session, way, sql);
  const before = cpuSeconds(session.pid);
  for (let call = 0; call < calls; call += 1) await ask(session, way, sql);
  return ((cpuSeconds(session.pid) - before) / calls) * 1e6;
}

/** The nodes of a plan with what they scan, without figures and without what InitPlans there are. */
async function planOf(session: Session, way: string, shape: string): Promise<string> {
  const { rows } = await ask(session, way, `EXPLAIN (COSTS OFF) ${SHAPES[shape]?.sql ?? ''}`);
  const lines = rows.map(([line]) => String(line));
  const nodes = lines.filter((line) => /->|^\w/.test(line) && !/InitPlan|Result/.test(line));
  return nodes.map((line) => line.trim().replace('customers c', 'customers')).join(' ');
}

async function measure(session: Session): Promise<Readonly<Record<string, Figures>>> {
  const least: Record<string, Record<string, number | string>> = {};
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const shape of Object.keys(SHAPES)) {
      const row = least[shape] ?? {};
      least[shape] = row;
      for (const way of Object.keys(WAYS)) {
        const us = Math.round(await cost(session, way, shape));
        row[`${way}, µs`] = Math.min(us, Number(row[`${way}, µs`] ?? us));
      }
    }
  }
  const [plain = '', ...views] = Object.keys(WAYS);
  for (const [shape, row] of Object.entries(least)) {
    const wanted = await planOf(session, plain, shape);
    const plans = await Promise.all(views.map((way) => planOf(session, way, shape)));
    row.plan = plans.every((plan) => plan === wanted) ? 'the same' : 'another';
  }
  return least;
}

export async function masking(serverUrl: string): Promise<Readonly<Record<string, Figures>>> {
  const { url, drop } = await createPostgresDatabase(serverUrl);
  const pool = { min: 0, max: 1, lifetimeSeconds: 3600, idleTimeoutMs: 1000, acquireTimeoutMs: 10_000 };
  const database = await openPostgres({
    url,
    pool: { ...pool, applicationName: 'aisle-bench' },
    secretKeys: TEST_SECRET_KEYS,
    limits: TEST_LIMITS,
    logger: silentLogger,
  });
  await loadTwoStores(database);
  await database.close();
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(FILL);
    await client.query('VACUUM ANALYZE');
    const { rows } = await client.query<ContextKey & { pid: number }>(
      `SELECT key_id AS "keyId", inner_pad AS "innerPad", outer_pad AS "outerPad", pg_backend_pid() AS pid
       FROM access.context_keys`,
    );
    const [key] = rows;
    if (key === undefined) throw new RangeError('the database has no key');
    await client.query(
      'SET SESSION AUTHORIZATION aisle_reader; SET jit = off; SET max_parallel_workers_per_gather = 0',
    );
    const sign = contextMinter(key);
    return await measure({ client, pid: key.pid, mint: (who) => sign(who, 2 ** 32, key.pid) });
  } finally {
    await client.end();
    await drop();
  }
}
