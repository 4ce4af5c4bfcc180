import type { Embedder } from '../kernel/embedding.ts';
import { type DocumentTimes, embedDocuments } from './embed-documents.ts';
import { embedQuery } from './embed-query.ts';
import type { RemoteModel } from './remote-model.ts';

/** Models differ, and most are not known: a low one leaves out what is certainly something else. */
const UNRELATED_BELOW = 0.1;

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
    unrelatedBelow: UNRELATED_BELOW,
    embedQuery: (text, options) => embedQuery(remote, text, queryTimeoutMs, options),
    embedDocuments: (texts, options) => embedDocuments(remote, texts, options, documentTimes),
  };
}
