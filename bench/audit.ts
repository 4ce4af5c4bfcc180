/**
 * What the audit costs a call: CPU of this process per call through the pipeline, with the audit less without, until the
 * answer (the record has its place in the queue) and whole (it is masked, chained, sent and committed). Rounds by turns; the
 * fastest too, because on a busy machine neighbours double the median. A call has a query of 1 kB that was asked
 * before, a user agent of a browser's length, and arguments; the tool does nothing. Also what 500 calls a second look like, and how fast refusals are committed.
 */
import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import { openAudit } from '../src/app/audit.ts';
import { openDatabase } from '../src/app/engine.ts';
import { loadConfig } from '../src/config.ts';
import { createAuditWriter } from '../src/data/audit/writer.ts';
import { READABLE_TABLES } from '../src/data/tables.ts';
import type { CallLog } from '../src/kernel/audit.ts';
import type { RequestContext } from '../src/kernel/request-context.ts';
import type { Tool } from '../src/kernel/tool.ts';
import { createPipeline, type Pipeline } from '../src/pipeline/index.ts';
import { createGuard, type Guard } from '../src/sql/guard.ts';
import { silentLogger } from '../src/telemetry/logger.ts';
import { fakeModule } from '../test/harness/fake-module.ts';
import { NORTH } from '../test/harness/two-stores.ts';
import { type Figures, median } from './report.ts';

const ROUNDS = 9;
const CALLS = 4000;
const AT_ONCE = 50;

/** A kilobyte, as an assistant writes them. */
const BRANCH =
  "SELECT s.slug, sum(o.total_amount) AS revenue FROM retail.orders o JOIN retail.stores s USING (store_id) WHERE o.status <> 'cancelled' GROUP BY 1";
const SQL = `${Array.from({ length: 6 }, () => BRANCH).join(' UNION ALL ')} ORDER BY 2 DESC LIMIT 20`;
const AGENT =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Claude/1.2.3 Chrome/124.0 Safari/537.36';
/** What the tool gets: a query and two arguments more. */
const ARGUMENTS = { message: SQL, store_id: 'seattle', max_rows: 100 };

export async function auditCost(url: string): Promise<Readonly<Record<string, Figures>>> {
  const config = await loadConfig({ DATABASE_URL: url }, {}, '/nonexistent');
  const database = await openDatabase(config, silentLogger);
  const audit = openAudit(config, database, silentLogger);
  const guard = await createGuard({ relations: new Set(READABLE_TABLES), searchPath: ['retail'] });
  const tool = echoing(guard);
  const idle = createAuditWriter({
    ...{ store: { append: async () => [] }, keys: { current: () => ({ id: 'k', key: Buffer.alloc(32) }) } },
    ...{ logger: silentLogger, batchMs: 1e8, lossMs: 1e9, capacity: 1e7 },
  });
  const kinds = { without: undefined, 'until the answer': idle, whole: audit };
  const pipelines = Object.entries(kinds).map(([name, log]) => ({
    name,
    pipeline: createPipeline({ logger: silentLogger, audit: log }),
    taken: [] as number[],
  }));
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const { pipeline, taken } of pipelines) {
      const cost = await cpuOfCalls(pipeline, tool);
      if (round > 0) taken.push(cost); // the first warms up
    }
  }
  const [without = [], ...audited] = pipelines.map(({ taken }) => taken);
  const rows = {
    ...Object.fromEntries(
      audited.map((taken, n) => [
        `audit, ${pipelines[n + 1]?.name}`,
        {
          'fastest µs': round(Math.min(...taken) - Math.min(...without)),
          'median µs': round(median(taken) - median(without)),
        },
      ]),
    ),
    'pipeline without': { 'fastest µs': round(Math.min(...without)), 'median µs': round(median(without)) },
    '500 calls a second': await paced(createPipeline({ logger: silentLogger, audit }), tool),
    refusals: await refusals(audit),
  };
  await idle.close();
  await audit.close();
  await database.close();
  return rows;
}

function echoing(guard: Guard): Tool {
  const [echo] = fakeModule().tools;
  if (echo === undefined) throw new RangeError('no tool');
  const run: Tool['run'] = async (args, { facts }) => {
    if (facts !== undefined) {
      facts.sql = { text: SQL, fingerprint: () => guard.fingerprint(SQL), masked: () => guard.masked(SQL) };
      facts.relations = ['retail.orders', 'retail.stores'];
      facts.rows = 8;
    }
    return { structured: args, text: '' };
  };
  const input = z.object({ message: z.string(), store_id: z.string(), max_rows: z.int() });
  return { ...echo, input, run };
}

const context = (n: number): RequestContext => ({
  principal: { ...NORTH.principal, client: 'claude-desktop' },
  requestId: `bench-${n}`,
  sessionId: '4b1c2d3e-aaaa-4bbb-8ccc-0123456789ab',
  origin: { ip: '10.0.0.1', userAgent: AGENT, traceId: 'ab'.repeat(16) },
  signal: new AbortController().signal,
});

/** Microseconds of this process per call, those after the answer included: until the last record is committed. */
async function cpuOfCalls(pipeline: Pipeline, tool: Tool): Promise<number> {
  const began = process.cpuUsage();
  for (let n = 0; n < CALLS; n += AT_ONCE) {
    await Promise.all(
      Array.from({ length: AT_ONCE }, (_, k) => pipeline.callTool(tool, ARGUMENTS, context(n + k))),
    );
  }
  await setTimeout(300); // what is in the queue goes out
  const { user, system } = process.cpuUsage(began);
  return (user + system) / CALLS;
}

async function paced(pipeline: Pipeline, tool: Tool): Promise<Figures> {
  const seconds = 4;
  const took: number[] = [];
  const began = process.cpuUsage();
  for (let tick = 0; tick < seconds * 50; tick += 1) {
    const until = setTimeout(20);
    await Promise.all(
      Array.from({ length: 10 }, async (_, k) => {
        const asked = performance.now();
        await pipeline.callTool(tool, ARGUMENTS, context(tick * 10 + k));
        took.push(performance.now() - asked);
      }),
    );
    await until;
  }
  const { user, system } = process.cpuUsage(began);
  return {
    calls: took.length,
    'CPU %': round((user + system) / 1e4 / seconds),
    'p50 ms': round(quantile(took, 0.5)),
    'p99 ms': round(quantile(took, 0.99)),
  };
}

/** Commits by 50 callers at once, who share transactions. */
async function refusals(audit: CallLog): Promise<Figures> {
  const took: number[] = [];
  const began = performance.now();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async (_, caller) => {
      for (let n = 0; n < 20; n += 1) {
        const asked = performance.now();
        await audit.commit({
          ...{ at: Date.now(), kind: 'tool', name: 'echo', args: {}, context: context(caller) },
          ...{ facts: { queries: new Set() }, status: 'error', decision: 'denied', durationMs: 1 },
        });
        took.push(performance.now() - asked);
      }
    }),
  );
  return {
    calls: took.length,
    'per second': Math.round(took.length / ((performance.now() - began) / 1000)),
    'p50 ms': round(quantile(took, 0.5)),
    'p99 ms': round(quantile(took, 0.99)),
  };
}

function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? Number.NaN;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
