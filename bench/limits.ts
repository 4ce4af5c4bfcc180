/**
 * What counting costs: one consume after the other, and 50 at once, in memory and in Redis, and a call through the pipeline
 * with and without it. CPU of this process; that of Redis is not in it.
 */
import { z } from 'zod';
import { defineTool, READ_ONLY } from '../src/kernel/tool.ts';
import { createPipeline } from '../src/pipeline/index.ts';
import { createRateLimiter, type RateLimiter } from '../src/resilience/rate-limiter.ts';
import { RedisLink } from '../src/resilience/redis-link.ts';
import { silentLogger } from '../src/telemetry/logger.ts';
import type { Figures } from './report.ts';

const CALLS = 20_000;
const AT_ONCE = 50;
const PRINCIPALS = 100;
const POLICY = { name: 'caller', limit: 1_000_000, periodSeconds: 60 };

async function cost(call: (n: number) => Promise<unknown>, atOnce: number): Promise<Figures> {
  for (let warm = 0; warm < 2000; warm += 1) await call(warm);
  const latencies: number[] = [];
  const began = performance.now();
  const cpu = process.cpuUsage();
  let next = 0;
  const caller = async (): Promise<void> => {
    while (next < CALLS) {
      const asked = performance.now();
      await call(next++);
      latencies.push(performance.now() - asked);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, caller));
  const { user, system } = process.cpuUsage(cpu);
  const seconds = (performance.now() - began) / 1000;
  const at = (share: number) =>
    latencies.toSorted((a, b) => a - b)[Math.floor(share * latencies.length)] ?? 0;
  return {
    'CPU µs': Math.round(((user + system) / CALLS) * 10) / 10,
    'p50 µs': Math.round(at(0.5) * 1000),
    'p99 µs': Math.round(at(0.99) * 1000),
    'calls/s': Math.round(CALLS / seconds),
  };
}

const consuming = (limiter: RateLimiter) => (n: number) => limiter.consume(`bench-${n % PRINCIPALS}`);

function calling(limiter?: RateLimiter): (n: number) => Promise<unknown> {
  const pipeline = createPipeline({ logger: silentLogger, ...(limiter && { rateLimits: { limiter } }) });
  const tool = defineTool({
    ...{ name: 'nothing', title: 'Nothing', description: 'Does nothing.', annotations: READ_ONLY },
    ...{ input: z.strictObject({}), output: z.object({}), permission: 'read:analytics' },
    run: async () => ({ structured: {}, text: '' }),
  });
  const { signal } = new AbortController();
  const permissions = new Set(['read:analytics'] as const);
  return (n) => {
    const subject = `bench-${n % PRINCIPALS}`;
    const principal = { subject, name: subject, roles: [], method: 'operator' as const, permissions };
    return pipeline.callTool(tool, {}, { principal, requestId: 'bench', signal });
  };
}

export async function limitsCost(redisUrl: string | undefined): Promise<Readonly<Record<string, Figures>>> {
  const memory = createRateLimiter(POLICY);
  const alone = {
    'a call through the pipeline, not counted': await cost(calling(), 1),
    'counted in memory': await cost(calling(memory), 1),
    'counting alone, in memory': await cost(consuming(memory), 1),
  };
  if (redisUrl === undefined) return alone;
  const link = await RedisLink.open({ url: redisUrl, logger: silentLogger });
  const shared = createRateLimiter(POLICY, link);
  const figures = {
    ...alone,
    'counting alone, in Redis': await cost(consuming(shared), 1),
    [`in Redis, ${AT_ONCE} at once`]: await cost(consuming(shared), AT_ONCE),
  };
  const { failures } = link.state();
  await link.close();
  const cut = createRateLimiter(POLICY, await unreachable());
  return {
    ...figures,
    'Redis away': await cost(consuming(cut), 1),
    'unanswered by Redis meanwhile': { calls: failures },
  };
}

async function unreachable(): Promise<RedisLink> {
  const link = await RedisLink.open({ url: 'redis://127.0.0.1:1', logger: silentLogger });
  await link.close();
  return link;
}
