/**
 * Aisle beside servers that people use today: the same PostgreSQL, the same 20-row query and its rows, the same load (wrk, 32
 * connections). Each server has one core, the load the other; PostgreSQL takes what is left of both. Rounds alternate between
 * the servers; told are medians, and CPU per call, which is steadier than calls per second on a machine that does other things.
 *
 * Aisle answers with all that it does for a call: API key, rates, policy, guard, tenant context, audit. The peers authenticate
 * nobody, confine nobody, judge no SQL and record nothing: they are given a superuser's connection and the store's id in the text.
 */
import { type ChildProcess, execFile } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import pg from 'pg';
import { TEST_SECRET_KEY } from '../test/harness/secret-keys.ts';
import { MAIN, startServer } from '../test/harness/server-process.ts';
import { cpuSeconds, parentOf, treeCpuSeconds } from './cpu.ts';
import { type Load, type LoadRequest, load } from './load.ts';
import { modernRequest, plainRequest } from './peer-requests.ts';
import { installPeers, startDbhub, startToolbox } from './peer-servers.ts';
import type { Figures } from './report.ts';

const CALLERS = 32;
const ROUNDS = Number(process.env.PEERS_ROUNDS ?? 3);
const SECONDS = Number(process.env.PEERS_SECONDS ?? 5);
const ORDERS = process.env.PEERS_ORDERS ?? '200000';
const SERVER_CORE = 0;
const LOAD_CORE = 1;

interface Contestant {
  readonly process: ChildProcess;
  readonly query: LoadRequest;
  readonly list: LoadRequest;
}

type Measured = Load & { readonly serverUs: number; readonly postgresUs: number };

const run = promisify(execFile);

const commandLine = (args: readonly string[]) =>
  run(process.execPath, [MAIN, ...args], { env: { ...process.env, SECRET_KEYS: TEST_SECRET_KEY } });

export async function peers(databaseUrl: string): Promise<Readonly<Record<string, Figures>>> {
  await installPeers();
  const place = ['--database-url', databaseUrl];
  await commandLine(['seed', '--orders', ORDERS, ...place]);
  const { stdout } = await commandLine(['keys', 'create', 'bench', '--subject', 'seattle', ...place]);
  const key = /aisle_\S+/.exec(stdout)?.[0] ?? '';
  const store = await storeOf(databaseUrl, 'seattle');
  const sql = `SELECT order_number, status, order_date, total_amount FROM retail.orders WHERE store_id = '${store}' ORDER BY order_date DESC LIMIT 20`;
  const contestants: Readonly<Record<string, Contestant>> = {
    'Aisle, computed': await aisle(databaseUrl, key, sql, 'off'),
    'Aisle, from its cache': await aisle(databaseUrl, key, sql, 'memory'),
    'MCP Toolbox 1.12 (Go)': await peer(startToolbox, databaseUrl, sql),
    'DBHub 1.4 (Node)': await peer(startDbhub, databaseUrl, sql),
  };
  try {
    return await compare(contestants, await postmasterOf(databaseUrl));
  } finally {
    for (const { process: server } of Object.values(contestants)) await end(server);
  }
}

async function aisle(databaseUrl: string, key: string, sql: string, cache: string): Promise<Contestant> {
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

async function peer(start: typeof startToolbox, databaseUrl: string, sql: string): Promise<Contestant> {
  const { process: server, url } = await start(databaseUrl);
  return {
    process: server,
    query: plainRequest(url, 'tools/call', { name: 'execute_sql', arguments: { sql } }),
    list: plainRequest(url, 'tools/list', {}),
  };
}

async function compare(
  contestants: Readonly<Record<string, Contestant>>,
  postmaster: number,
): Promise<Readonly<Record<string, Figures>>> {
  const measured: Record<string, Measured[]> = {};
  for (const { process: server } of Object.values(contestants)) {
    await run('taskset', ['-acp', String(SERVER_CORE), String(server.pid)]);
  }
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const what of ['query', 'list'] as const) {
      for (const [name, contestant] of Object.entries(contestants)) {
        const row = `${what === 'query' ? '20 rows' : 'tools/list'}: ${name}`;
        measured[row] = [...(measured[row] ?? []), await measure(contestant, contestant[what], postmaster)];
      }
    }
  }
  return Object.fromEntries(Object.entries(measured).map(([row, rounds]) => [row, figuresOf(rounds)]));
}

async function measure(
  { process: { pid = 0 } }: Contestant,
  request: LoadRequest,
  postmaster: number,
): Promise<Measured> {
  await answersAsItShould(request);
  await load(request, { callers: CALLERS, seconds: 1, core: LOAD_CORE });
  const [server, postgres] = [cpuSeconds(pid), treeCpuSeconds(postmaster)];
  const outcome = await load(request, { callers: CALLERS, seconds: SECONDS, core: LOAD_CORE });
  const perCall = 1e6 / outcome.calls;
  return {
    ...outcome,
    serverUs: (cpuSeconds(pid) - server) * perCall,
    postgresUs: (treeCpuSeconds(postmaster) - postgres) * perCall,
  };
}

/** wrk looks at no body: an answer that is an error is found here. */
async function answersAsItShould({ url, headers, body }: LoadRequest): Promise<void> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body,
  });
  const text = await answer.text();
  if (!answer.ok || /"isError":true|"error":\{/.test(text))
    throw new RangeError(`${url}: ${text.slice(0, 500)}`);
}

function figuresOf(rounds: readonly Measured[]): Figures {
  const median = (of: (one: Measured) => number) => {
    const sorted = rounds.map(of).toSorted((a, b) => a - b);
    return Math.round(sorted[Math.floor(sorted.length / 2)] ?? 0);
  };
  const rates = rounds.map(({ calls, seconds }) => Math.round(calls / seconds));
  return {
    'calls/s': median(({ calls, seconds }) => calls / seconds),
    'from, to': `${Math.min(...rates)}, ${Math.max(...rates)}`,
    'server CPU µs': median(({ serverUs }) => serverUs),
    'PostgreSQL CPU µs': median(({ postgresUs }) => postgresUs),
    'p50 µs': median(({ p50 }) => p50),
    'p99 µs': median(({ p99 }) => p99),
    failed: rounds.reduce((sum, { failed }) => sum + failed, 0),
  };
}

async function storeOf(databaseUrl: string, slug: string): Promise<string> {
  const rows = await ask<{ store_id: string }>(
    databaseUrl,
    'SELECT store_id FROM retail.stores WHERE slug = $1',
    [slug],
  );
  return rows[0]?.store_id ?? '';
}

/** The process that all backends are children of; PostgreSQL must be on this machine. */
async function postmasterOf(databaseUrl: string): Promise<number> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const parent = parentOf(rows[0]?.pid ?? 0);
  await client.end();
  return parent;
}

async function ask<Row extends object>(
  url: string,
  text: string,
  values: readonly unknown[],
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<Row>(text, [...values]);
  await client.end();
  return rows;
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null) return;
  server.kill('SIGTERM');
  await once(server, 'exit');
}
