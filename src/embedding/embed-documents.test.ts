/** Closes: a text that is lost or given another's vector, a provider that is hammered while it asks to be left alone, one text that keeps all others out. */
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type EmbeddingServer,
  type Fault,
  plantedVector,
  startEmbeddingServer,
} from '../../test/harness/embedding-server.ts';
import { remoteAt, TEST_KEY } from '../../test/harness/remote-model.ts';
import type { Embedder } from '../kernel/embedding.ts';
import { CancelledError, ConfigurationError, TimeoutError, UnavailableError } from '../kernel/errors.ts';

const { signal } = new AbortController();
let server: EmbeddingServer;
beforeEach(async () => {
  server = await startEmbeddingServer({
    refuses: (text) => text.includes('refuse'),
    key: TEST_KEY,
  });
});
afterEach(() => server.close());

const named = (count: number, name = 'text') => Array.from({ length: count }, (_, n) => `${name} ${n}`);
const planted = (texts: readonly string[]) => texts.map((text) => new Float32Array(plantedVector(text)));
const embed = (embedder: Embedder, texts: readonly string[]) => embedder.embedDocuments(texts, { signal });
async function failure(embedder: Embedder, texts: readonly string[]): Promise<unknown> {
  return embed(embedder, texts).then(
    () => expect.unreachable('it was answered'),
    (error: unknown) => error,
  );
}
const REFUSED = {
  refused: 'The embedding provider does not take this text (HTTP 400): it may be too long for the model.',
};

test('a hundred texts are one request, and vectors come in their order, in whatever order they are sent', async () => {
  const texts = named(100);
  server.faults.push({ spoil: (items) => items.toReversed() });
  const { embedder } = remoteAt(server.url);
  expect(await embed(embedder, texts)).toEqual(planted(texts));
  expect(server.requests).toHaveLength(1);
});

test('more than a hundred are refused, and none are no request', async () => {
  const { embedder } = remoteAt(server.url);
  expect(await failure(embedder, named(101))).toMatchObject({
    code: 'VALIDATION_ERROR',
    message: '101 texts are too many at once: 100 at most.',
  });
  expect(await embed(embedder, [])).toEqual([]);
  expect(server.requests).toEqual([]);
});

test('an empty text is not sent, and has its place among the others', async () => {
  const { embedder } = remoteAt(server.url);
  const [one, three] = planted(['one', 'three']);
  expect(await embed(embedder, ['one', ' \0', 'three', ''])).toEqual([
    ...[one, { refused: 'The text is empty.' }],
    ...[three, { refused: 'The text is empty.' }],
  ]);
  expect(server.requests[0]?.texts).toEqual(['one', 'three']);
});

test('a text that means nothing to the model is refused, and takes no other along', async () => {
  server.faults.push({
    spoil: ([one, two]) => [one, { ...two, embedding: [0, 0, 0, 0] }],
  });
  const [one] = planted(['one']);
  expect(await embed(remoteAt(server.url).embedder, ['one', 'two'])).toEqual([
    one,
    { refused: 'The model sees no meaning in this text.' },
  ]);
});

describe('a text that is refused', () => {
  test('is found among a hundred in 15 requests; the others get their vectors, each once', async () => {
    const texts = named(100).with(63, 'refuse me');
    const { embedder } = remoteAt(server.url);
    const outcomes = await embed(embedder, texts);
    expect(outcomes[63]).toEqual(REFUSED);
    expect(outcomes.toSpliced(63, 1)).toEqual(planted(texts.toSpliced(63, 1)));
    expect(server.embedded.toSorted()).toEqual(texts.toSpliced(63, 1).toSorted());
    expect(server.requests).toHaveLength(15);
  });

  test('any of them, anywhere: nothing is lost and nothing is done twice', async () => {
    const texts = fc.uniqueArray(fc.record({ id: fc.nat(), refused: fc.boolean() }), {
      minLength: 1,
      maxLength: 20,
      selector: ({ id }) => id,
    });
    await fc.assert(
      fc.asyncProperty(texts, async (items) => {
        const sent = items.map(({ id, refused }) => `${refused ? 'refuse' : 'take'} ${id}`);
        const before = server.embedded.length;
        const outcomes = await embed(remoteAt(server.url).embedder, sent);
        expect(outcomes).toEqual(
          sent.map((text) => (text.startsWith('refuse') ? REFUSED : new Float32Array(plantedVector(text)))),
        );
        const taken = sent.filter((text) => text.startsWith('take'));
        const embedded = server.embedded.slice(before).filter((text) => text !== 'product');
        expect(embedded.toSorted()).toEqual(taken.toSorted());
      }),
      { numRuns: 25 },
    );
  });

  test('alone, is refused when the model takes others', async () => {
    expect(await embed(remoteAt(server.url).embedder, ['refuse me'])).toEqual([REFUSED]);
    expect(server.requests.map(({ texts }) => texts)).toEqual([['refuse me'], ['product']]);
  });

  test('is none when the model takes no text at all: settings are refused, and no text is given up', async () => {
    const strict = await startEmbeddingServer({ refuses: (_, { body }) => 'dimensions' in body });
    const { embedder } = remoteAt(strict.url, { isShortened: true });
    const error = await failure(embedder, named(100));
    expect(error).toBeInstanceOf(ConfigurationError);
    expect(error).toMatchObject({
      message:
        "The embedding provider takes no text at all (HTTP 400). EMBEDDING_MODEL: it must be a model for embeddings. EMBEDDING_SHORTENED: turn it off where the model can't be asked for a number of dimensions.",
    });
    expect(strict.requests.at(-1)?.texts).toEqual(['product']);
    await strict.close();
  });

  test('together with others, because they are too many: smaller parts pass', async () => {
    const small = await startEmbeddingServer({ mostTexts: 30 });
    const texts = named(100);
    expect(await embed(remoteAt(small.url).embedder, texts)).toEqual(planted(texts));
    expect(small.requests.map((request) => request.texts.length)).toEqual([100, 50, 25, 25, 50, 25, 25]);
    await small.close();
  });
});

describe('what may pass is tried again', () => {
  test.each<[string, Fault]>([
    ['408', { status: 408 }],
    ['409', { status: 409 }],
    ['500', { status: 500 }],
    ['503', { status: 503 }],
    ['a reset connection', 'reset'],
    ['an answer that breaks off', 'break off'],
    ['JSON that is none', { body: '{"data": [NaN' }],
    ['a page', { body: '<html>', type: 'text/html' }],
    ['too few vectors', { spoil: (items) => items.slice(1) }],
    ['too many vectors', { spoil: (items) => [...items, ...items] }],
    ['the same vector twice', { spoil: ([one]) => [one, one] }],
    ['only zeros', { spoil: (items) => items.map((item) => ({ ...item, embedding: [0, 0, 0, 0] })) }],
  ])('%s', async (_, fault) => {
    server.faults.push(fault);
    const { embedder, waits } = remoteAt(server.url);
    expect(await embed(embedder, ['one', 'two'])).toEqual(planted(['one', 'two']));
    expect(server.embedded).toEqual(['one', 'two']);
    expect(waits).toHaveLength(1);
  });

  test('six times at most within a breaker of five, with pauses that grow and end in a clear error', async () => {
    server.always = { status: 500 };
    const { embedder, waits } = remoteAt(server.url);
    const error = await failure(embedder, ['one']);
    expect(error).toBeInstanceOf(UnavailableError);
    expect(error).toMatchObject({
      message: 'The embedding provider failed (HTTP 500).',
    });
    expect(server.requests).toHaveLength(6);
    const [first = 0, second = 0, third = 0, fourth = 0, fifth = 0, open] = waits;
    for (const [wait, full] of [
      [first, 500],
      [second, 1000],
      [third, 2000],
      [fourth, 4000],
      [fifth, 8000],
    ] as const) {
      expect(wait).toBeGreaterThanOrEqual(full / 2);
      expect(wait).toBeLessThanOrEqual(full);
    }
    expect(open).toBe(Math.ceil((60_000 - fifth) / 1000) * 1000);
    expect(waits).toHaveLength(6);
  });

  test('a request that is not answered in its time', async () => {
    server.always = 'hang';
    const asked = embed(remoteAt(server.url, { requestTimeoutMs: 500 }).embedder, ['one']);
    await server.received(1);
    server.always = undefined;
    expect(await asked).toEqual(planted(['one']));
    expect(server.embedded).toEqual(['one']);
  });

  test('not past the deadline', async () => {
    server.always = { status: 500 };
    const { embedder, clock } = remoteAt(server.url);
    const deadline = clock.monotonic() + 200;
    await expect(embedder.embedDocuments(['one'], { signal, deadline })).rejects.toThrow(TimeoutError);
    expect(server.requests).toHaveLength(1);
  });

  test('not after the caller has left, neither while it waits nor while it is answered', async () => {
    server.faults.push({ status: 500 }, 'hang');
    const leaving = new AbortController();
    const { promise, resolve } = Promise.withResolvers<void>();
    const { embedder, waits } = remoteAt(server.url, { resume: promise });
    const waiting = embedder.embedDocuments(['one'], { signal: leaving.signal });
    await expect.poll(() => waits).toHaveLength(1);
    leaving.abort();
    resolve();
    await expect(waiting).rejects.toThrow(CancelledError);
    const next = new AbortController();
    const asked = embedder.embedDocuments(['two'], { signal: next.signal });
    await server.received(2);
    next.abort();
    await expect(asked).rejects.toThrow(CancelledError);
    expect(server.requests).toHaveLength(2);
  });
});

describe('a provider that asks to be left alone', () => {
  test('is, for as long as it says, and gets every text once', async () => {
    server.faults.push({ status: 429, headers: { 'retry-after': '30' } });
    const { embedder, waits, clock } = remoteAt(server.url);
    const before = clock.monotonic();
    expect(await embed(embedder, ['one'])).toEqual(planted(['one']));
    expect(clock.monotonic() - before).toBeGreaterThanOrEqual(30_000);
    expect(clock.monotonic() - before).toBeLessThanOrEqual(31_000);
    expect(waits).toHaveLength(1);
    expect(server.embedded).toEqual(['one']);
  });

  test('by all batches at once: of ten, none is sent until it is over', async () => {
    server.always = { status: 429, headers: { 'retry-after': '30' } };
    const { promise, resolve } = Promise.withResolvers<void>();
    const { embedder, waits } = remoteAt(server.url, { resume: promise });
    const first = embed(embedder, ['first']);
    await expect.poll(() => waits).toHaveLength(1);
    server.always = undefined;
    const batches = named(9).map((text) => embed(embedder, [text]));
    await expect.poll(() => waits).toHaveLength(10);
    expect(server.requests).toHaveLength(1);
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(30_000);
    await expect(embedder.embedQuery('drill', { signal })).rejects.toThrow('Try again in 30 s.');
    resolve();
    expect(await Promise.all([first, ...batches])).toEqual(
      ['first', ...named(9)].map((text) => planted([text])),
    );
    expect(server.embedded.toSorted()).toEqual(['first', ...named(9)].toSorted());
  });

  test('that says it may be asked at once is not asked without a pause', async () => {
    for (let n = 0; n < 20; n += 1) server.faults.push({ status: 429, headers: { 'retry-after': '0' } });
    const { embedder, waits } = remoteAt(server.url);
    expect(await embed(embedder, ['one'])).toEqual(planted(['one']));
    expect(waits).toHaveLength(20);
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(250);
  });

  test('for longer than there is patience for: it is given up at once, and says when', async () => {
    server.always = { status: 429, headers: { 'retry-after': '3000' } };
    const { embedder, waits } = remoteAt(server.url);
    expect(await failure(embedder, ['one'])).toMatchObject({
      code: 'UNAVAILABLE',
      retryAfterSeconds: 3000,
    });
    expect(waits).toEqual([]);
    expect(server.requests).toHaveLength(1);
  });

  test('ever again: patience ends after ten minutes in all', async () => {
    server.always = { status: 429, headers: { 'retry-after': '100' } };
    const { embedder, waits } = remoteAt(server.url);
    expect(await failure(embedder, ['one'])).toMatchObject({ code: 'UNAVAILABLE' });
    expect(waits).toHaveLength(5);
    expect(server.requests).toHaveLength(6);
  });
});

describe('what does not pass is not tried again', () => {
  test.each<[string, Fault, string]>([
    ['a wrong key', { status: 401 }, 'OPENAI_API_KEY'],
    ['a wrong model', { status: 404 }, 'EMBEDDING_MODEL'],
    [
      'a wrong number of dimensions',
      { spoil: (items) => items.map((item) => ({ ...item, embedding: [1, 2] })) },
      'EMBEDDING_DIMENSIONS: set it to 2',
    ],
  ])('%s', async (_, fault, name) => {
    server.always = fault;
    const { embedder } = remoteAt(server.url);
    const error = await failure(embedder, ['one', 'two']);
    expect(error).toBeInstanceOf(ConfigurationError);
    expect(String(error)).toContain(name);
    expect(await failure(embedder, ['three'])).toBeInstanceOf(ConfigurationError);
    expect(server.requests).toHaveLength(1);
  });

  test('a quota that is used up', async () => {
    server.always = { status: 429, error: { code: 'insufficient_quota' } };
    const { embedder, waits } = remoteAt(server.url);
    expect(await failure(embedder, ['one'])).toMatchObject({ code: 'UNAVAILABLE', retryAfterSeconds: 60 });
    expect(waits).toEqual([]);
    expect(server.requests).toHaveLength(1);
  });
});

test.each<[string, readonly Fault[]]>([
  [
    'limits and failures',
    [
      ...[{ status: 429, headers: { 'retry-after': '2' } }, { status: 500 }, 'reset' as const],
      ...[{ status: 429 }, { status: 503, headers: { 'retry-after': '1' } }, { body: '{' }],
    ],
  ],
  [
    'answers that are none',
    [
      ...[{ spoil: () => [] }, 'break off' as const, { body: '<html>', type: 'text/html' }],
      { spoil: (items) => items.map((item) => ({ ...item, embedding: [null, 0, 0, 1] })) },
    ],
  ],
])('ten batches at once through %s: nothing is lost, nothing is doubled', async (_, faults) => {
  server.faults.push(...faults);
  const { embedder } = remoteAt(server.url);
  const batches = named(10, 'batch').map((name, n) =>
    named(20, name).with(7, n % 3 === 0 ? `refuse ${n}` : `take ${n}`),
  );
  const outcomes = await Promise.all(batches.map((texts) => embed(embedder, texts)));
  const texts = batches.flat();
  expect(outcomes.flat()).toEqual(
    texts.map((text) => (text.startsWith('refuse') ? REFUSED : new Float32Array(plantedVector(text)))),
  );
  const taken = texts.filter((text) => !text.startsWith('refuse'));
  expect(server.embedded.toSorted()).toEqual(taken.toSorted());
  expect(server.faults).toEqual([]);
});
