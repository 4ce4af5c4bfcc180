/** A model whose vectors are what a test says: distances are known, and with them what a search must find. */
import type { Database } from '../../src/data/database.ts';
import {
  type Embedder,
  type Embedding,
  type EmbeddingModel,
  vectorText,
} from '../../src/kernel/embedding.ts';
import { ValidationError } from '../../src/kernel/errors.ts';

/** Embeds the texts of `vectors` and no others. */
export function plantedEmbedder(
  model: EmbeddingModel,
  vectors: Readonly<Record<string, Embedding>>,
): Embedder {
  const embed = (text: string): Embedding => {
    const vector = vectors[text];
    if (vector === undefined) throw new ValidationError(`No vector is planted for "${text}".`);
    return vector;
  };
  return {
    model,
    pricePerMillionTokens: 0,
    unrelatedBelow: 0.1,
    embedQuery: async (text) => embed(text),
    embedDocuments: async (texts) => texts.map(embed),
  };
}

/** In the plane of the first axis and another one: of unit length, with this cosine to the first. */
export function atCosine(cosine: number, axis: number, dimensions: number): Embedding {
  const vector = new Float32Array(dimensions);
  vector[0] = cosine;
  vector[axis] = Math.sqrt(1 - cosine * cosine);
  return vector;
}

/** Stores a set of vectors, by SKU; null: refused. */
export async function plantVectors(
  database: Database,
  { slot, serves, model }: { slot: 0 | 1; serves: boolean; model: EmbeddingModel },
  vectors: ReadonlyMap<string, Embedding | null>,
): Promise<void> {
  await database.asLoader(new AbortController().signal, async (session) => {
    const { provider, model: name, version, dimensions } = model;
    await session.query(
      'INSERT INTO retail.embedding_sets (slot, provider, model, version, dimensions, serves) VALUES ($1, $2, $3, $4, $5, $6)',
      [slot, provider, name, version, dimensions, serves],
    );
    const products = await session.query<{ sku: string; product_id: string; fingerprint: string }>(
      'SELECT sku, product_id, fingerprint FROM retail.products JOIN retail.product_search USING (product_id)',
    );
    await session.load(
      'retail.product_description_embeddings',
      {
        ...{ slot: 'smallint', product_id: 'uuid', fingerprint: 'uuid' },
        description_embedding: 'extensions.vector',
      },
      products.flatMap(({ sku, product_id, fingerprint }) => {
        const vector = vectors.get(sku);
        if (vector === undefined) return [];
        return [[slot, product_id, fingerprint, vector === null ? null : vectorText(vector)]];
      }),
    );
  });
}
