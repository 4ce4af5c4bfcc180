/**
 * Whether a server that works for long holds more and more: SOAK_MINUTES (30) of mixed calls over HTTP against PostgreSQL, as
 * fast as five kinds of callers ask who pause in between (SOAK_PAUSE_MS, 10), and its memory every 10 s. Growth is the median
 * of a window at the end over that of a window after the warm-up (5 minutes, at most a third). What is outside of the
 * process's heap is in it: RSS is what the system sees.
 */
import { setTimeout } from 'node:timers/promises';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { type ServerProcess, startServer } from '../test/harness/server-process.ts';
import { aisleCommand, keyOf } from './contest.ts';
import { cpuSeconds } from './cpu.ts';
import { answersAsItShould, type Load, type LoadRequest, load } from './load.ts';
import { type Memory, memoryOf } from './memory.ts';
import { modernRequest } from './peer-requests.ts';
import { type Figures, median } from './report.ts';
import { connections } from './soak.ts';

const MINUTES = Number(process.env.SOAK_MINUTES ?? 30);
const PAUSE_MS = Number(process.env.SOAK_PAUSE_MS ?? 10);
const CALLERS = 8;
const LOAD_CORE = 1;
const SAMPLE_MS = 10_000;
const SECONDS = MINUTES * 60;
const WARM_UP_MS = Math.min(5 * 60, SECONDS / 3) * 1000;
const WINDOW_MS = Math.min(3 * 60, SECONDS / 6) * 1000;
/** Between two sessions of the client that opens and closes them. */
const SESSION_PAUSE_MS = 50;

interface Sample extends Memory {
  readonly atMs: number;
  readonly connections: number;
}

export async function soakHttp(databaseUrl: string): Promise<Readonly<Record<string, Figures>>> {
  await aisleCommand(['seed'], databaseUrl);
  const key = await keyOf('seattle', databaseUrl);
  const server = await startServer(['--database-url', databaseUrl], {
    API_KEYS: 'on',
    CALLER_SHARE: '1',
    DB_POOL_MAX: '10',
    CACHE_MEMORY_BYTES: String(16 * 1024 * 1024), // full before the warm-up ends
  });
  try {
    return await soaked(server, databaseUrl, key);
  } finally {
    await server.stop();
  }
}

async function soaked(
  server: ServerProcess,
  databaseUrl: string,
  key: string,
): Promise<Readonly<Record<string, Figures>>> {
  const requests = requestsTo(server.url, key);
  for (const request of Object.values(requests)) await answersAsItShould(request);
  const pid = server.process.pid ?? 0;
  const [cpuBefore, began] = [cpuSeconds(pid), performance.now()];
  const isOver = () => performance.now() - began >= SECONDS * 1000;
  const [samples, sessions, ...loads] = await Promise.all([
    sampled(pid, databaseUrl, began, isOver),
    sessionAfterSession(server.url, key, isOver),
    ...Object.values(requests).map((request) =>
      load(request, { callers: CALLERS, seconds: SECONDS, core: LOAD_CORE }),
    ),
  ]);
  const cpu = cpuSeconds(pid) - cpuBefore;
  for (const request of Object.values(requests)) await answersAsItShould(request);
  const byKind = Object.keys(requests).map((name, n) => [name, callsOf(loads[n])] as const);
  return {
    memory: growthOf(samples),
    server: {
      minutes: MINUTES,
      'CPU %': Math.round((cpu / SECONDS) * 100),
      'connections at most': Math.max(...samples.map((sample) => sample.connections)),
      'connections after': (await connections(databaseUrl)).total,
    },
    ...Object.fromEntries(byKind),
    'sessions opened and closed': sessions,
  };
}

function requestsTo(url: string, key: string): Readonly<Record<string, LoadRequest>> {
  const call = (name: string, args: Readonly<Record<string, unknown>>) => ({
    ...modernRequest(url, key, 'tools/call', { name, arguments: args }),
    pauseMs: PAUSE_MS,
  });
  const sql = (number: string) =>
    `SELECT order_number, status, total_amount FROM orders WHERE order_number <> '${number}' ORDER BY order_date DESC LIMIT 20`;
  return {
    'query, another text each time': {
      ...call('execute_sales_query', { postgresql_query: sql('AISLE_TURN') }),
      varying: true,
    },
    'query, from the cache': call('execute_sales_query', { postgresql_query: sql('none') }),
    'report, kept for a minute': call('sales_report', { template: 'category_performance', days: 90 }),
    'tools/list': { ...modernRequest(url, key, 'tools/list', {}), pauseMs: PAUSE_MS },
  };
}

async function sampled(
  pid: number,
  databaseUrl: string,
  began: number,
  isOver: () => boolean,
): Promise<Sample[]> {
  const samples: Sample[] = [];
  while (!isOver()) {
    await setTimeout(SAMPLE_MS);
    const { total } = await connections(databaseUrl);
    samples.push({ ...memoryOf(pid), atMs: performance.now() - began, connections: total });
  }
  return samples;
}

/** Sessions of 2025-11-25, one after the other: each is opened, asked twice and ended, as a client does that comes and goes. */
async function sessionAfterSession(url: string, key: string, isOver: () => boolean): Promise<Figures> {
  let [calls, failed] = [0, 0];
  while (!isOver()) {
    try {
      await oneSession(url, key);
    } catch (error) {
      failed += 1;
      if (failed <= 3) process.stderr.write(`${String(error)}\n`);
    }
    calls += 1;
    await setTimeout(SESSION_PAUSE_MS);
  }
  return { calls, failed };
}

async function oneSession(url: string, key: string): Promise<void> {
  const requestInit = { headers: { Authorization: `Bearer ${key}` } };
  const transport = new StreamableHTTPClientTransport(new URL(url), { requestInit });
  const client = new Client(
    { name: 'aisle-bench', version: '1.0.0' },
    { versionNegotiation: { mode: 'legacy' } },
  );
  await client.connect(transport);
  if (transport.sessionId === undefined) throw new RangeError('the server began no session');
  await client.listTools();
  const { isError } = await client.callTool({
    name: 'execute_sales_query',
    arguments: { postgresql_query: 'SELECT count(*) FROM stores' },
  });
  if (isError === true) throw new RangeError('the query of a session failed');
  await transport.terminateSession();
  await client.close();
}

function growthOf(samples: readonly Sample[]): Figures {
  const window = (fromMs: number) =>
    samples.filter(({ atMs }) => atMs > fromMs && atMs <= fromMs + WINDOW_MS);
  const [first, last] = [window(WARM_UP_MS), samples.filter(({ atMs }) => atMs > SECONDS * 1000 - WINDOW_MS)];
  const growth = (of: (sample: Sample) => number) => {
    const before = median(first.map(of));
    return Number(((median(last.map(of)) / before - 1) * 100).toFixed(1));
  };
  return {
    'RSS MiB after the warm-up': Math.round(median(first.map(({ all }) => all))),
    'at the end': Math.round(median(last.map(({ all }) => all))),
    'growth %': growth(({ all }) => all),
    'growth of its own %': growth(({ own }) => own),
    'most MiB': Math.round(Math.max(...samples.map(({ all }) => all))),
  };
}

function callsOf(outcome: Load | undefined): Figures {
  if (outcome === undefined) return {};
  const { calls, failed, seconds, p50, p99 } = outcome;
  return { calls, failed, 'calls/s': Math.round(calls / seconds), 'p50 µs': p50, 'p99 µs': p99 };
}
