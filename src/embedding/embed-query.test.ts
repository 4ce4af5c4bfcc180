/** Closes: a search that waits for a provider that is away, a key or a provider's own words that reach a caller, an answer that is no vector. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type EmbeddingServer,
  type Fault,
  plantedVector,
  startEmbeddingServer,
} from '../../test/harness/embedding-server.ts';
import { MODEL, remoteAt, TEST_KEY } from '../../test/harness/remote-model.ts';
import type { Embedder } from '../kernel/embedding.ts';
import { CancelledError, ConfigurationError, TimeoutError, UnavailableError } from '../kernel/errors.ts';
import { redactText } from '../telemetry/redact.ts';

const { signal } = new AbortController();
let server: EmbeddingServer;
beforeEach(async () => {
  server = await startEmbeddingServer({ key: TEST_KEY });
});
afterEach(() => server.close());

const ask = (embedder: Embedder, text = 'drill') => embedder.embedQuery(text, { signal });
/** What it rejects with. */
async function failure(embedder: Embedder, text?: string): Promise<unknown> {
  return ask(embedder, text).then(
    () => expect.unreachable('it was answered'),
    (error: unknown) => error,
  );
}

test('a text becomes a vector of unit length, asked for once, in numbers, without dimensions', async () => {
  const { embedder } = remoteAt(server.url);
  expect(await ask(embedder, ' cordless\0 drill\n')).toEqual(
    new Float32Array(plantedVector('cordless drill')),
  );
  expect(server.requests).toMatchObject([
    { path: '/v1/embeddings', headers: { authorization: `Bearer ${TEST_KEY}` } },
  ]);
  expect(server.requests[0]?.body).toEqual({
    model: 'test-model',
    input: ['cordless drill'],
    encoding_format: 'float',
  });
});

test('a model that can be shortened is asked for as many numbers as are wanted', async () => {
  const { embedder } = remoteAt(server.url, { isShortened: true });
  await ask(embedder);
  expect(server.requests[0]?.body.dimensions).toBe(4);
});

test('a server that needs no key is sent none, whatever the environment has', async () => {
  const keyless = await startEmbeddingServer();
  process.env.OPENAI_API_KEY = 'of-somebody-else';
  process.env.OPENAI_ORG_ID = 'org-of-somebody-else';
  try {
    await ask(remoteAt(keyless.url, { key: undefined }).embedder);
    const { headers } = keyless.requests[0] ?? {};
    expect([headers?.authorization, headers?.['openai-organization']]).toEqual([undefined, undefined]);
  } finally {
    delete process.env.OPENAI_API_KEY;
    delete process.env.OPENAI_ORG_ID;
    await keyless.close();
  }
});

test('a text without a letter is not sent', async () => {
  const error = await failure(remoteAt(server.url).embedder, ' \0\n');
  expect(error).toMatchObject({ code: 'VALIDATION_ERROR' });
  expect(server.requests).toEqual([]);
});

describe('one try, whatever fails', () => {
  const PART = 'The embedding provider failed';
  test.each<[string, Fault, string]>([
    ['500', { status: 500 }, `${PART} (HTTP 500).`],
    ['408', { status: 408 }, `${PART} (HTTP 408).`],
    ['a reset connection', 'reset', `${PART} (the connection broke).`],
    ['an answer that breaks off', 'break off', `${PART} (its answer broke off).`],
    ['JSON that is none', { body: '{"data": [NaN' }, `${PART} (its answer is no JSON).`],
    [
      'a page',
      { body: '<html>Sign in</html>', type: 'text/html' },
      `${PART} (of its answer, it is no list of vectors).`,
    ],
    ['nothing', { body: '' }, `${PART} (of its answer, it is no list of vectors).`],
    [
      'numbers that are null',
      { spoil: ([item]) => [{ ...item, embedding: [1, null, 0, 0] }] },
      `${PART} (of its answer, "data.0.embedding.1" is not what belongs there).`,
    ],
    ['no vector', { spoil: () => [] }, `${PART} (of its answer, 1 vectors were asked for, 0 came).`],
    [
      'two vectors',
      { spoil: ([item]) => [item, item] },
      `${PART} (of its answer, 1 vectors were asked for, 2 came).`,
    ],
    [
      'a zero vector',
      { spoil: ([item]) => [{ ...item, embedding: [0, 0, 0, 0] }] },
      'The embedding model sees no meaning in this text.',
    ],
    ['a refused text', { status: 400 }, 'The embedding provider does not take this text (HTTP 400).'],
  ])('%s', async (_, fault, message) => {
    server.faults.push(fault);
    const { embedder } = remoteAt(server.url);
    const error = await failure(embedder);
    expect(error).toBeInstanceOf(UnavailableError);
    expect(error).toMatchObject({ message, retryAfterSeconds: undefined });
    expect(server.requests).toHaveLength(1);
    expect(await ask(embedder)).toHaveLength(4);
  });

  test('an answer that is longer than memory is meant for', async () => {
    server.faults.push({ body: `{"data": "${'x'.repeat(33 * 1024 * 1024)}"}` });
    expect(await failure(remoteAt(server.url).embedder)).toMatchObject({
      code: 'UNAVAILABLE',
      message: `${PART} (its answer broke off).`,
    });
  });

  test('nobody listens there', async () => {
    await server.close();
    const { embedder, log } = remoteAt(server.url);
    expect(await failure(embedder)).toMatchObject({ message: `${PART} (it can't be connected to).` });
    expect(log()).toContain('ECONNREFUSED');
    server = await startEmbeddingServer();
  });
});

describe('time', () => {
  test("an answer that does not come within the provider's own time counts as a failure", async () => {
    server.always = 'hang';
    const { embedder } = remoteAt(server.url, { queryTimeoutMs: 20 });
    for (let n = 0; n < 5; n += 1) expect(await failure(embedder)).toBeInstanceOf(TimeoutError);
    expect(await failure(embedder)).toMatchObject({ code: 'UNAVAILABLE', retryAfterSeconds: 60 });
  });

  test('a call whose own deadline is nearer says nothing of the provider', async () => {
    server.always = 'hang';
    const { embedder, clock } = remoteAt(server.url);
    for (let n = 0; n < 6; n += 1) {
      const deadline = clock.monotonic() + 10;
      await expect(embedder.embedQuery('drill', { signal, deadline })).rejects.toThrow(TimeoutError);
    }
  });

  test('a call whose deadline has passed sends nothing', async () => {
    const { embedder, clock } = remoteAt(server.url);
    const deadline = clock.monotonic();
    await expect(embedder.embedQuery('drill', { signal, deadline })).rejects.toThrow(TimeoutError);
    expect(server.requests).toEqual([]);
  });

  test('a caller that leaves is let go at once, and opens nothing', async () => {
    server.always = 'hang';
    const { embedder } = remoteAt(server.url);
    for (let n = 1; n <= 6; n += 1) {
      const leaving = new AbortController();
      const asked = embedder.embedQuery('drill', { signal: leaving.signal });
      await server.received(n);
      leaving.abort();
      await expect(asked).rejects.toThrow(CancelledError);
    }
    expect(server.requests).toHaveLength(6);
  });
});

describe('a provider that fails', () => {
  test('is left alone after five failures in a row, looked at after 60 s, and used again after two successes', async () => {
    server.always = { status: 503 };
    const { embedder, pass, lines } = remoteAt(server.url);
    for (let n = 0; n < 5; n += 1) await failure(embedder);
    expect(await failure(embedder)).toMatchObject({
      code: 'UNAVAILABLE',
      message: 'The embedding provider keeps failing, so nothing was tried. Try again in 60 s.',
    });
    expect(server.requests).toHaveLength(5);
    server.always = undefined;
    pass(59_999);
    await failure(embedder);
    expect(server.requests).toHaveLength(5);
    pass(1);
    await ask(embedder);
    await ask(embedder);
    await Promise.all([ask(embedder), ask(embedder), ask(embedder)]);
    expect(server.requests).toHaveLength(10);
    expect(lines().map(({ message }) => message)).toEqual([
      ...Array.from({ length: 5 }, () => 'embedding_failed'),
      'embedding_circuit_open',
      ...['embedding_circuit_half_open', 'embedding_circuit_closed'],
    ]);
  });

  test('one probe at a time', async () => {
    server.always = { status: 503 };
    const { embedder, pass } = remoteAt(server.url);
    for (let n = 0; n < 5; n += 1) await failure(embedder);
    pass(60_000);
    const { promise, resolve } = Promise.withResolvers<void>();
    server.always = { after: promise };
    const probe = ask(embedder);
    await server.received(6);
    expect(await failure(embedder)).toMatchObject({ retryAfterSeconds: 1 });
    expect(server.requests).toHaveLength(6);
    resolve();
    expect(await probe).toHaveLength(4);
  });
});

describe('a provider that asks to be left alone', () => {
  test.each<[string, Readonly<Record<string, string>>, number]>([
    ['in seconds', { 'retry-after': '30' }, 30_000],
    ['in milliseconds', { 'retry-after-ms': '1500' }, 1500],
    ['without a word', {}, 1000],
  ])('%s: no query goes there meanwhile', async (_, headers, ms) => {
    server.faults.push({ status: 429, headers });
    const { embedder, pass } = remoteAt(server.url);
    const seconds = Math.ceil(ms / 1000);
    const refusal = {
      code: 'UNAVAILABLE',
      message: `The embedding provider takes no more requests for now (HTTP 429). Try again in ${seconds} s.`,
      retryAfterSeconds: seconds,
    };
    expect(await failure(embedder)).toMatchObject(refusal);
    expect(await failure(embedder)).toMatchObject(refusal);
    pass(ms - 1);
    expect(await failure(embedder)).toMatchObject({ retryAfterSeconds: 1 });
    expect(server.requests).toHaveLength(1);
    pass(1);
    await ask(embedder);
    expect(server.requests).toHaveLength(2);
  });

  test('without a word, again and again: twice as long each time, until it answers', async () => {
    const { embedder, pass } = remoteAt(server.url);
    for (const seconds of [1, 2, 4]) {
      server.faults.push({ status: 429 });
      expect(await failure(embedder)).toMatchObject({ retryAfterSeconds: seconds });
      pass(seconds * 1000);
    }
    await ask(embedder);
    server.faults.push({ status: 429 });
    expect(await failure(embedder)).toMatchObject({ retryAfterSeconds: 1 });
  });

  test('it is there: limits open no breaker', async () => {
    const { embedder, pass } = remoteAt(server.url);
    for (let n = 0; n < 9; n += 1) {
      server.faults.push({ status: 429, headers: { 'retry-after': '1' } });
      await failure(embedder);
      pass(1000);
    }
    expect(await ask(embedder)).toHaveLength(4);
  });

  test('with 503 too', async () => {
    server.faults.push({ status: 503, headers: { 'retry-after': '20' } });
    const { embedder } = remoteAt(server.url);
    await failure(embedder);
    expect(await failure(embedder)).toMatchObject({ retryAfterSeconds: 20 });
    expect(server.requests).toHaveLength(1);
  });

  test('a quota that is used up is told to the operator once', async () => {
    server.always = {
      status: 429,
      error: { code: 'insufficient_quota', message: 'You exceeded your quota.' },
    };
    const { embedder, pass, lines } = remoteAt(server.url);
    for (let n = 0; n < 3; n += 1) {
      expect(await failure(embedder)).toMatchObject({
        message:
          'What may be asked of the embedding provider is used up: an operator has to raise it there (HTTP 429). Try again in 60 s.',
      });
      pass(60_000);
    }
    expect(server.requests).toHaveLength(3);
    expect(lines().filter(({ level }) => level === 'error')).toHaveLength(1);
  });
});

describe('what an operator has to mend', () => {
  test.each<[string, Fault, string]>([
    [
      'a key that is not taken',
      { status: 401 },
      'The embedding provider can\'t be used (HTTP 401). It does not take what OPENAI_API_KEY holds, or not for the model "test-model".',
    ],
    [
      'a model that is not there',
      { status: 404 },
      'The embedding provider can\'t be used (HTTP 404). EMBEDDING_MODEL, OPENAI_BASE_URL: there is no model "test-model" at that address, or no embeddings at all.',
    ],
    [
      'an address that has moved',
      { status: 307, headers: { location: 'https://attacker.example/v1/embeddings' } },
      "The embedding provider can't be used (HTTP 307). OPENAI_BASE_URL: what answers there takes no embeddings by this path.",
    ],
    [
      'another number of dimensions',
      { spoil: ([item]) => [{ ...item, embedding: [1, 2, 3] }] },
      'The embedding provider can\'t be used (vectors of 3 numbers came, and 4 were expected). EMBEDDING_DIMENSIONS: set it to 3, which is what "test-model" gives; or EMBEDDING_SHORTENED=on where the model can give fewer.',
    ],
  ])('%s: told once, asked once a minute, used again when it is mended', async (_, fault, message) => {
    server.always = fault;
    const { embedder, pass, lines } = remoteAt(server.url);
    for (let n = 0; n < 3; n += 1) {
      const error = await failure(embedder);
      expect(error).toBeInstanceOf(ConfigurationError);
      expect(error).toMatchObject({ message });
      expect(redactText(message)).toBe(message);
    }
    expect(server.requests).toHaveLength(1);
    pass(60_000);
    await failure(embedder);
    expect(server.requests).toHaveLength(2);
    server.always = undefined;
    pass(60_000);
    await ask(embedder);
    expect(lines().filter(({ level }) => level !== 'debug')).toMatchObject([
      { level: 'error', message: 'embedding_needs_mending', model: MODEL.model, url: server.url },
      { level: 'info', message: 'embedding_mended' },
    ]);
  });
});

test('neither the key nor what the provider says gets into an error, and the key not into the log', async () => {
  server.always = { status: 401, error: { message: `Who is ${TEST_KEY}?` } };
  const { embedder, log } = remoteAt(server.url);
  const error = await failure(embedder);
  expect(`${error} ${JSON.stringify(error)}`).not.toContain('Who is');
  expect(log()).toContain('Who is ***?');
  expect(`${error} ${JSON.stringify(error)} ${log()}`).not.toContain(TEST_KEY);
});
