import { describe, expect, it } from 'vitest';
import { redisUrls } from '../../../test/harness/redis.ts';
import { inspectRedis } from '../../resilience/redis-inspection.ts';
import { settingsWith } from '../testing/patient.ts';
import { judgeRedis, redis } from './redis.ts';

const HERE = {
  address: '127.0.0.1:6379',
  ...{ isRemote: false, isEncrypted: false, hasPassword: false },
  ...{ latencyMs: 0.3, version: '7.0.15', evictionPolicy: 'noeviction' },
};
const THERE = { ...HERE, address: 'cache:6379', isRemote: true, isEncrypted: true, hasPassword: true };

it.each([
  ['on this machine', HERE, 'ok', '127.0.0.1:6379, Redis 7.0.15, answers in 0.3 ms'],
  ['elsewhere, encrypted and with a password', THERE, 'ok', 'cache:6379, Redis 7.0.15, answers in 0.3 ms'],
  [
    'in clear text',
    { ...THERE, isEncrypted: false },
    'fail',
    'the connection to cache:6379 is not encrypted',
  ],
  ['open to everybody', { ...THERE, hasPassword: false }, 'fail', 'cache:6379 asks for no password'],
  ['6.2', { ...HERE, version: '6.2.0' }, 'ok', '127.0.0.1:6379, Redis 6.2.0, answers in 0.3 ms'],
  ['old', { ...HERE, version: '6.0.16' }, 'warn', 'Redis 6.0.16 gets no fixes any more'],
  ['of no known version', { ...HERE, version: 'unknown' }, 'warn', 'Redis unknown gets no fixes any more'],
  [
    'forgetful',
    { ...HERE, evictionPolicy: 'allkeys-lru' },
    'warn',
    'maxmemory-policy is allkeys-lru: when memory is full, counted calls are forgotten',
  ],
  ['far', { ...HERE, latencyMs: 20.1 }, 'warn', 'it answers in 20.1 ms, which every call waits for'],
  [
    'all at once',
    { ...THERE, isEncrypted: false, latencyMs: 30 },
    'fail',
    'the connection to cache:6379 is not encrypted; it answers in 30 ms, which every call waits for',
  ],
])('%s', (_, facts, status, found) => {
  const verdict = judgeRedis(facts);
  expect([verdict.status, verdict.found]).toEqual([status, found]);
  expect(verdict.mend === undefined).toBe(status === 'ok');
});

it('is skipped where none is set', async () => {
  expect(await redis.examine(settingsWith(), undefined)).toEqual({
    status: 'skipped',
    found: 'REDIS_URL is not set: each server counts rates by itself',
  });
});

it('fails where none answers, and says why without the password', async () => {
  const settings = settingsWith({ REDIS_URL: 'redis://aisle:hunter22@127.0.0.1:1' });
  expect(await redis.examine(settings, undefined)).toEqual({
    status: 'fail',
    found: 'Redis did not answer. (connect ECONNREFUSED 127.0.0.1:1): each server counts rates by itself',
    mend: 'Start it, or mend host, user and password in REDIS_URL.',
  });
});

describe.each(redisUrls)('a real one', (url) => {
  it('is looked at', async () => {
    const facts = await inspectRedis(url);
    expect(facts).toMatchObject({ isRemote: false, isEncrypted: false, address: new URL(url).host });
    expect(facts.version).toMatch(/^\d+\.\d+\.\d+$/);
    expect(facts.evictionPolicy).toBe('noeviction');
    expect(facts.latencyMs).toBeGreaterThan(0);
    expect((await redis.examine(settingsWith({ REDIS_URL: url }), undefined)).found).toContain(
      `${facts.address}, Redis ${facts.version}, answers in `,
    );
  });

  it('that refuses the password is told', async () => {
    const wrong = url.replace('redis://', 'redis://nobody:hunter22@');
    const verdict = await redis.examine(settingsWith({ REDIS_URL: wrong }), undefined);
    expect(verdict.status).toBe('fail');
    expect(verdict.found).toContain('WRONGPASS');
    expect(JSON.stringify(verdict)).not.toContain('hunter22');
  });
});
