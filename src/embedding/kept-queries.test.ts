/** Closes: a search that is paid for again and again, one that ends because another caller left, and one that waits for others' failures. */
import { setImmediate as turn } from 'node:timers/promises';
import { beforeEach, expect, test } from 'vitest';
import { testClock } from '../../test/harness/test-clock.ts';
import type { Embedder, EmbeddingModel } from '../kernel/embedding.ts';
import { CancelledError, TimeoutError, UnavailableError } from '../kernel/errors.ts';
import { keepQueries } from './kept-queries.ts';
import { QueryVectors } from './query-vectors.ts';

const WEEK_MS = 7 * 24 * 3_600_000;
const MODEL: EmbeddingModel = { provider: 'openai', model: 'test-model', version: '1', dimensions: 2 };
const { signal } = new AbortController();

/** Texts that were asked for, and how each ends. */
let asked: { readonly text: string; readonly signal: AbortSignal; answer(value: unknown): void }[];
let time: ReturnType<typeof testClock>;
beforeEach(() => {
  asked = [];
  time = testClock();
});

function embedderOf(model: EmbeddingModel): Embedder {
  return {
    model,
    pricePerMillionTokens: 0.02,
    unrelatedBelow: 0.1,
    embedDocuments: async () => [],
    embedQuery: (text, options) => {
      const { promise, resolve } = Promise.withResolvers<unknown>();
      asked.push({ text, signal: options.signal, answer: resolve });
      return promise.then((value) => {
        if (value instanceof Error) throw value;
        return value as Float32Array;
      });
    },
  };
}

const vectors = (memory = true) => new QueryVectors({ memory, clock: time.clock });
function kept(model = MODEL, shared = vectors(), address = 'http://127.0.0.1:1/v1') {
  return keepQueries(embedderOf(model), shared, address, time.clock);
}

async function answered(embedder: Embedder, text: string, ...numbers: readonly number[]) {
  const count = asked.length;
  const found = embedder.embedQuery(text, { signal });
  for (let n = 0; n < 5; n += 1) await turn();
  asked[count]?.answer(new Float32Array(numbers));
  return await found;
}

test('what was searched for before is not asked for again for seven days', async () => {
  const embedder = kept();
  expect(await answered(embedder, 'drill', 0.6, 0.8)).toEqual(new Float32Array([0.6, 0.8]));
  time.pass(WEEK_MS - 1);
  expect(await embedder.embedQuery(' drill\n', { signal })).toEqual(new Float32Array([0.6, 0.8]));
  expect(asked).toHaveLength(1);
  time.pass(1);
  expect(await answered(embedder, 'drill', 1, 0)).toEqual(new Float32Array([1, 0]));
  expect(asked).toHaveLength(2);
});

test('without a place to keep them each search is asked for', async () => {
  const embedder = kept(MODEL, vectors(false));
  await answered(embedder, 'drill', 1, 0);
  await answered(embedder, 'drill', 1, 0);
  expect(asked).toHaveLength(2);
});

test.each<[string, Partial<EmbeddingModel>, string?]>([
  ['provider', { provider: 'azure' }],
  ['model', { model: 'another' }],
  ['version', { version: '2' }],
  ['number of dimensions', { dimensions: 3 }],
  ['address', {}, 'http://127.0.0.1:2/v1'],
])('another %s has vectors of its own', async (_, difference, address) => {
  const shared = vectors();
  await answered(kept(MODEL, shared), 'drill', 1, 0);
  await answered(kept({ ...MODEL, ...difference }, shared, address), 'drill', 0, 1);
  expect(asked).toHaveLength(2);
});

test('what a caller does to its vector is not seen by others', async () => {
  const embedder = kept();
  (await answered(embedder, 'drill', 1, 0)).fill(7);
  expect(await embedder.embedQuery('drill', { signal })).toEqual(new Float32Array([1, 0]));
});

test('several who search for the same at once share one request', async () => {
  const embedder = kept();
  const all = ['drill', 'drill ', 'drill'].map((text) => embedder.embedQuery(text, { signal }));
  await turn();
  expect(asked.map(({ text }) => text)).toEqual(['drill']);
  asked[0]?.answer(new Float32Array([1, 0]));
  expect(await Promise.all(all)).toEqual(all.map(() => new Float32Array([1, 0])));
});

test('one that leaves takes nobody along; when all have left the request ends', async () => {
  const embedder = kept();
  const callers = [new AbortController(), new AbortController()] as const;
  const [first, second] = callers.map((caller) => embedder.embedQuery('drill', { signal: caller.signal }));
  await turn();
  callers[0].abort();
  await expect(first).rejects.toThrow(CancelledError);
  expect(asked[0]?.signal.aborted).toBe(false);
  callers[1].abort();
  await expect(second).rejects.toThrow(CancelledError);
  expect([asked.length, asked[0]?.signal.aborted]).toEqual([1, true]);
});

test('each waits as long as it may, and no longer', async () => {
  const embedder = kept();
  const patient = embedder.embedQuery('drill', { signal });
  await turn();
  const deadline = time.clock.monotonic() + 5;
  await expect(embedder.embedQuery('drill', { signal, deadline })).rejects.toThrow(TimeoutError);
  asked[0]?.answer(new Float32Array([1, 0]));
  expect(await patient).toEqual(new Float32Array([1, 0]));
  expect(asked).toHaveLength(1);
});

test.each([new UnavailableError('away'), new TimeoutError('slow')])(
  'a failure (%s) is shared by those who wait, not tried by each of them, and not kept',
  async (failure) => {
    const embedder = kept();
    const all = [1, 2, 3].map(() => embedder.embedQuery('drill', { signal }));
    await turn();
    asked[0]?.answer(failure);
    expect(await Promise.allSettled(all)).toEqual(all.map(() => ({ status: 'rejected', reason: failure })));
    expect(asked).toHaveLength(1);
    expect(await answered(embedder, 'drill', 1, 0)).toEqual(new Float32Array([1, 0]));
  },
);

test('memory has an end: the least recently searched for go first', async () => {
  const shared = vectors();
  const long = new Float32Array(1536).fill(1);
  for (let n = 0; n < 4000; n += 1) await shared.keep(`key ${n}`, long);
  expect(await shared.find('key 0', 1536)).toBeUndefined();
  expect(await shared.find('key 3999', 1536)).toEqual(long);
});
