import type { Config } from '../config.ts';
import { azureEndpoint } from '../embedding/azure-endpoint.ts';
import { keepQueries } from '../embedding/kept-queries.ts';
import { KNOWN_MODELS } from '../embedding/known-models.ts';
import { createLocalEmbedder } from '../embedding/local-embedder.ts';
import { isVersionAt, versionAt } from '../embedding/model-version.ts';
import { isOpenAi, openAiEndpoint } from '../embedding/openai-endpoint.ts';
import { Provider } from '../embedding/provider.ts';
import { QueryVectors } from '../embedding/query-vectors.ts';
import { createRemoteEmbedder } from '../embedding/remote-embedder.ts';
import { RemoteModel } from '../embedding/remote-model.ts';
import {
  type Embedder,
  type Embedders,
  type EmbeddingModel,
  isSameModel,
  NO_EMBEDDERS,
} from '../kernel/embedding.ts';
import { ConfigurationError } from '../kernel/errors.ts';
import type { Logger } from '../kernel/logger.ts';
import { isLoopback } from '../kernel/loopback.ts';
import type { SecretKeys } from '../kernel/secret-keys.ts';
import { RedisLink } from '../resilience/redis-link.ts';
import type { Disposal } from './disposal.ts';

type RemoteProvider = 'openai' | 'azure';

/**
 * What the settings embed with: the target, and besides it whatever old vectors may still have been made with. Throws
 * `ConfigurationError` that names the setting when the target can't be used.
 */
export async function openEmbedders(
  config: Config,
  secretKeys: SecretKeys,
  logger: Logger,
  disposal: Disposal,
): Promise<Embedders> {
  const { EMBEDDING_PROVIDER: chosen } = config;
  if (chosen === 'none') return NO_EMBEDDERS;
  const local = createLocalEmbedder();
  const providers = {
    openai: openProvider('openai', config, logger),
    azure: openProvider('azure', config, logger),
  };
  const remote = chosen === 'local' ? undefined : providers[chosen];
  if (remote !== undefined) {
    await remote.connect();
    warnOfPlainHttp(config, logger);
  }
  const vectors = await openQueryVectors(config, providers, secretKeys, logger, disposal);
  const made = new Map<string, Embedder>();
  const of = (model: EmbeddingModel): Embedder | undefined => {
    if (model.provider === 'local') return isSameModel(model, local.model) ? local : undefined;
    const provider = providers[model.provider];
    if (provider === undefined || !isReached(model, provider, config)) return undefined;
    const key = JSON.stringify([model.provider, model.model, model.version, model.dimensions]);
    const embedder = made.get(key) ?? remoteEmbedder(model, provider, vectors, config);
    made.set(key, embedder);
    return embedder;
  };
  const target = chosen === 'local' ? local : remote && of(modelOfSettings(config, chosen, remote));
  return { target, of };
}

function modelOfSettings(config: Config, name: RemoteProvider, { endpoint }: Provider): EmbeddingModel {
  const version = versionAt(config.EMBEDDING_MODEL_VERSION, endpoint.url);
  return {
    provider: name,
    model: config.EMBEDDING_MODEL,
    version,
    dimensions: config.EMBEDDING_DIMENSIONS,
  };
}

/** Undefined where nothing says how to reach it. Only the chosen one must be right: the settings of another may be there for other programs. */
function openProvider(name: RemoteProvider, config: Config, logger: Logger): Provider | undefined {
  const isChosen = config.EMBEDDING_PROVIDER === name;
  if (!isChosen && !isConfigured[name](config)) return undefined;
  try {
    const endpoint = name === 'openai' ? openAiEndpoint(config) : azureEndpoint(config);
    return new Provider({ endpoint, logger });
  } catch (error) {
    if (isChosen || !(error instanceof ConfigurationError)) throw error;
    logger.warn('embedding_provider_unusable', { provider: name, mend: error.message });
    return undefined;
  }
}

const isConfigured: Readonly<Record<RemoteProvider, (config: Config) => boolean>> = {
  openai: ({ OPENAI_API_KEY, OPENAI_BASE_URL }) => OPENAI_API_KEY !== undefined || !isOpenAi(OPENAI_BASE_URL),
  azure: ({ AZURE_OPENAI_ENDPOINT }) => AZURE_OPENAI_ENDPOINT !== undefined,
};

/** It is behind the address of now, and its name does not stand for another one there by now, as the versions say. */
function isReached({ provider, model, version }: EmbeddingModel, { endpoint }: Provider, config: Config) {
  const isTheNameSet = provider === config.EMBEDDING_PROVIDER && model === config.EMBEDDING_MODEL;
  return isTheNameSet
    ? version === versionAt(config.EMBEDDING_MODEL_VERSION, endpoint.url)
    : isVersionAt(version, endpoint.url);
}

function remoteEmbedder(
  model: EmbeddingModel,
  provider: Provider,
  vectors: QueryVectors,
  config: Config,
): Embedder {
  const known = KNOWN_MODELS.get(model.model);
  const isShortened =
    known === undefined ? config.EMBEDDING_SHORTENED : known.dimensions !== model.dimensions;
  const embedder = createRemoteEmbedder({
    remote: new RemoteModel(model, provider, isShortened),
    pricePerMillionTokens: priceOf(model, provider),
    queryTimeoutMs: config.EMBEDDING_TIMEOUT_SECONDS * 1000,
  });
  return keepQueries(embedder, vectors, provider.endpoint.url);
}

/** What needs no key costs nothing; what another server asks for is not known. */
function priceOf({ model, provider }: EmbeddingModel, { endpoint }: Provider): number | undefined {
  if (provider === 'openai' && endpoint.key === undefined) return 0;
  const isListed = provider === 'azure' || isOpenAi(endpoint.url);
  return isListed ? KNOWN_MODELS.get(model)?.pricePerMillionTokens : undefined;
}

/** Without a key it is allowed, as between containers of one machine; product texts and searches can be read on the way. */
function warnOfPlainHttp({ EMBEDDING_PROVIDER, OPENAI_BASE_URL: url }: Config, logger: Logger): void {
  const { protocol, hostname } = new URL(url);
  if (EMBEDDING_PROVIDER !== 'openai' || protocol === 'https:' || isLoopback(hostname)) return;
  logger.warn('embedding_in_clear_text', {
    url,
    mend: 'OPENAI_BASE_URL: use https where others share the network',
  });
}

async function openQueryVectors(
  { CACHE_LEVEL: level, REDIS_URL: url }: Config,
  providers: Readonly<Record<RemoteProvider, Provider | undefined>>,
  keys: SecretKeys,
  logger: Logger,
  disposal: Disposal,
): Promise<QueryVectors> {
  const memory = level === 'memory' || level === 'both';
  const isUsed = providers.openai !== undefined || providers.azure !== undefined;
  if (!isUsed || url === undefined || (level !== 'redis' && level !== 'both'))
    return new QueryVectors({ memory });
  const link = await RedisLink.open({ url, logger, consequence: 'servers share no vectors of searches' });
  disposal.add('redis of the vectors of searches', () => link.close());
  return new QueryVectors({ memory, redis: { link, keys } });
}
