/** Closes: an answer that is computed again and again though it is dear, or kept for longer than it may be. */
import { expect, test } from 'vitest';
import { NORTH } from '../../test/harness/two-stores.ts';
import { AnswerCache } from './answer-cache.ts';
import { MemoryCache } from './memory-cache.ts';

const SCOPE = NORTH.storeId;
const NOON = Date.UTC(2026, 0, 15, 12);
const BEFORE_MIDNIGHT = NOON + 12 * 3_600_000 - 30_000;

interface How {
  readonly costMs: number;
  readonly maxTtlMs?: number;
  readonly startsAt?: number;
}

/** Where an answer comes from that was asked for, at that cost, so many milliseconds before; its tool says 60 s. */
async function fromAfter(ms: number, { costMs, maxTtlMs = 3_600_000, startsAt = NOON }: How) {
  let passed = 0;
  const cache = new AnswerCache({
    changes: { subscribe: () => () => {}, isCurrent: () => true, watched: async () => new Set() },
    clock: { now: () => startsAt + passed, monotonic: () => passed },
    version: '1',
    resolveScope: async () => SCOPE,
    tablesOf: () => ['retail.orders'],
    memory: new MemoryCache(1_000_000),
    maxTtlMs,
  });
  const context = { principal: NORTH.principal, requestId: 'r', signal: new AbortController().signal };
  const question = { tool: 'sales_report', args: {}, policy: { ttlSeconds: 60 }, context };
  const ask = () =>
    cache.answer(question, async ({ reads }) => {
      reads?.queries.push('SELECT 1');
      reads?.scopes.push(SCOPE);
      passed += costMs;
      return { structured: {}, text: '' };
    });
  await ask();
  passed = ms;
  return (await ask()).origin?.from;
}

test.each([
  ['as long as its tool says when it cost nothing', { costMs: 0 }, 60_000],
  ['twice as long when it took half a second', { costMs: 500 }, 120_000],
  ['three times as long when it took a second', { costMs: 1000 }, 180_000],
  ['four times as long whatever more it took', { costMs: 20_000 }, 240_000],
  ['no longer than the server keeps any', { costMs: 20_000, maxTtlMs: 100_000 }, 100_000],
  ['no longer than the day', { costMs: 20_000, startsAt: BEFORE_MIDNIGHT }, 30_000],
])('an answer is kept %s', async (_, how, ms) => {
  expect([await fromAfter(ms - 1, how), await fromAfter(ms, how)]).toEqual(['memory', 'computed']);
});
