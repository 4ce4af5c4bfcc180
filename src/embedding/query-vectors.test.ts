/** Closes: what was searched for, read in Redis by who may read there, and a vector made up by who may write there. */
import { describe, expect, onTestFinished, test } from 'vitest';
import { flaky, redisUrls } from '../../test/harness/redis.ts';
import { TEST_SECRET_KEYS } from '../../test/harness/secret-keys.ts';
import { testClock } from '../../test/harness/test-clock.ts';
import { RedisLink } from '../resilience/redis-link.ts';
import { newSecretKey, parseSecretKeys } from '../secrets/secret-keys.ts';
import { createLogger } from '../telemetry/logger.ts';
import { QueryVectors } from './query-vectors.ts';

const WEEK_MS = 7 * 24 * 3_600_000;
const vector = new Float32Array([0.6, -0.8, 0]);
/** Another in each run: Redis stays. */
const unique = () => `key ${crypto.randomUUID()}`;

describe.each(redisUrls)('in Redis', (url) => {
  async function linked(at = url) {
    const link = await RedisLink.open({ url: at, logger: createLogger({ level: 'silent' }) });
    onTestFinished(() => link.close());
    return link;
  }

  test('one server finds what another kept, until seven days after it was made', async () => {
    const [link, key, time] = [await linked(), unique(), testClock()];
    const server = (memory: boolean) =>
      new QueryVectors({ memory, redis: { link, keys: TEST_SECRET_KEYS }, clock: time.clock });
    await server(true).keep(key, vector);
    time.pass(WEEK_MS - 1);
    const other = server(true);
    expect(await other.find(key, 3)).toEqual(vector);
    time.pass(1);
    expect(await other.find(key, 3)).toBeUndefined();
    expect(await server(false).find(key, 3)).toBeUndefined();
  });

  test('it lies there for seven days, and neither name nor content can be read', async () => {
    const [link, key] = [await linked(), unique()];
    const before = await link.attempt((redis) => redis.keys('aisle:query-vector:*'));
    await new QueryVectors({ memory: false, redis: { link, keys: TEST_SECRET_KEYS } }).keep(key, vector);
    const after = await link.attempt((redis) => redis.keys('aisle:query-vector:*'));
    const name = after?.find((place) => !before?.includes(place)) ?? '';
    expect(name).not.toContain(key);
    const bytes = await link.attempt((redis) => redis.getBuffer(name));
    expect(bytes?.includes(Buffer.from(vector.buffer))).toBe(false);
    expect(bytes?.toString('latin1')).not.toContain('expiresAt');
    const ttl = (await link.attempt((redis) => redis.pttl(name))) ?? 0;
    expect(ttl).toBeGreaterThan(WEEK_MS - 60_000);
    expect(ttl).toBeLessThanOrEqual(WEEK_MS);
    await link.attempt((redis) => redis.set(name, 'made up'));
    const reader = new QueryVectors({ memory: false, redis: { link, keys: TEST_SECRET_KEYS } });
    expect(await reader.find(key, 3)).toBeUndefined();
  });

  test('whoever has other keys, or wants another width, finds nothing', async () => {
    const [link, key] = [await linked(), unique()];
    const owner = new QueryVectors({ memory: false, redis: { link, keys: TEST_SECRET_KEYS } });
    await owner.keep(key, vector);
    expect(await owner.find(key, 4)).toBeUndefined();
    expect(await owner.find(key, 3)).toEqual(vector);
    const keys = parseSecretKeys([newSecretKey(new Date())]);
    const stranger = new QueryVectors({ memory: false, redis: { link, keys } });
    expect(await stranger.find(key, 3)).toBeUndefined();
  });

  test('without Redis the own memory still serves', async () => {
    const proxy = await flaky(url);
    onTestFinished(() => proxy.close());
    const [link, key] = [await linked(proxy.url), unique()];
    const server = new QueryVectors({ memory: true, redis: { link, keys: TEST_SECRET_KEYS } });
    proxy.cut();
    await server.keep(key, vector);
    expect(await server.find(key, 3)).toEqual(vector);
    expect(await server.find(unique(), 3)).toBeUndefined();
  });
});

test('without a place nothing is kept', async () => {
  const nowhere = new QueryVectors({ memory: false });
  await nowhere.keep('key', vector);
  expect(await nowhere.find('key', 3)).toBeUndefined();
});
