import { EMBEDDING_WIDTH, type Embedder, type Embedding } from '../kernel/embedding.ts';
import { featuresOf } from './local-features.ts';
import { vectorOf } from './local-vector.ts';

/** A query leaves 77 of 445 products, and finds what it found (docs/decisions/built-in-embedder.md). */
const UNRELATED_BELOW = 0.25;

/**
 * The built-in model: no download, no key, no state. Texts are alike that share words, in any of their forms, or parts of words, as
 * misspelt ones do; it knows of no synonym. Any change of what comes out for some text is another `version`.
 */
export function createLocalEmbedder(): Embedder {
  return {
    model: { provider: 'local', model: 'hashed-ngrams', version: '1', dimensions: EMBEDDING_WIDTH },
    pricePerMillionTokens: 0,
    unrelatedBelow: UNRELATED_BELOW,
    embedQuery: async (text, { signal }) => {
      signal.throwIfAborted();
      return embeddingOf(text);
    },
    embedDocuments: async (texts, { signal }) =>
      texts.map((text) => {
        signal.throwIfAborted();
        return embeddingOf(text);
      }),
  };
}

function embeddingOf(text: string): Embedding {
  return vectorOf(featuresOf(text));
}
