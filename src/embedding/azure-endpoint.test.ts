/** Azure OpenAI as its client library speaks to it. What the service does beyond that (networks, roles) is not tested here. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  type EmbeddingServer,
  plantedVector,
  startEmbeddingServer,
} from '../../test/harness/embedding-server.ts';
import { ConfigurationError } from '../kernel/errors.ts';
import { createLogger } from '../telemetry/logger.ts';
import { redactText } from '../telemetry/redact.ts';
import { azureEndpoint, type TokenOf } from './azure-endpoint.ts';
import { Provider } from './provider.ts';
import { createRemoteEmbedder } from './remote-embedder.ts';
import { RemoteModel } from './remote-model.ts';

const { signal } = new AbortController();
const MODEL = { provider: 'azure', model: 'our deployment', version: '1', dimensions: 4 } as const;
const AZURE_OPENAI_API_VERSION = '2024-10-21';
let server: EmbeddingServer;
beforeEach(async () => {
  server = await startEmbeddingServer();
});
afterEach(() => server.close());

function embedder(key: string | undefined, signIn?: () => Promise<TokenOf>) {
  const settings = {
    AZURE_OPENAI_ENDPOINT: `${server.origin}/`,
    AZURE_OPENAI_API_KEY: key,
    AZURE_OPENAI_API_VERSION,
  };
  const endpoint = azureEndpoint(settings, signIn);
  const provider = new Provider({ endpoint, logger: createLogger({ level: 'silent' }) });
  const remote = new RemoteModel(MODEL, provider, false);
  return createRemoteEmbedder({ remote, pricePerMillionTokens: undefined, queryTimeoutMs: 60_000 });
}

test('the deployment is in the path and the key in a header, whatever the environment has', async () => {
  process.env.OPENAI_BASE_URL = 'http://127.0.0.1:1/v1';
  process.env.OPENAI_API_VERSION = '1999-01-01';
  try {
    const vector = await embedder('azure-key').embedQuery('drill', { signal });
    expect(vector).toEqual(new Float32Array(plantedVector('drill')));
  } finally {
    delete process.env.OPENAI_BASE_URL;
    delete process.env.OPENAI_API_VERSION;
  }
  expect(server.requests).toMatchObject([
    {
      path: '/openai/deployments/our%20deployment/embeddings?api-version=2024-10-21',
      headers: { 'api-key': 'azure-key' },
      texts: ['drill'],
    },
  ]);
  expect(server.requests[0]?.headers.authorization).toBeUndefined();
});

test('without a key this machine signs in, and each request has a token that is fresh', async () => {
  process.env.AZURE_OPENAI_API_KEY = 'of-somebody-else';
  let tokens = 0;
  const signIn = async () => async () => {
    tokens += 1;
    return `token ${tokens}`;
  };
  try {
    const signedIn = embedder(undefined, signIn);
    await signedIn.embedQuery('drill', { signal });
    await signedIn.embedQuery('saw', { signal });
  } finally {
    delete process.env.AZURE_OPENAI_API_KEY;
  }
  expect(server.requests.map(({ headers }) => [headers.authorization, headers['api-key']])).toEqual([
    ['Bearer token 1', undefined],
    ['Bearer token 2', undefined],
  ]);
});

test('a machine that can not sign in is told what to set', async () => {
  const signIn = async () => () => Promise.reject(new RangeError('no identity here'));
  const asked = embedder(undefined, signIn).embedQuery('drill', { signal });
  await expect(asked).rejects.toThrow(ConfigurationError);
  await expect(asked).rejects.toThrow(
    'The embedding provider can\'t be used (nobody is signed in). AZURE_OPENAI_API_KEY is missing, and this machine can not sign in to Azure. Set it, or give the machine an identity with the role "Cognitive Services OpenAI User".',
  );
  expect(server.requests).toEqual([]);
});

test('without an address nothing begins', () => {
  expect(() => azureEndpoint({ AZURE_OPENAI_API_VERSION })).toThrow(
    new ConfigurationError(
      'AZURE_OPENAI_ENDPOINT is missing: EMBEDDING_PROVIDER=azure needs the address of a resource, like https://name.openai.azure.com.',
    ),
  );
});

test('a wrong key names the setting of Azure, and no word of that is masked', async () => {
  server.always = { status: 401 };
  const asked = embedder('azure-key').embedQuery('drill', { signal });
  const error = await asked.catch((reason: Error) => reason);
  expect(redactText(`${error}`)).toContain('It does not take what AZURE_OPENAI_API_KEY holds, or not for');
});
