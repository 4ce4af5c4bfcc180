interface EmbeddingRequest {
  /** On Azure the deployment. */
  readonly model: string;
  readonly texts: readonly string[];
  /** Asks for so many numbers; undefined: as many as the model gives. */
  readonly dimensions: number | undefined;
}

/** One request over the network, tried once. Gives whatever was answered, unchecked; throws whatever went wrong. */
export type Ask = (request: EmbeddingRequest, signal: AbortSignal) => Promise<unknown>;

/** Where a provider is, and what its failures are told by. */
export interface Endpoint {
  /** The settings that an operator mends. */
  readonly settings: { readonly address: string; readonly key: string };
  readonly url: string;
  /** Never to be logged, also where the provider repeats it. */
  readonly key: string | undefined;
  /** Throws `ConfigurationError` when something is missing on this machine. */
  connect(): Promise<Ask>;
}
