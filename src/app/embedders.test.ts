/** Closes: a server that starts and can't search, a key sent in the open, words of searches sent to a provider that nobody chose. */
import { expect, onTestFinished, test } from 'vitest';
import { plantedVector, startEmbeddingServer } from '../../test/harness/embedding-server.ts';
import { redisUrls } from '../../test/harness/redis.ts';
import { TEST_SECRET_KEYS } from '../../test/harness/secret-keys.ts';
import { parseSettings } from '../config.ts';
import type { EmbeddingModel } from '../kernel/embedding.ts';
import { ConfigurationError } from '../kernel/errors.ts';
import { createLogger } from '../telemetry/logger.ts';
import { Disposal } from './disposal.ts';
import { openEmbedders } from './embedders.ts';

const { signal } = new AbortController();
const SMALL: EmbeddingModel = {
  ...{ provider: 'openai', model: 'text-embedding-3-small' },
  ...{ version: '1 at api.openai.com', dimensions: 1536 },
};
const OWN = { EMBEDDING_PROVIDER: 'openai', EMBEDDING_MODEL: 'nomic-embed-text', EMBEDDING_DIMENSIONS: '4' };
const AZURE = { EMBEDDING_PROVIDER: 'azure', AZURE_OPENAI_API_KEY: 'key' };

async function opened(values: Readonly<Record<string, string>>) {
  let log = '';
  const destination = {
    write: (line: string) => {
      log += line;
    },
  };
  const logger = createLogger({ level: 'info', destination });
  const disposal = new Disposal(logger);
  onTestFinished(() => disposal.dispose());
  const config = parseSettings({ values, problems: [], decided: new Set() });
  return { ...(await openEmbedders(config, TEST_SECRET_KEYS, logger, disposal)), log: () => log };
}

async function server() {
  const embeddings = await startEmbeddingServer();
  onTestFinished(() => embeddings.close());
  return embeddings;
}

test('nothing set: what is built in, and no other', async () => {
  const { target, of } = await opened({});
  expect(target?.model.provider).toBe('local');
  expect(target && of(target.model)).toBe(target);
  expect(of(SMALL)).toBeUndefined();
  expect(of({ ...SMALL, provider: 'azure' })).toBeUndefined();
  expect(target && of({ ...target.model, version: 'another' })).toBeUndefined();
});

test('none: no vectors, and no search leaves this machine, whatever keys are there', async () => {
  const { target, of } = await opened({ EMBEDDING_PROVIDER: 'none', OPENAI_API_KEY: 'key' });
  expect(target).toBeUndefined();
  expect(of(SMALL)).toBeUndefined();
});

test('OpenAI: the model of the settings, with its price', async () => {
  const { target, of } = await opened({ EMBEDDING_PROVIDER: 'openai', OPENAI_API_KEY: 'key' });
  expect(target).toMatchObject({ model: SMALL, pricePerMillionTokens: 0.02 });
  expect(of(SMALL)).toBe(target);
});

test('Azure: the deployment of the settings', async () => {
  const { target } = await opened({
    ...{ EMBEDDING_PROVIDER: 'azure', AZURE_OPENAI_ENDPOINT: 'https://shop.openai.azure.com' },
    ...{ AZURE_OPENAI_API_KEY: 'key', EMBEDDING_MODEL: 'our-deployment' },
  });
  expect(target).toMatchObject({
    model: {
      ...SMALL,
      provider: 'azure',
      model: 'our-deployment',
      version: '1 at shop.openai.azure.com',
    },
    pricePerMillionTokens: undefined,
  });
});

test.each([
  [{ EMBEDDING_PROVIDER: 'openai' }, 'OPENAI_API_KEY is missing'],
  [{ EMBEDDING_PROVIDER: 'azure', AZURE_OPENAI_API_KEY: 'key' }, 'AZURE_OPENAI_ENDPOINT is missing'],
  [
    { ...OWN, OPENAI_BASE_URL: 'http://gpu.example/v1', OPENAI_API_KEY: 'key' },
    'OPENAI_BASE_URL: the key would cross the network in the open',
  ],
])('%j does not start, and the error names the setting', async (values, message) => {
  await expect(opened(values)).rejects.toThrow(ConfigurationError);
  await expect(opened(values)).rejects.toThrow(message);
});

test('a server of one’s own needs no key and costs nothing, also in the clear, of which the log tells', async () => {
  const { target, log } = await opened({ ...OWN, OPENAI_BASE_URL: 'http://ollama:11434/v1' });
  expect(target?.pricePerMillionTokens).toBe(0);
  expect(log()).toContain('embedding_in_clear_text');
  const local = await opened({ ...OWN, OPENAI_BASE_URL: 'http://127.0.0.1:11434/v1' });
  expect(local.log()).toBe('');
});

test('a server of another’s has prices that nobody here knows', async () => {
  const { target } = await opened({
    ...{ EMBEDDING_PROVIDER: 'openai', OPENAI_BASE_URL: 'https://proxy.example/v1', OPENAI_API_KEY: 'key' },
  });
  expect(target?.pricePerMillionTokens).toBeUndefined();
});

test('settings of a provider that is not chosen may be wrong, and then it serves nothing', async () => {
  const wrong = { OPENAI_BASE_URL: 'http://gpu.example/v1', OPENAI_API_KEY: 'key-in-the-open' };
  const { target, of, log } = await opened(wrong);
  expect(target?.model.provider).toBe('local');
  expect(of(SMALL)).toBeUndefined();
  expect(log()).toContain('embedding_provider_unusable');
  expect(log()).not.toContain('key-in-the-open');
});

test('old vectors serve until new ones are made: their model is asked with the same credentials', async () => {
  const embeddings = await server();
  const { target, of } = await opened({ ...OWN, OPENAI_BASE_URL: embeddings.url });
  const old = {
    ...SMALL,
    model: 'old-model',
    version: `7 at ${new URL(embeddings.url).host}`,
    dimensions: 4,
  };
  const vector = await of(old)?.embedQuery('drill', { signal });
  expect(vector).toEqual(new Float32Array(plantedVector('drill')));
  await target?.embedQuery('drill', { signal });
  expect(embeddings.requests.map(({ body }) => body.model)).toEqual(['old-model', 'nomic-embed-text']);
  expect(of(old)).toBe(of({ ...old }));
});

test('vectors of another version of the same name can not be compared with anything', async () => {
  const { of } = await opened({
    ...OWN,
    EMBEDDING_MODEL_VERSION: '2',
    OPENAI_BASE_URL: 'http://127.0.0.1:1/v1',
  });
  const model = { provider: 'openai', model: 'nomic-embed-text', dimensions: 4 } as const;
  expect(of({ ...model, version: '2 at 127.0.0.1:1' })).toBeDefined();
  expect(of({ ...model, version: '1 at 127.0.0.1:1' })).toBeUndefined();
});

test.each([
  [
    { ...OWN, OPENAI_BASE_URL: 'http://127.0.0.1:1/v1' },
    { ...OWN, OPENAI_BASE_URL: 'http://127.0.0.1:2/v1' },
  ],
  [
    { ...AZURE, AZURE_OPENAI_ENDPOINT: 'https://shop.openai.azure.com' },
    { ...AZURE, AZURE_OPENAI_ENDPOINT: 'https://other.openai.azure.com' },
  ],
])(
  'after a move its vectors are of another model, and no stranger is asked for those of before',
  async (...settings) => {
    const [before, after] = [await opened(settings[0]), await opened(settings[1])];
    const { model } = before.target ?? expect.fail('no target');
    expect(before.of(model)).toBe(before.target);
    expect(after.of(model)).toBeUndefined();
    expect(after.of({ ...model, model: 'another' })).toBeUndefined();
    expect(after.target?.model).not.toEqual(model);
  },
);

test.each<[string, number, Readonly<Record<string, string>>, number | undefined]>([
  ['text-embedding-3-large', 4, {}, 4],
  ['text-embedding-3-small', 1536, { EMBEDDING_SHORTENED: 'on' }, undefined],
  ['nomic-embed-text', 4, {}, undefined],
  ['nomic-embed-text', 4, { EMBEDDING_SHORTENED: 'on' }, 4],
])('%s of %d numbers with %j: asked for %s', async (model, dimensions, settings, asked) => {
  const embeddings = await startEmbeddingServer({ embed: (text) => plantedVector(text, dimensions) });
  onTestFinished(() => embeddings.close());
  const { of } = await opened({ ...OWN, ...settings, OPENAI_BASE_URL: embeddings.url });
  const version = `1 at ${new URL(embeddings.url).host}`;
  await of({ ...SMALL, model, version, dimensions })?.embedQuery('drill', { signal });
  expect(embeddings.requests[0]?.body.dimensions).toBe(asked);
});

test.each([
  ['off', 2],
  ['memory', 1],
])('CACHE_LEVEL=%s: the same search is asked for %d times', async (level, times) => {
  const embeddings = await server();
  const { target } = await opened({ ...OWN, OPENAI_BASE_URL: embeddings.url, CACHE_LEVEL: level });
  await target?.embedQuery('drill', { signal });
  await target?.embedQuery('drill', { signal });
  expect(embeddings.requests).toHaveLength(times);
});

test.each(redisUrls)('two servers with one Redis ask once', async (url) => {
  const embeddings = await server();
  const settings = { ...OWN, OPENAI_BASE_URL: embeddings.url, REDIS_URL: url, CACHE_LEVEL: 'redis' };
  const [one, other] = [await opened(settings), await opened(settings)];
  const first = await one.target?.embedQuery('drill', { signal });
  expect(await other.target?.embedQuery('drill', { signal })).toEqual(first);
  expect(embeddings.requests).toHaveLength(1);
});
