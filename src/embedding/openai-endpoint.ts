import { ConfigurationError } from '../kernel/errors.ts';
import { isLoopback } from '../kernel/loopback.ts';
import type { Ask, Endpoint } from './endpoint.ts';

/** Whether it is OpenAI's own service, whose prices are known and which takes nobody without a key. */
export function isOpenAi(url: string): boolean {
  return new URL(url).host === 'api.openai.com';
}

export interface OpenAiSettings {
  readonly OPENAI_BASE_URL: string;
  readonly OPENAI_API_KEY?: string | undefined;
}

/** OpenAI, or whatever speaks its API. Throws `ConfigurationError` for a key that is missing, or that others could read on its way. */
export function openAiEndpoint({ OPENAI_BASE_URL: url, OPENAI_API_KEY: key }: OpenAiSettings): Endpoint {
  if (key === undefined && isOpenAi(url)) {
    throw new ConfigurationError(
      'OPENAI_API_KEY is missing: EMBEDDING_PROVIDER=openai needs a key of OpenAI, or OPENAI_BASE_URL with the address of a server that needs none.',
    );
  }
  const { protocol, hostname } = new URL(url);
  if (key !== undefined && protocol === 'http:' && !isLoopback(hostname)) {
    throw new ConfigurationError(
      'OPENAI_BASE_URL: the key would cross the network in the open. Use https, or leave OPENAI_API_KEY out where the server needs no key.',
    );
  }
  return {
    settings: { address: 'OPENAI_BASE_URL', key: 'OPENAI_API_KEY' },
    url,
    key,
    connect: () => connect(url, key),
  };
}

/** The package is loaded when somebody asks: most installations never do. */
async function connect(url: string, key: string | undefined): Promise<Ask> {
  const [{ OpenAI }, { askBy, CLIENT_OPTIONS }] = await Promise.all([
    import('openai'),
    import('./openai-package.ts'),
  ]);
  // It wants a key in any case: without one the header is taken out again.
  const keyless = { apiKey: 'none', defaultHeaders: { Authorization: null } };
  return askBy(
    new OpenAI({ ...CLIENT_OPTIONS, baseURL: url, ...(key === undefined ? keyless : { apiKey: key }) }),
  );
}
