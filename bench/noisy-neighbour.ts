/**
 * What one store notices of another that sends 50 heavy queries at once, for as long as it lasts: latency of ordinary calls
 * over HTTP, quiet and noisy phases by turns. The hostile queries are such as the guard lets pass. `NOISY_SECONDS` (8)
 * sizes a phase.
 */
import type { Client as McpClient } from '@modelcontextprotocol/client';
import { connectClient, type ServerProcess, startServer } from '../test/harness/server-process.ts';
import type { Figures } from './report.ts';

const PHASE_MS = Number(process.env.NOISY_SECONDS ?? 8) * 1000;
const ROUNDS = 4;
const NEIGHBOURS = 50;
const CALLERS = 2;

const HEAVY = [
  'SELECT count(*) FROM order_items a, order_items b, order_items c',
  'SELECT a.product_id, sum(a.line_total * b.line_total) FROM order_items a, order_items b GROUP BY 1 ORDER BY 2',
  'SELECT md5(a.order_id::text || b.order_id::text) AS h FROM orders a, orders b ORDER BY 1 LIMIT 5',
  'SELECT count(DISTINCT a.order_id::text || b.customer_id::text) FROM orders a, orders b',
  'WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT count(*) FROM r',
];

/** What a store asks on an ordinary day. */
const ORDINARY = [
  { name: 'get_store_performance', arguments: { store_id: 'redmond', time_period: 'last_30_days' } },
  {
    name: 'execute_sales_query',
    arguments: {
      postgresql_query:
        'SELECT p.name, sum(i.line_total) AS revenue FROM order_items i JOIN products p USING (product_id) GROUP BY 1 ORDER BY 2 DESC LIMIT 10',
    },
  },
  {
    name: 'execute_sales_query',
    arguments: { postgresql_query: 'SELECT count(*), max(order_date) FROM orders' },
  },
  { name: 'sales_report', arguments: { template: 'daily_sales', days: 30 } },
];

interface Taken {
  /** Milliseconds of each call, refused ones included. */
  readonly ms: number[];
  refused: number;
}

async function ordinaryCalls(clients: readonly McpClient[], forMs: number, taken: Taken): Promise<void> {
  const untilMs = performance.now() + forMs;
  await Promise.all(
    clients.map(async (client, caller) => {
      for (let turn = caller; performance.now() < untilMs; turn += 1) {
        const call = ORDINARY[turn % ORDINARY.length];
        if (call === undefined) continue;
        const asked = performance.now();
        const code = await client.callTool(call).then(codeOf, () => 'refused before MCP');
        taken.ms.push(performance.now() - asked);
        if (code !== 'ok') taken.refused += 1;
      }
    }),
  );
}

/** Keeps 50 heavy queries on their way until it is told to stop; counts how each was answered. */
function hostileCalls(clients: readonly McpClient[], stop: AbortSignal, answers: Map<string, number>) {
  return Promise.all(
    clients.map(async (client, n) => {
      for (let turn = n; !stop.aborted; turn += 1) {
        const sql = HEAVY[turn % HEAVY.length] ?? '';
        const answer = await client
          .callTool({ name: 'execute_sales_query', arguments: { postgresql_query: sql } }, { signal: stop })
          .then(codeOf, () => 'stopped by us');
        answers.set(answer, (answers.get(answer) ?? 0) + 1);
      }
    }),
  );
}

function codeOf(result: { readonly isError?: boolean | undefined; readonly content?: unknown }): string {
  if (result.isError !== true) return 'ok';
  const [first] = result.content as readonly { readonly text: string }[];
  return (JSON.parse(first?.text ?? '{}') as { code: string }).code;
}

function identities(server: ServerProcess): ReadonlyMap<string, string> {
  const lines = [...server.stdout().matchAll(/^ {2}(\w+) +([0-9a-f-]{36}) +Zava/gm)];
  return new Map(lines.map(([, slug = '', subject = '']) => [slug, subject]));
}

export async function noisyNeighbour(databaseUrl: string | undefined, dataDir: string): Promise<Figures> {
  const place = databaseUrl === undefined ? ['--data-dir', dataDir] : ['--database-url', databaseUrl];
  const server = await startServer([...place, '--demo']);
  const subjects = identities(server);
  const open = (slug: string, count: number) =>
    Promise.all(
      Array.from({ length: count }, () => connectClient(server.url, subjects.get(slug), '2026-07-28')),
    );
  const neighbours = await open('seattle', NEIGHBOURS);
  const callers = await open('redmond', CALLERS);
  const quiet: Taken = { ms: [], refused: 0 };
  const noisy: Taken = { ms: [], refused: 0 };
  const answers = new Map<string, number>();
  await ordinaryCalls(callers, 2000, { ms: [], refused: 0 });
  for (let round = 0; round < ROUNDS; round += 1) {
    await ordinaryCalls(callers, PHASE_MS, quiet);
    const stop = new AbortController();
    const hostile = hostileCalls(neighbours, stop.signal, answers);
    await new Promise((resolve) => setTimeout(resolve, 500));
    await ordinaryCalls(callers, PHASE_MS, noisy);
    stop.abort();
    await hostile;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  await Promise.all([...neighbours, ...callers].map((client) => client.close()));
  await server.stop();
  const ratio = (share: number) => round(at(noisy, share) / at(quiet, share));
  return {
    'quiet p50 ms': round(at(quiet, 0.5)),
    'quiet p95 ms': round(at(quiet, 0.95)),
    'noisy p50 ms': round(at(noisy, 0.5)),
    'noisy p95 ms': round(at(noisy, 0.95)),
    'p50 ratio': ratio(0.5),
    'p95 ratio': ratio(0.95),
    'quiet calls': quiet.ms.length,
    'noisy calls': noisy.ms.length,
    'of them refused': quiet.refused + noisy.refused,
    'hostile answers': [...answers].map(([code, count]) => `${code} ${count}`).join(', '),
  };
}

function at({ ms }: Taken, share: number): number {
  return ms.toSorted((a, b) => a - b)[Math.floor(ms.length * share)] ?? Number.NaN;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
