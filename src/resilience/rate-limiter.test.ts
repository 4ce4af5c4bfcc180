/** Closes: a limit that counts twice or not at all, that one caller fills for another, or that falls open with Redis. */
import { randomUUID } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type FlakyRedis, flaky, redisUrls } from '../../test/harness/redis.ts';
import type { Clock } from '../kernel/clock.ts';
import { createLogger, silentLogger } from '../telemetry/logger.ts';
import { createRateLimiter } from './rate-limiter.ts';
import { RedisLink } from './redis-link.ts';

const policy = (limit: number, periodSeconds = 60) => ({ name: 'caller', limit, periodSeconds });
const PATIENT = { logger: silentLogger, commandTimeoutMs: 60_000 };
const closing: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const opened of closing.splice(0).toReversed()) await opened.close();
});

async function linked(url: string, options: Partial<Parameters<typeof RedisLink.open>[0]> = {}) {
  const link = await RedisLink.open({ url, ...PATIENT, ...options });
  closing.push(link);
  return link;
}

describe('in memory', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test('passes exactly the limit, says what is left, and begins anew when the period is over', async () => {
    const limiter = createRateLimiter(policy(3));
    const left = [];
    for (let call = 0; call < 5; call += 1) {
      left.push(await limiter.consume('a'));
      vi.advanceTimersByTime(1000);
    }
    expect(left).toEqual([
      { policy: policy(3), allowed: true, remaining: 2, resetMs: 60_000 },
      { policy: policy(3), allowed: true, remaining: 1, resetMs: 59_000 },
      { policy: policy(3), allowed: true, remaining: 0, resetMs: 58_000 },
      { policy: policy(3), allowed: false, remaining: 0, resetMs: 57_000 },
      { policy: policy(3), allowed: false, remaining: 0, resetMs: 56_000 },
    ]);
    vi.advanceTimersByTime(54_999);
    expect((await limiter.consume('a')).allowed).toBe(false);
    vi.advanceTimersByTime(1);
    expect(await limiter.consume('a')).toMatchObject({ allowed: true, remaining: 2 });
    expect(limiter.state()).toEqual({ policy: policy(3) });
  });

  test('one key never takes from another', async () => {
    const limiter = createRateLimiter(policy(1));
    expect((await limiter.consume('a')).allowed).toBe(true);
    expect((await limiter.consume('a')).allowed).toBe(false);
    expect((await limiter.consume('b')).allowed).toBe(true);
  });

  test('points weigh, and what costs more than the whole limit can be had once', async () => {
    const limiter = createRateLimiter(policy(4));
    expect(await limiter.consume('a', 3)).toMatchObject({ allowed: true, remaining: 1 });
    expect(await limiter.consume('a', 3)).toMatchObject({ allowed: false, remaining: 0 });
    expect(await limiter.consume('b', 9)).toMatchObject({ allowed: true, remaining: 0 });
    expect(await limiter.consume('b', 1)).toMatchObject({ allowed: false });
    expect(await limiter.consume('c', 1)).toMatchObject({ remaining: 3 });
    expect(await limiter.consume('c', 9, 1)).toMatchObject({ allowed: true, remaining: 0 });
  });

  test('keys are forgotten with their period: a flood from ever new addresses leaves nothing behind', async () => {
    const limiter = createRateLimiter(policy(3));
    for (let n = 0; n < 5000; n += 1) await limiter.consume(`ip:${n}`);
    expect(vi.getTimerCount()).toBe(5000); // one for each key that is held
    vi.advanceTimersByTime(60_000);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe.each(redisUrls)('in Redis', (url) => {
  test('two servers share one limit exactly, whoever asks at once', async () => {
    const servers = await Promise.all(
      Array.from({ length: 2 }, async () => createRateLimiter(policy(100), await linked(url, PATIENT))),
    );
    const key = randomUUID();
    const outcomes = await Promise.all(
      Array.from({ length: 300 }, (_, call) => servers[call % 2]?.consume(key)),
    );
    expect(outcomes.filter((outcome) => outcome?.allowed)).toHaveLength(100);
    expect(servers.map((server) => server.state().redis)).toEqual([
      { isUp: true, failures: 0 },
      { isUp: true, failures: 0 },
    ]);
  });

  test('the key is rate_limit:<client>, counts points, and never stays for good', async () => {
    const link = await linked(url, PATIENT);
    const key = randomUUID();
    await createRateLimiter(policy(10), link).consume(key, 5);
    const stored = await link.attempt(async (redis) => [
      await redis.get(`rate_limit:${key}`),
      await redis.ttl(`rate_limit:${key}`),
    ]);
    expect(stored).toEqual(['5', 60]);
  });
});

describe.each(redisUrls)('when Redis goes', (url) => {
  let redis: FlakyRedis;
  let ms = 0;
  const clock: Clock = { now: () => ms, monotonic: () => ms };
  const logged: { level: string; message: string }[] = [];
  const logger = createLogger({
    level: 'info',
    destination: { write: (line) => logged.push(JSON.parse(line)) },
  });
  const events = () => logged.map(({ message }) => message);
  beforeEach(async () => {
    logged.length = 0;
    redis = await flaky(url);
    closing.push(redis);
  });
  /** Lets a second of rest pass and asks until Redis answers again. */
  async function backAgain(link: RedisLink): Promise<void> {
    do {
      ms += 1000;
      await turn();
    } while ((await link.attempt((client) => client.ping())) === undefined);
  }

  test('away: the own count goes on where it was, so nobody begins anew; logged once, and once when it is back', async () => {
    const link = await linked(redis.url, { ...PATIENT, logger, clock });
    const limiter = createRateLimiter(policy(5), link);
    const key = randomUUID();
    for (let call = 0; call < 3; call += 1) await limiter.consume(key);
    redis.cut();
    const local = [];
    for (let call = 0; call < 4; call += 1) local.push((await limiter.consume(key)).allowed);
    expect(local).toEqual([true, true, false, false]);
    expect(limiter.state().redis).toEqual({ isUp: false, failures: 4 });
    expect(events()).toEqual(['redis_unavailable']);
    redis.mend();
    await backAgain(link);
    expect(events()).toEqual(['redis_unavailable', 'redis_available']);
    expect(await limiter.consume(key)).toMatchObject({ allowed: true, remaining: 1 }); // Redis has seen three
    expect(limiter.state().redis?.isUp).toBe(true);
  });

  test('silent: one call waits for it and no longer than it may, those after it not at all', async () => {
    const link = await linked(redis.url, { logger, clock, commandTimeoutMs: 50 });
    const limiter = createRateLimiter(policy(2), link);
    const key = randomUUID();
    let asked = 0;
    const attempt = link.attempt.bind(link);
    link.attempt = (work) =>
      attempt((client) => {
        asked += 1;
        return work(client);
      });
    redis.silence();
    const allowed = [];
    for (let call = 0; call < 4; call += 1) allowed.push((await limiter.consume(key)).allowed);
    expect(allowed).toEqual([true, true, false, false]);
    expect(asked).toBe(1);
    ms += 999;
    await limiter.consume(key);
    expect(asked).toBe(1);
    ms += 1;
    await limiter.consume(key);
    expect(asked).toBe(2);
    expect(events()).toEqual(['redis_unavailable']);
  });
});

test('a Redis that was never there: the limit holds all the same', async () => {
  const link = await linked('redis://127.0.0.1:1');
  const limiter = createRateLimiter(policy(1), link);
  expect((await limiter.consume('a')).allowed).toBe(true);
  expect((await limiter.consume('a')).allowed).toBe(false);
  expect(limiter.state().redis).toEqual({ isUp: false, failures: 2 });
});
