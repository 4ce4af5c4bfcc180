/**
 * What the audit has lost of a server that is killed under load: 500 calls a second for five seconds, half of them refused,
 * then SIGKILL; every refusal that was answered must be in the log, and the reads that are missing were answered in the last
 * 100 ms. Calls that write are killed in test/audit-crash.db.test.ts, since no tool writes yet.
 */
import { setTimeout } from 'node:timers/promises';
import { startCli, startServer } from '../test/harness/server-process.ts';
import type { Figures } from './report.ts';

const PER_SECOND = 500;
const SECONDS = 5;
const TICK_MS = 10;
const SEATTLE = 'f47ac10b-58cc-4372-a567-0e02b2c3d479';
const TOOLS = {
  read: { name: 'get_current_utc_date', arguments: {} },
  denied: { name: 'execute_sales_query', arguments: { postgresql_query: 'SELECT pg_sleep(1)' } },
} as const;

interface Answer {
  readonly id: string;
  readonly isRead: boolean;
  readonly at: number;
}

export async function auditCrash(databaseUrl: string): Promise<Readonly<Record<string, Figures>>> {
  const place = ['--database-url', databaseUrl];
  await ended('seed', '--customers', '30', '--orders', '60', ...place);
  const server = await startServer(place, { RATE_LIMIT_ENABLED: 'false' });
  const answers: Answer[] = [];
  const began = performance.now();
  const calls: Promise<void>[] = [];
  let sent = 0;
  while (performance.now() - began < SECONDS * 1000) {
    const due = ((performance.now() - began) / 1000) * PER_SECOND;
    for (; sent < due; sent += 1) calls.push(call(server.url, sent, answers));
    await setTimeout(TICK_MS);
  }
  const took = (performance.now() - began) / 1000;
  const killedAt = performance.now();
  server.process.kill('SIGKILL');
  await Promise.all([server.ended, ...calls]);

  const verified = JSON.parse(await ended('audit', 'verify', '--json', ...place)) as { found: number };
  const exported = await ended('audit', 'export', '--since', '2020-01-01', ...place);
  const told = new Set(exported.split('\n').map((line) => /"request_id":"([^"]*)"/.exec(line)?.[1] ?? ''));
  const missing = answers.filter(({ id }) => !told.has(id));
  const missingReads = missing.filter(({ isRead }) => isRead).map(({ at }) => at);
  const denials = answers.filter(({ isRead }) => !isRead);
  return {
    postgres: {
      'answered a second': Math.round(answers.length / took),
      'refusals answered': denials.length,
      'refusals missing': missing.length - missingReads.length,
      'reads answered': answers.length - denials.length,
      'reads missing': missingReads.length,
      'of them, ms from the first to the end':
        missingReads.length === 0 ? 0 : Math.round(killedAt - Math.min(...missingReads)),
      'breaks in the chain': verified.found,
    },
  };
}

/** Runs a command to its end; what it printed. */
async function ended(...args: readonly string[]): Promise<string> {
  const cli = startCli(args);
  if ((await cli.ended) !== 0) throw new RangeError(cli.stderr());
  return cli.stdout();
}

async function call(url: string, n: number, answers: Answer[]): Promise<void> {
  const isRead = n % 2 === 0;
  const id = `crash-${n}`;
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        ...{ 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
        ...{ 'x-rls-user-id': SEATTLE, 'x-request-id': id },
      },
      body: JSON.stringify({
        ...{ jsonrpc: '2.0', id: 1, method: 'tools/call' },
        params: isRead ? TOOLS.read : TOOLS.denied,
      }),
    });
    const text = await response.text();
    if (response.ok && !text.includes('UNAVAILABLE') && !text.includes('"BUSY')) {
      answers.push({ id, isRead, at: performance.now() });
    }
  } catch {
    // The server is gone: nobody was answered.
  }
}
