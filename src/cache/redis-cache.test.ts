/**
 * Threats: an answer out of Redis that is no longer right, because a change was not counted or counts were lost; one that
 * somebody wrote there.
 */
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FlakyRedis, flaky, redisUrls } from '../../test/harness/redis.ts';
import { TEST_SECRET_KEYS as keys } from '../../test/harness/secret-keys.ts';
import { until } from '../../test/harness/until.ts';
import { RedisLink } from '../resilience/redis-link.ts';
import { silentLogger } from '../telemetry/logger.ts';
import { RedisCache, type SharedAnswer } from './redis-cache.ts';
import { outsideName } from './seal.ts';

const TTL_MS = 60_000;
const answer: SharedAnswer = {
  ...{ serialized: '{"rows":[]}', text: 'nothing', askedAt: 1, expiresAt: 2 },
  names: ['*', 'retail.orders!', 'retail.orders@north'],
};

it('a Redis that was never there gives nothing, keeps nothing, and stops nobody', async () => {
  const unused = createServer().listen(0, '127.0.0.1');
  await once(unused, 'listening');
  const { port } = unused.address() as AddressInfo;
  unused.close();
  await once(unused, 'close');
  const link = await RedisLink.open({ url: `redis://127.0.0.1:${port}`, logger: silentLogger });
  const cache = new RedisCache({ link, keys, namespace: 'nobody' });
  cache.heard({ table: 'retail.orders' });
  expect(await cache.look('key')).toBeUndefined();
  await cache.keep('key', answer, { epoch: 'e', sequence: 0 }, TTL_MS);
  expect(cache.state().isUp).toBe(false);
  await link.close();
});

describe.each(redisUrls)('answers in Redis', (url) => {
  let redis: FlakyRedis;
  let inside: Redis;
  let prefix: string;
  let caches: RedisCache[];
  const links: RedisLink[] = [];

  beforeEach(async () => {
    redis = await flaky(url);
    inside = new Redis(url);
    const namespace = `test-${Math.random().toString(36).slice(2)}`;
    prefix = `aisle:cache:${namespace}`;
    caches = [];
    for (const _ of ['one', 'other']) {
      const link = await RedisLink.open({ url: redis.url, logger: silentLogger, commandTimeoutMs: 5000 });
      links.push(link);
      caches.push(new RedisCache({ link, keys, namespace }));
    }
    await Promise.all(caches.map((cache) => cache.look('key'))); // both have begun their epoch
  });
  afterEach(async () => {
    for (const link of links.splice(0)) await link.close();
    const left = await inside.keys(`${prefix}:*`);
    if (left.length > 0) await inside.del(left);
    inside.disconnect();
    await redis.close();
  });

  const one = () => caches[0] as RedisCache;
  const other = () => caches[1] as RedisCache;
  const found = async (cache: RedisCache) => (await cache.look('key'))?.answer?.text;

  /** Looked for by one server, computed, and kept. */
  async function keep(between: () => void = () => {}): Promise<void> {
    const looked = await one().look('key');
    between();
    if (looked === undefined) throw new TypeError('Redis does not answer');
    await one().keep('key', answer, looked.standing, TTL_MS);
  }

  it('are there for every server, and for no other question', async () => {
    await keep();
    expect([await found(one()), await found(other())]).toEqual(['nothing', 'nothing']);
    expect((await other().look('another'))?.answer).toBeUndefined();
  });

  it('do not count after a change, whoever hears of it, nor when it happened while they were computed', async () => {
    await keep();
    other().heard({ table: 'retail.orders', stores: ['north'] });
    expect([await found(other()), await found(one())]).toEqual([undefined, undefined]);
    await keep(() => other().heard({ table: 'retail.orders' }));
    expect(await found(other())).toBeUndefined();
    await keep();
    one().heard({ table: 'retail.orders', stores: ['south'] });
    one().heard({ table: 'retail.payments' });
    expect(await found(one())).toBe('nothing');
  });

  it('do not count when nobody knows what was changed', async () => {
    await keep();
    one().heard({});
    expect([await found(one()), await found(other())]).toEqual([undefined, undefined]);
  });

  it('do not count on another connection: Redis may have been restored, or be another', async () => {
    await keep();
    redis.cut();
    other().heard({ table: 'retail.orders' }); // which nobody counts
    redis.mend();
    await until(() => links.every((link) => link.connection === 2));
    await expect.poll(() => one().look('key')).toBeDefined();
    expect(await found(one())).toBeUndefined();
  });

  it('do not count when their counts are gone', async () => {
    await keep();
    await inside.del(`${prefix}:changes`);
    expect([await found(one()), await found(one())]).toEqual([undefined, undefined]);
    await keep();
    expect(await found(one())).toBe('nothing');
  });

  it('are not taken from somebody who only has Redis', async () => {
    await keep();
    const place = `${prefix}:${outsideName(keys, 'key')}`;
    const sealed = (await inside.getBuffer(place)) as Buffer;
    await inside.set(`${prefix}:${outsideName(keys, 'another')}`, sealed);
    expect((await one().look('another'))?.answer).toBeUndefined();
    for (const forged of [JSON.stringify(answer), '', sealed.subarray(1)]) {
      await inside.set(place, forged);
      expect(await found(one())).toBeUndefined();
    }
    await inside.set(place, sealed);
    expect(await found(one())).toBe('nothing');
  });

  it('have an end, and so has all that is kept about them', async () => {
    await keep();
    one().heard({ table: 'retail.payments' });
    await found(one());
    const left = await Promise.all((await inside.keys(`${prefix}:*`)).map((key) => inside.ttl(key)));
    expect(left).toHaveLength(2);
    for (const seconds of left) expect(seconds).toBeGreaterThan(0);
  });

  it('are not missed when Redis is away: nothing is found, and nothing thrown', async () => {
    redis.cut();
    await expect.poll(() => one().look('key')).toBeUndefined();
    expect(await one().look('key')).toBeUndefined();
    expect(one().state().isUp).toBe(false);
  });
});
