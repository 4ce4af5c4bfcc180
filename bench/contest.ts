/** Servers beside each other on one machine: each has one core, the load the other, PostgreSQL takes what is left of both. */
import { type ChildProcess, execFile } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import pg from 'pg';
import { TEST_SECRET_KEY } from '../test/harness/secret-keys.ts';
import { MAIN, startServer } from '../test/harness/server-process.ts';
import { cpuSeconds, parentOf, treeCpuSeconds } from './cpu.ts';
import { answersAsItShould, type Load, type LoadRequest, load } from './load.ts';
import { modernRequest } from './peer-requests.ts';
import { type Figures, median } from './report.ts';

export const CALLERS = 32;
const SERVER_CORE = 0;
export const LOAD_CORE = 1;
export const ROUNDS = Number(process.env.PEERS_ROUNDS ?? 3);
const WARM_UP_SECONDS = Number(process.env.PEERS_WARM_UP_SECONDS ?? 3);
const SECONDS = Number(process.env.PEERS_SECONDS ?? 5);

export interface Contestant {
  readonly process: ChildProcess;
  readonly query: LoadRequest;
  readonly list: LoadRequest;
}

export type Measured = Load & { readonly serverUs: number; readonly postgresUs: number };

const run = promisify(execFile);

/** Runs Aisle's command line; what it prints. */
export async function aisleCommand(args: readonly string[], databaseUrl: string): Promise<string> {
  const { stdout } = await run(process.execPath, [MAIN, ...args, '--database-url', databaseUrl], {
    env: { ...process.env, SECRET_KEYS: TEST_SECRET_KEY },
  });
  return stdout;
}

/** An API key of the subject named. */
export async function keyOf(subject: string, databaseUrl: string): Promise<string> {
  const printed = await aisleCommand(
    ['keys', 'create', `bench ${subject}`, '--subject', subject],
    databaseUrl,
  );
  return /aisle_\S+/.exec(printed)?.[0] ?? '';
}

/** The latest orders of one store. */
export const latestOrders = (store: string): string =>
  `SELECT order_number, status, order_date, total_amount FROM retail.orders WHERE store_id = '${store}' ORDER BY order_date DESC LIMIT 20`;

export async function aisle(
  databaseUrl: string,
  key: string,
  sql: string,
  cache: 'off' | 'memory',
): Promise<Contestant> {
  const server = await startServer(['--database-url', databaseUrl], {
    API_KEYS: 'on',
    CACHE_LEVEL: cache,
    CALLER_SHARE: '1',
    DB_POOL_MAX: '20',
    RATE_LIMIT_ENABLED: 'true',
    RATE_LIMIT_REQUESTS: '10000000',
    RATE_LIMIT_PER_ADDRESS: '10000000',
  });
  const args = { postgresql_query: sql, max_rows: 20 };
  return {
    process: server.process,
    query: modernRequest(server.url, key, 'tools/call', { name: 'execute_sales_query', arguments: args }),
    list: modernRequest(server.url, key, 'tools/list', {}),
  };
}

export async function onOneCore({ process: server }: Contestant): Promise<void> {
  await run('taskset', ['-acp', String(SERVER_CORE), String(server.pid)]);
}

export async function measure(
  { process: { pid = 0 } }: Contestant,
  request: LoadRequest,
  postmaster: number,
): Promise<Measured> {
  await answersAsItShould(request);
  // Node compiles what is hot after thousands of calls.
  await load(request, { callers: CALLERS, seconds: WARM_UP_SECONDS, core: LOAD_CORE });
  const [server, postgres] = [cpuSeconds(pid), treeCpuSeconds(postmaster)];
  const outcome = await load(request, { callers: CALLERS, seconds: SECONDS, core: LOAD_CORE });
  const perCall = 1e6 / outcome.calls;
  return {
    ...outcome,
    serverUs: (cpuSeconds(pid) - server) * perCall,
    postgresUs: (treeCpuSeconds(postmaster) - postgres) * perCall,
  };
}

export function figuresOf(rounds: readonly Measured[]): Figures {
  const middle = (of: (one: Measured) => number) => Math.round(median(rounds.map(of)));
  const rates = rounds.map(({ calls, seconds }) => Math.round(calls / seconds));
  return {
    'calls/s': middle(({ calls, seconds }) => calls / seconds),
    'from, to': `${Math.min(...rates)}, ${Math.max(...rates)}`,
    'server CPU µs': middle(({ serverUs }) => serverUs),
    'PostgreSQL CPU µs': middle(({ postgresUs }) => postgresUs),
    'p50 µs': middle(({ p50 }) => p50),
    'p99 µs': middle(({ p99 }) => p99),
    failed: rounds.reduce((sum, { failed }) => sum + failed, 0),
  };
}

export async function ask<Row extends object>(
  url: string,
  text: string,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(text, [...values])).rows;
  } finally {
    await client.end();
  }
}

export async function storeOf(databaseUrl: string, slug: string): Promise<string> {
  const rows = await ask<{ store_id: string }>(
    databaseUrl,
    'SELECT store_id FROM retail.stores WHERE slug = $1',
    [slug],
  );
  return rows[0]?.store_id ?? '';
}

/** The process that all backends are children of; PostgreSQL must be on this machine. */
export async function postmasterOf(databaseUrl: string): Promise<number> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const parent = parentOf(rows[0]?.pid ?? 0);
  await client.end();
  return parent;
}

export async function end({ process: server }: Contestant): Promise<void> {
  if (server.exitCode !== null) return;
  server.kill('SIGTERM');
  await once(server, 'exit');
}
