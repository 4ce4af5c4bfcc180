import type { LoaderSession } from '../../data/database.ts';
import { type EmbeddingOutcome, vectorText } from '../../kernel/embedding.ts';
import { type EmbeddingSet, replaced, type Slot } from './embedding-set.ts';

/** A product whose words have no vector in a set yet, or one of other words. */
export interface PendingProduct {
  readonly productId: string;
  /** Of `content`, as it was read. */
  readonly fingerprint: string;
  readonly content: string;
}

export interface PendingCount {
  /** Products whose vectors are to be made. */
  readonly products: number;
  readonly upToDate: number;
  /** What their texts come to, estimated. */
  readonly tokens: number;
}

/** Every product with what is stored of it in slot `$1`. By its words, too: an import can leave a row of a product that is gone. */
const STORED = `FROM retail.product_search s JOIN retail.product_texts t USING (product_id)
  LEFT JOIN retail.product_description_embeddings e ON e.slot = $1 AND e.product_id = s.product_id`;

const IS_PENDING = 'e.fingerprint IS DISTINCT FROM s.fingerprint';

/** A token is about four bytes of most languages, and fewer where there are names, sizes and units: rather too many than too few. */
const COUNT = `SELECT count(*) FILTER (WHERE ${IS_PENDING})::integer AS products,
    count(*) FILTER (WHERE NOT ${IS_PENDING})::integer AS "upToDate",
    coalesce(sum(ceil(octet_length(t.content) / 3.5)) FILTER (WHERE ${IS_PENDING}), 0)::float8 AS tokens
  ${STORED}`;

/** Of one slot; with `undefined`, as if nothing were made yet. */
export async function countPending(session: LoaderSession, slot: Slot | undefined): Promise<PendingCount> {
  const [count] = await session.query<PendingCount>(COUNT, [slot ?? null]);
  return count ?? { products: 0, upToDate: 0, tokens: 0 };
}

/** Whether some product has nothing in the slot at all, not even of words that it had before. */
export async function isAnyMissing(session: LoaderSession, slot: Slot): Promise<boolean> {
  return (await session.query(`SELECT 1 ${STORED} WHERE e.product_id IS NULL LIMIT 1`, [slot])).length > 0;
}

/** The next products, by id. What is pending is read with what its fingerprint is in one statement: both belong together. */
export function readPending(
  session: LoaderSession,
  slot: Slot,
  after: string | undefined,
  limit: number,
): Promise<PendingProduct[]> {
  return session.query<PendingProduct>(
    `WITH page AS MATERIALIZED (SELECT s.product_id, s.fingerprint ${STORED} WHERE ${IS_PENDING}
       AND ($2::uuid IS NULL OR s.product_id > $2) ORDER BY s.product_id LIMIT $3)
     SELECT product_id AS "productId", fingerprint, content FROM page JOIN retail.product_texts USING (product_id)
     ORDER BY product_id`,
    [slot, after ?? null, limit],
  );
}

export interface MadeVector {
  readonly product: PendingProduct;
  readonly outcome: EmbeddingOutcome;
}

/**
 * Writes vectors into the set that they were made for, each with the fingerprint of the text that was embedded: whatever was
 * changed meanwhile stays pending, whatever was deleted is left out. Returns how many were written, and how many of these
 * are refusals. Throws `UnavailableError` when the set is there no more.
 */
export async function saveVectors(
  session: LoaderSession,
  { setId, slot }: EmbeddingSet,
  made: readonly MadeVector[],
): Promise<{ readonly saved: number; readonly refused: number }> {
  // Held until the vectors are in: a slot has vectors of its own set only.
  const [set] = await session.query(
    'SELECT 1 FROM retail.embedding_sets WHERE set_id = $1 AND slot = $2 FOR KEY SHARE',
    [setId, slot],
  );
  if (set === undefined) throw replaced();
  const saved = await session.query<{ refused: boolean }>(
    `INSERT INTO retail.product_description_embeddings (slot, product_id, description_embedding, fingerprint, last_updated)
     SELECT $1, product_id, v.embedding::extensions.vector, v.fingerprint, now()
     FROM unnest($2::uuid[], $3::text[], $4::uuid[]) AS v (product_id, embedding, fingerprint)
       JOIN retail.products p USING (product_id)
     ORDER BY product_id FOR KEY SHARE OF p
     ON CONFLICT (slot, product_id) DO UPDATE SET description_embedding = excluded.description_embedding,
       fingerprint = excluded.fingerprint, last_updated = excluded.last_updated
     RETURNING description_embedding IS NULL AS refused`,
    [
      slot,
      made.map(({ product }) => product.productId),
      made.map(({ outcome }) => ('refused' in outcome ? null : vectorText(outcome))),
      made.map(({ product }) => product.fingerprint),
    ],
  );
  return { saved: saved.length, refused: saved.filter(({ refused }) => refused).length };
}
