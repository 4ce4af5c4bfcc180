import type { Embedder } from '../kernel/embedding.ts';
import { type DocumentTimes, embedDocuments } from './embed-documents.ts';
import { embedQuery } from './embed-query.ts';
import type { RemoteModel } from './remote-model.ts';

export interface RemoteEmbedderOptions {
  readonly remote: RemoteModel;
  readonly pricePerMillionTokens: number | undefined;
  /** The longest that one query takes. */
  readonly queryTimeoutMs: number;
  readonly documentTimes?: DocumentTimes;
}

/** An embedder whose model is at a provider, over the network. */
export function createRemoteEmbedder({
  remote,
  pricePerMillionTokens,
  queryTimeoutMs,
  documentTimes,
}: RemoteEmbedderOptions): Embedder {
  return {
    model: remote.model,
    pricePerMillionTokens,
    embedQuery: (text, options) => embedQuery(remote, text, queryTimeoutMs, options),
    embedDocuments: (texts, options) => embedDocuments(remote, texts, options, documentTimes),
  };
}
