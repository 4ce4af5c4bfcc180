/**
 * Many callers of mixed stores at once for a while, over HTTP with the SDK's client: no error, no row of another store, no
 * connection left behind. Run by `npm run bench`; `SOAK_SECONDS` (30) and `SOAK_CALLERS` (200) size it.
 */
import { Client } from 'pg';
import { ask, connectClient, startServer } from '../test/harness/server-process.ts';
import { cpuSeconds } from './cpu.ts';
import type { Figures } from './report.ts';

const SECONDS = Number(process.env.SOAK_SECONDS ?? 30);
const CALLERS = Number(process.env.SOAK_CALLERS ?? 200);
const POOL_MAX = 10;

interface Identity {
  readonly slug: string;
  readonly subject: string;
}

/** Each question's answer names the stores it came from: a caller's own and no other. */
const QUESTIONS = [
  'SELECT DISTINCT s.slug FROM orders o JOIN stores s USING (store_id)',
  'SELECT slug FROM stores',
  'SELECT s.slug FROM customers c JOIN stores s USING (store_id) GROUP BY 1',
];

export async function soak(databaseUrl: string | undefined, dataDir: string): Promise<Figures> {
  const place = databaseUrl === undefined ? ['--data-dir', dataDir] : ['--database-url', databaseUrl];
  const server = await startServer([...place, '--demo'], {
    DB_POOL_MAX: String(POOL_MAX),
    MAX_CONCURRENT_TOOLS: '200',
    TOOL_TIMEOUT_SECONDS: '60',
  });
  const identities = [...server.stdout().matchAll(/^ {2}(\w+) +([0-9a-f-]{36}) +Zava/gm)].map(
    ([, slug = '', subject = '']): Identity => ({ slug, subject }),
  );
  const cpuBefore = cpuSeconds(server.process.pid ?? 0);
  const until = performance.now() + SECONDS * 1000;
  let calls = 0;
  let errors = 0;
  let wrong = 0;
  await Promise.all(
    Array.from({ length: CALLERS }, async (_, n) => {
      const identity = identities[n % identities.length];
      if (identity === undefined) throw new RangeError('the banner named no store');
      const client = await connectClient(server.url, identity.subject);
      for (let turn = n; performance.now() < until; turn += 1) {
        try {
          const { rows } = await ask(client, QUESTIONS[turn % QUESTIONS.length] ?? '');
          if (JSON.stringify(rows) !== JSON.stringify([[identity.slug]])) wrong += 1;
        } catch (error) {
          errors += 1;
          if (errors <= 3) process.stderr.write(`${String(error)}\n`);
        }
        calls += 1;
      }
      await client.close();
    }),
  );
  const cpu = cpuSeconds(server.process.pid ?? 0) - cpuBefore;
  const after = databaseUrl === undefined ? undefined : await connections(databaseUrl);
  const exit = await server.stop();
  const left = databaseUrl === undefined ? undefined : await connections(databaseUrl);
  return {
    callers: CALLERS,
    seconds: SECONDS,
    calls,
    errors,
    'rows of another store': wrong,
    'server CPU µs per call': Math.round((cpu / calls) * 1e6),
    'calls per second': Math.round(calls / SECONDS),
    ...(after === undefined
      ? {}
      : { 'connections after': after.total, 'of them busy': after.busy, 'pool maximum': POOL_MAX }),
    ...(left === undefined ? {} : { 'connections after the end': left.total }),
    'exit code': exit,
  };
}

/** Of the query login. */
export async function connections(databaseUrl: string): Promise<{ total: number; busy: number }> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  const { rows } = await client.query<{ total: number; busy: number }>(
    `SELECT count(*)::int AS total, count(*) FILTER (WHERE state <> 'idle')::int AS busy
     FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'aisle' AND usename LIKE 'aisle_reader%'`,
  );
  await client.end();
  return rows[0] ?? { total: 0, busy: 0 };
}
