import type { ScopedQuery } from '../../../data/database.ts';
import { PRODUCT_COLUMNS } from '../product.ts';
import { Bindings } from './bindings.ts';
import { byMeaning, type Meaning } from './by-meaning.ts';
import { byText } from './by-text.ts';
import type { Filters } from './filters.ts';
import { passingOf } from './passing.ts';
import { SERVING_COLUMNS } from './serving-set.ts';

export interface Search {
  /** Words to look for; absent: none. */
  readonly words?: string | undefined;
  /** Absent: nothing is looked for by meaning. */
  readonly meaning?: Meaning | undefined;
  readonly filters: Filters;
  readonly maxRows: number;
}

/** Products that each of two ways finds, before they are put together. */
const DEPTH = 100;
/** Reciprocal rank fusion: Cormack, Clarke and Büttcher, SIGIR 2009. */
const K = 60;
/** What a rank by words is worth, where one by meaning is worth 1: chosen by the half of bench/search/demo.tsv that is for choosing. */
const WORDS = 1.3;

/**
 * One statement for a search by words, by meaning or by both: each ranks for itself, and a product is worth the sum of worth / (K + rank).
 * Its rows say also which set of vectors serves, the first one even where nothing is found.
 */
export function searchStatement({ words, meaning, filters, maxRows }: Search): ScopedQuery {
  const bind = new Bindings();
  const passing = passingOf(filters, bind);
  const depth = words === undefined || meaning === undefined ? maxRows : DEPTH;
  const ways = [
    ...(words === undefined
      ? []
      : [{ name: 'by_text', worth: WORDS, sql: byText(bind.of(words, 'text'), passing, depth) }]),
    ...(meaning === undefined
      ? []
      : [{ name: 'by_meaning', worth: 1, sql: byMeaning(meaning, passing, depth, bind) }]),
  ];
  const found = ways
    .map(({ name, worth }) => `SELECT product_id, tier, rank, distance, ${worth} AS worth FROM ${name}`)
    .join(' UNION ALL ');
  const text = `WITH${[...passing.sql, ...ways.map(({ sql }) => sql)].join(',')},
  ranked AS (
    SELECT product_id, row_number() OVER (ORDER BY min(tier), sum(worth / (${K} + rank)::float8) DESC, product_id) AS place, min(distance) AS distance
    FROM (${found}) AS found
    GROUP BY product_id ORDER BY place LIMIT ${bind.of(maxRows, 'integer')}
  )
  SELECT ${SERVING_COLUMNS}, r.place, round((1 - r.distance)::numeric, 4)::float8 AS similarity, ${PRODUCT_COLUMNS}
  FROM (SELECT) AS one
    LEFT JOIN retail.embedding_sets s ON s.serves
    LEFT JOIN ranked r ON true
    LEFT JOIN retail.products p ON p.product_id = r.product_id
    LEFT JOIN retail.product_types t ON t.type_id = p.type_id
    LEFT JOIN retail.categories c ON c.category_id = p.category_id
  ORDER BY r.place`;
  return { text, values: bind.values, isTimeless: true };
}
