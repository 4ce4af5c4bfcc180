import { createHash } from 'node:crypto';
import type {
  Embedder,
  EmbeddingModel,
  EmbeddingOptions,
  EmbeddingOutcome,
} from '../../src/kernel/embedding.ts';

export interface FakeEmbedder extends Embedder {
  /** Every text that was answered, in order. */
  readonly answered: readonly string[];
  /** Called before each batch is answered, with how many came before it; what it throws the embedder throws. */
  before: (texts: readonly string[], batch: number, options: EmbeddingOptions) => Promise<void> | void;
}

export interface FakeModel extends Partial<EmbeddingModel> {
  readonly price?: number | 'unknown';
}

/** A model in this process: 8 numbers of a hash of its name and the text. Texts with the word `unspeakable` are refused. */
export function fakeEmbedder({ price = 0, ...model }: FakeModel = {}): FakeEmbedder {
  const answered: string[] = [];
  let batches = 0;
  const own: EmbeddingModel = { provider: 'local', model: 'fake', version: '1', dimensions: 8, ...model };
  const embed = (text: string): EmbeddingOutcome =>
    text.includes('unspeakable') ? { refused: 'it is unspeakable' } : fakeVector(own, text);
  const embedder: FakeEmbedder = {
    model: own,
    pricePerMillionTokens: price === 'unknown' ? undefined : price,
    unrelatedBelow: 0.1,
    answered,
    before: () => {},
    embedQuery: async (text) => fakeVector(own, text),
    async embedDocuments(texts, options) {
      const batch = batches;
      batches += 1;
      await embedder.before(texts, batch, options);
      answered.push(...texts);
      return texts.map(embed);
    },
  };
  return embedder;
}

/** Of unit length. */
export function fakeVector({ provider, model, version }: EmbeddingModel, text: string): Float32Array {
  const bytes = createHash('sha256').update([provider, model, version, text].join('\n')).digest();
  const numbers = Array.from(bytes.subarray(0, 8), (byte) => byte - 127.5);
  const length = Math.hypot(...numbers);
  return Float32Array.from(numbers, (number) => number / length);
}
