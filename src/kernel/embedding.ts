/** Numbers in a stored vector. One of a model with fewer ends in zeros, which changes no cosine. */
export const EMBEDDING_WIDTH = 1536;

export const EMBEDDING_PROVIDERS = ['local', 'openai', 'azure'] as const;
type EmbeddingProvider = (typeof EMBEDDING_PROVIDERS)[number];

/** Whose vectors they are. Where any of it differs, vectors can't be compared. */
export interface EmbeddingModel {
  readonly provider: EmbeddingProvider;
  /** As the provider names it, e.g. `text-embedding-3-small`; on Azure the deployment. */
  readonly model: string;
  /** Of a remote model with the address that it is behind: `1 at api.openai.com`. 100 characters at most. */
  readonly version: string;
  /** Numbers that it gives, `EMBEDDING_WIDTH` at most. */
  readonly dimensions: number;
}

/** A vector of unit length, `EmbeddingModel.dimensions` long. */
export type Embedding = Float32Array;

/** What became of one text: `refused` says why the model will not take it, whenever it is asked. */
export type EmbeddingOutcome = Embedding | { readonly refused: string };

export interface EmbeddingOptions {
  readonly signal: AbortSignal;
  /** When it must have been answered, in `Clock.monotonic()` milliseconds. Default: the provider's own time limit. */
  readonly deadline?: number | undefined;
}

/** Turns texts into vectors that lie close together where the texts mean the same. */
export interface Embedder {
  readonly model: EmbeddingModel;
  /** US dollars for a million tokens; 0 where nothing is paid, undefined where the price is not known. */
  readonly pricePerMillionTokens: number | undefined;
  /** Under this cosine a text has nothing to do with another, mostly: what a search leaves out that names no similarity. */
  readonly unrelatedBelow: number;
  /** For searching. One try; throws `UnavailableError`, `TimeoutError`, `CancelledError`, `ConfigurationError` (wrong key, model or dimensions). */
  embedQuery(text: string, options: EmbeddingOptions): Promise<Embedding>;
  /**
   * For storing: 100 texts at most, outcomes in their order. Tries again what may pass, for as long as the provider asks;
   * throws like `embedQuery` when it gives up.
   */
  embedDocuments(texts: readonly string[], options: EmbeddingOptions): Promise<readonly EmbeddingOutcome[]>;
}

/** Every model that this process can embed with. */
export interface Embedders {
  /** What new vectors are made with; undefined: there are to be none. */
  readonly target: Embedder | undefined;
  /** Whatever makes vectors that can be compared with those of `model`; undefined: nothing that is configured does. */
  of(model: EmbeddingModel): Embedder | undefined;
}

/** Those that are at hand; the first is the target. */
export function embeddersOf(...embedders: readonly Embedder[]): Embedders {
  return {
    target: embedders[0],
    of: (model) => embedders.find((embedder) => isSameModel(embedder.model, model)),
  };
}

/** Nothing is embedded. */
export const NO_EMBEDDERS = embeddersOf();

export function isSameModel(one: EmbeddingModel, other: EmbeddingModel): boolean {
  return (
    one.provider === other.provider &&
    one.model === other.model &&
    one.version === other.version &&
    one.dimensions === other.dimensions
  );
}

/** As pgvector reads it: `[0.1,0.2,…]`, `EMBEDDING_WIDTH` numbers. */
export function vectorText(embedding: Embedding): string {
  const padding = ',0'.repeat(EMBEDDING_WIDTH - embedding.length);
  return `[${embedding.join(',')}${padding}]`;
}
