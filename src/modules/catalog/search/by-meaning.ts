import type { Bindings } from './bindings.ts';
import { FEW_PASS, type Passing } from './passing.ts';
import { type ServingSet, stillServes } from './serving-set.ts';

/** What is near in meaning: a vector of the set's own model, as pgvector reads it. */
export interface Meaning {
  readonly set: ServingSet;
  readonly vector: string;
  /** Cosine similarity that is asked for at least. */
  readonly least: number;
}

/**
 * Where the index has to go on, it gives batches that are sorted each, and not all together: so many at least are sorted once
 * more, to have the nearest few among them.
 */
const LEAST_SORTED = 40;

/**
 * Common table expressions that end in `by_meaning (product_id, tier, rank, distance)`: the products nearest to a vector,
 * `depth` or a few more, none further than asked for. Only while the set that the vector was made for serves: vectors of two models are never
 * compared. Where few products pass a filter they are compared one by one: no index answers ORDER BY `+ 0`. Else ORDER BY the distance itself, with
 * a LIMIT, is what pgvector's index answers, and it goes on reading until enough rows pass (hnsw.iterative_scan); what it gives is sorted once more.
 */
export function byMeaning(
  { set, vector, least }: Meaning,
  passing: Passing,
  depth: number,
  bind: Bindings,
): string {
  const { slot } = set;
  const asked = bind.of(vector, 'extensions.vector');
  const serves = stillServes(set, bind.of(set.setId, 'uuid'));
  const distance = `e.description_embedding OPERATOR(extensions.<=>) ${asked}`;
  const nearest = (from: string, order: string, limit: number, ...conditions: readonly string[]) => `
    SELECT e.product_id, ${distance} AS distance
    FROM ${from}
    WHERE ${[`e.slot = ${slot}`, serves, ...conditions].join(' AND ')}
    ORDER BY ${order} LIMIT ${limit}`;
  const vectors = 'retail.product_description_embeddings e';
  const indexed = `${vectors} JOIN retail.products p ON p.product_id = e.product_id`;
  const few = `passing JOIN ${vectors} ON e.product_id = passing.product_id`;
  const near = passing.isFiltered
    ? `(${nearest(few, `(${distance}) + 0`, depth, FEW_PASS)})
    UNION ALL
    (${nearest(indexed, distance, Math.max(depth, LEAST_SORTED), passing.condition, `NOT ${FEW_PASS}`)})`
    : nearest(indexed, distance, depth, passing.condition);
  return `
  near AS (${near}),
  by_meaning AS (
    SELECT product_id, 2 AS tier, row_number() OVER (ORDER BY distance + 0, product_id) AS rank, distance
    FROM near WHERE distance <= ${bind.of(1 - least, 'float8')}
  )`;
}
