/**
 * What row security costs PostgreSQL: the same questions in the same protocol (one round trip: the settings, then the
 * query), without row security, with policies on a plain setting, and with Aisle's. CPU of the backend from /proc, the
 * least of some rounds that take turns, since a busy machine only ever adds.
 */
import { Client } from 'pg';
import { type ContextKey, contextMinter } from '../src/data/context-token.ts';
import { GovernedQuery } from '../src/data/governed-query.ts';
import { openPostgres } from '../src/data/postgres.ts';
import { SEARCH_PATH, storedTable, TENANT_TABLES } from '../src/data/tables.ts';
import { silentLogger } from '../src/telemetry/logger.ts';
import { TEST_LIMITS } from '../test/harness/limits.ts';
import { createPostgresDatabase } from '../test/harness/postgres-database.ts';
import { TEST_SECRET_KEYS } from '../test/harness/secret-keys.ts';
import { loadTwoStores, NORTH } from '../test/harness/two-stores.ts';
import { cpuSeconds } from './cpu.ts';
import type { Figures } from './report.ts';

const LINES = 200_000;
const ROUNDS = 5;
const RESULT = { maxRows: 10, maxBytes: 1_048_576, onTooLarge: () => {} };

const SHAPES: Readonly<Record<string, { readonly sql: string; readonly calls: number }>> = {
  point: { sql: `SELECT total_amount FROM orders WHERE order_number = 'O-0'`, calls: 4000 },
  'join of four': {
    sql: `SELECT o.total_amount, c.email, p.amount, i.quantity FROM orders o
      JOIN customers c USING (store_id, customer_id) JOIN payments p USING (store_id, order_id)
      JOIN order_items i USING (store_id, order_id) WHERE o.order_number = 'O-0' AND i.line_number = 1`,
    calls: 2000,
  },
  'count of 200,000': { sql: 'SELECT count(*) FROM order_items', calls: 20 },
};

interface Way {
  /** What a table's policy says; `@` is the table. Undefined: no row security. */
  readonly policy: string | undefined;
}

const USERS_STORE =
  "SELECT u.store_id FROM retail.naive_users u WHERE u.rls_user_id = current_setting('aisle.user')::uuid";

const WAYS: Readonly<Record<string, Way>> = {
  'no row security': { policy: undefined },
  'setting, correlated': {
    policy: `EXISTS (${USERS_STORE} AND u.store_id = @.store_id)`,
  },
  'setting, InitPlan': { policy: `store_id = (${USERS_STORE})` },
  Aisle: {
    policy: 'store_id = ANY ((SELECT access.visible_stores())::uuid[])',
  },
};

const ALL_ROWS = `
  CREATE TABLE retail.naive_users (rls_user_id uuid PRIMARY KEY, store_id uuid NOT NULL);
  INSERT INTO retail.naive_users VALUES ('${NORTH.principal.subject}', '${NORTH.storeId}');
  GRANT SELECT ON retail.naive_users TO aisle_reader, aisle_masker;
  INSERT INTO retail.order_items (store_id, order_id, line_number, product_id, quantity, unit_price)
    SELECT o.store_id, o.order_id, 10 + n, p.product_id, 1, 1
    FROM retail.orders o, (SELECT product_id FROM retail.products LIMIT 1) p, generate_series(1, ${LINES}) n
    WHERE o.store_id = '${NORTH.storeId}'`;

async function use(admin: Client, { policy }: Way): Promise<void> {
  for (const table of TENANT_TABLES.map(storedTable)) {
    await admin.query(
      `DROP POLICY tenant_reads ON ${table}; ALTER TABLE ${table} ${policy === undefined ? 'DISABLE' : 'ENABLE'} ROW LEVEL SECURITY`,
    );
    await admin.query(
      `CREATE POLICY tenant_reads ON ${table} FOR SELECT TO aisle_reader, aisle_masker USING (${policy?.replaceAll('@', table) ?? 'true'})`,
    );
  }
}

/** Microseconds of CPU a call. */
async function cost(client: Client, pid: number, token: string, shape: string): Promise<number> {
  const { sql = '', calls = 1 } = SHAPES[shape] ?? {};
  const entry = {
    text: `SELECT set_config('transaction_read_only', 'on', true), set_config('aisle.context', $1, true),
      set_config('aisle.user', $2, true), set_config('search_path', '${SEARCH_PATH.join(', ')}', true)`,
    values: [token, NORTH.principal.subject],
  };
  const ask = () => {
    const query = new GovernedQuery({ entry, query: { text: sql, values: [] }, cleanUp: [], limits: RESULT });
    client.query(query);
    return query.result;
  };
  for (let warm = 0; warm < Math.min(calls, 100); warm += 1) await ask();
  const before = cpuSeconds(pid);
  for (let call = 0; call < calls; call += 1) await ask();
  return ((cpuSeconds(pid) - before) / calls) * 1e6;
}

async function measure(admin: Client, client: Client): Promise<Readonly<Record<string, Figures>>> {
  const keys = await admin.query<ContextKey>(
    'SELECT key_id AS "keyId", inner_pad AS "innerPad", outer_pad AS "outerPad" FROM access.context_keys',
  );
  const asked = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const [key] = keys.rows;
  const pid = asked.rows[0]?.pid ?? 0;
  if (key === undefined) throw new RangeError('the database has no key');
  const token = contextMinter(key)(NORTH.principal, 2 ** 32, pid);
  await client.query(
    'SET SESSION AUTHORIZATION aisle_reader; SET jit = off; SET max_parallel_workers_per_gather = 0',
  );
  const least: Record<string, Record<string, number>> = {};
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, way] of Object.entries(WAYS)) {
      await use(admin, way);
      const row = least[name] ?? {};
      least[name] = row;
      for (const shape of Object.keys(SHAPES)) {
        const us = Math.round(await cost(client, pid, token, shape));
        row[`${shape}, µs`] = Math.min(us, row[`${shape}, µs`] ?? us);
      }
    }
  }
  return least;
}

export async function rowSecurity(serverUrl: string): Promise<Readonly<Record<string, Figures>>> {
  const { url, drop } = await createPostgresDatabase(serverUrl);
  const pool = { min: 0, max: 1, lifetimeSeconds: 3600, idleTimeoutMs: 1000, acquireTimeoutMs: 10_000 };
  const database = await openPostgres({
    url,
    pool: { ...pool, applicationName: 'aisle-bench' },
    limits: TEST_LIMITS,
    secretKeys: TEST_SECRET_KEYS,
    logger: silentLogger,
  });
  await loadTwoStores(database);
  await database.close();
  const admin = new Client({ connectionString: url });
  const client = new Client({ connectionString: url });
  await Promise.all([admin.connect(), client.connect()]);
  try {
    await admin.query(ALL_ROWS);
    await admin.query('VACUUM ANALYZE');
    return await measure(admin, client);
  } finally {
    await Promise.all([admin.end(), client.end()]);
    await drop();
  }
}
