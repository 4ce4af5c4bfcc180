import type { Bindings } from './bindings.ts';
import type { ServingSet } from './serving-set.ts';

/** What is near in meaning: a vector of the set's own model, as pgvector reads it. */
export interface Meaning {
  readonly set: ServingSet;
  readonly vector: string;
  /** Cosine similarity that is asked for at least. */
  readonly least: number;
}

/** So many products that pass a filter are compared one by one, exactly; of more the index is asked. */
const FEW = 5000;

/**
 * Common table expressions that end in `by_meaning (product_id, tier, rank, distance)`: the products nearest to a vector,
 * `depth` at most, none further than asked for. Only while the set that the vector was made for serves: vectors of two models are never
 * compared. ORDER BY the distance itself, with a LIMIT, is what pgvector's index answers, and it goes on reading until
 * enough rows pass the conditions (hnsw.iterative_scan).
 */
export function byMeaning(
  { set, vector, least }: Meaning,
  conditions: readonly string[],
  depth: number,
  bind: Bindings,
): string {
  const { slot } = set;
  const asked = bind.of(vector, 'extensions.vector');
  const serves = `EXISTS (SELECT FROM retail.embedding_sets WHERE slot = ${slot} AND serves AND set_id = ${bind.of(set.setId, 'uuid')})`;
  const distance = `e.description_embedding OPERATOR(extensions.<=>) ${asked}`;
  const passes = ['NOT p.discontinued', ...conditions].join(' AND ');
  const nearest = (from: string, where: string) => `
    SELECT e.product_id, ${distance} AS distance
    FROM ${from}
    WHERE e.slot = ${slot} AND ${serves} AND ${where}
    ORDER BY ${distance} LIMIT ${depth}`;
  const indexed = nearest(
    'retail.product_description_embeddings e JOIN retail.products p ON p.product_id = e.product_id',
    passes,
  );
  const compared = nearest(
    'passing JOIN retail.product_description_embeddings e ON e.product_id = passing.product_id',
    '(SELECT yes FROM few)',
  );
  const near =
    conditions.length === 0
      ? `near AS (${indexed})`
      : `passing AS MATERIALIZED (SELECT p.product_id FROM retail.products p WHERE ${passes} LIMIT ${FEW + 1}),
  few AS (SELECT count(*) <= ${FEW} AS yes FROM passing),
  near AS ((${compared}) UNION ALL (${indexed.replace('ORDER BY', 'AND NOT (SELECT yes FROM few) ORDER BY')}))`;
  return `
  ${near},
  by_meaning AS (
    SELECT product_id, 2 AS tier, row_number() OVER (ORDER BY distance, product_id) AS rank, distance
    FROM near WHERE distance <= ${bind.of(1 - least, 'float8')}
  )`;
}
