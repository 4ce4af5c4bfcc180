import { codeOf } from '../product.ts';
import { FEW_PASS, type Passing } from './passing.ts';

/** Of one query no more words are looked for. */
const MOST_WORDS = 24;
/** Products with a term are counted up to here; beyond it how many there are is told by one in a hundred products. */
const COUNTED = 100;
/** A term that more products have is a common one. */
const COMMON = 300;
/** Candidates by what tells less: a common term, the rarest of those in the name, all words together. */
const FEWER = 150;

/** What it is worth where a term stands: weights of D, which nothing has, description, type and category, name. */
const WORTH = '{0, 0.6, 0.4, 1}';
/** A word that begins with the term. */
const BEGINNING = 0.3;
/** What a product gains that has all of the terms. */
const COVERAGE = 2;
/** pg_trgm's similarity from which on a word that no product has may have been meant for one that some have. */
const LIKE_ENOUGH = 0.3;

/** Shorter ones are taken for SKUs only where nothing else is asked for. */
const LEAST_CODE = 4;

const LEXEMES = (text: string) => `to_tsvector('retail.product_text', ${text})`;
/** A lexeme as the text of a tsquery. */
const QUOTED = `'''' || replace(replace(lexeme, '\\', '\\\\'), '''', '''''') || ''''`;
/** How many products have it, about. Without weights, which the index does not know. */
const PRODUCTS_WITH = (query: string) => `(
      SELECT CASE WHEN count(*) < ${COUNTED} THEN count(*) ELSE greatest(${COUNTED}, (SELECT 100 * count(*) FROM one_percent WHERE document @@ (${query})::tsquery)) END
      FROM (SELECT FROM retail.product_search WHERE document @@ (${query})::tsquery LIMIT ${COUNTED}) AS with_it)`;

/**
 * Common table expressions that end in `by_text (product_id, tier, rank, distance)`: the products that pass and fit the words of
 * `query`, an SQL expression, best first, `depth` at most. Tier 0 has a SKU that is named, however it is spaced, 1 the very name; the rest is
 * ranked by terms, each worth more the fewer products have it (ts_rank does not know that), where it stands, and how many of
 * all terms a product has. A word that no product has stands for up to three that look like it; two that are written as one
 * are found as one, and a word is found by its beginning.
 */
export function byText(query: string, passing: Passing, depth: number): string {
  return `${terms(query)},${candidates(query, passing)},
  scored AS (
    SELECT c.product_id, min(found.code) AS code, min(c.tier) AS tier,
      sum(weight * worth) * (1 + ${COVERAGE} * sum(weight) FILTER (WHERE worth > 0) / (SELECT sum(weight) FROM terms)) AS score
    FROM candidates c
      CROSS JOIN LATERAL (SELECT code, document FROM retail.product_search s WHERE s.product_id = c.product_id OFFSET 0) AS found
      LEFT JOIN LATERAL (SELECT weight, ts_rank('${WORTH}', found.document, anywhere) AS worth FROM terms) AS ranked ON true
    GROUP BY c.product_id
  ),
  by_text AS (
    SELECT product_id, tier, row_number() OVER (ORDER BY tier, score DESC NULLS LAST, code) AS rank, NULL::float8 AS distance
    FROM scored ORDER BY rank LIMIT ${depth}
  )`;
}

/**
 * `terms`: what is looked for, with its weight. `leads` where products are looked for by it: beginnings of words that are known only add to what
 * those words find.
 */
function terms(query: string): string {
  return `
  said AS MATERIALIZED (
    SELECT word, place
    FROM regexp_split_to_table(lower(extensions.unaccent('extensions.unaccent', ${query})), '[\\s,;:!?()"]+') WITH ORDINALITY AS w (word, place)
    WHERE word <> ''
  ),
  words AS MATERIALIZED (SELECT word, min(place) AS place FROM said GROUP BY word ORDER BY 2 LIMIT ${MOST_WORDS}),
  one_percent AS MATERIALIZED (SELECT document FROM retail.product_search TABLESAMPLE SYSTEM (1) REPEATABLE (1)),
  catalogue AS (
    SELECT greatest(count(*), (SELECT 100 * count(*) FROM one_percent)) AS products
    FROM (SELECT FROM retail.product_search LIMIT ${10 * COUNTED}) AS counted
  ),
  known AS MATERIALIZED (
    SELECT word, lexeme, ${QUOTED} AS quoted, ${PRODUCTS_WITH(QUOTED)} AS products
    FROM words CROSS JOIN LATERAL unnest(tsvector_to_array(${LEXEMES('word')})) AS lexeme
  ),
  alike AS (
    SELECT k.word AS typed, found.word, found.likeness
    FROM known k CROSS JOIN LATERAL (
      SELECT w.word, similarity(w.word, k.word) AS likeness
      FROM retail.search_words w WHERE w.word % k.word
      ORDER BY 2 DESC, 1 LIMIT 3
    ) AS found
    WHERE k.products = 0 AND char_length(k.word) >= 4 AND found.likeness >= ${LIKE_ENOUGH}
    UNION ALL
    SELECT one.word, w.word, 1
    FROM words one JOIN words next ON next.place = one.place + 1 JOIN retail.search_words w ON w.word = one.word || next.word
  ),
  asked AS MATERIALIZED (
    SELECT word, quoted, '' AS beginning, 1 AS worth, products, true AS leads FROM known WHERE products > 0
    UNION ALL
    SELECT word, quoted, ':*', ${BEGINNING}, CASE products WHEN 0 THEN ${PRODUCTS_WITH(`quoted || ':*'`)} ELSE products END, products = 0
    FROM known WHERE char_length(lexeme) >= 3
    UNION ALL
    SELECT typed, ${QUOTED}, '', likeness, ${PRODUCTS_WITH(QUOTED)}, true
    FROM alike CROSS JOIN LATERAL unnest(tsvector_to_array(${LEXEMES('alike.word')})) AS lexeme
  ),
  terms AS MATERIALIZED (
    SELECT (quoted || beginning)::tsquery AS anywhere, (quoted || coalesce(nullif(beginning, ''), ':') || 'A')::tsquery AS in_name,
      min(asked.products) AS products, bool_or(leads) AS leads,
      max(worth) * ln(1 + min(catalogue.products) / (1.0 + min(asked.products))) AS weight
    FROM asked CROSS JOIN catalogue
    WHERE asked.products > 0
    GROUP BY quoted, beginning
  )`;
}

/**
 * `candidates`: products that pass, and have a term, the SKU or the name. Where few pass, all of those with a term; else some of those with
 * each term, so that a common one costs no more than a rare one. Each is looked up by its key where it says OFFSET 0: joined at will, every product
 * would be read for the sake of a few.
 */
function candidates(query: string, { condition, isFiltered }: Passing): string {
  const passes = `CROSS JOIN LATERAL (SELECT FROM retail.products p WHERE p.product_id = s.product_id AND ${condition} OFFSET 0) AS passes`;
  const having = (match: string, limit: string | number) =>
    `SELECT s.product_id, 2 AS tier FROM retail.product_search s ${passes}
        WHERE document @@ ${match}${isFiltered ? ` AND NOT ${FEW_PASS}` : ''} LIMIT ${limit}`;
  const ofFew = `
    UNION ALL
    SELECT passing.product_id, 2 FROM passing
      CROSS JOIN LATERAL (
        SELECT FROM retail.product_search s
        WHERE s.product_id = passing.product_id AND document @@ (SELECT string_agg(anywhere::text, ' | ')::tsquery FROM terms WHERE leads) OFFSET 0
      ) AS with_a_term
    WHERE ${FEW_PASS}`;
  return `
  codes AS MATERIALIZED (
    SELECT ${codeOf(query)} AS code
    UNION
    SELECT code FROM (
      SELECT ${codeOf('word')} FROM said
      UNION ALL
      SELECT ${codeOf('one.word || next.word')} FROM said one JOIN said next ON next.place = one.place + 1
    ) AS part (code)
    WHERE code ~ '[0-9]' AND char_length(code) >= ${LEAST_CODE}
  ),
  candidates AS MATERIALIZED (SELECT product_id, min(tier) AS tier FROM (
    SELECT found.* FROM terms CROSS JOIN LATERAL (
      ${having('anywhere AND leads', `CASE WHEN products <= ${COMMON} THEN ${COMMON} ELSE ${FEWER} END`)}
    ) AS found
    UNION ALL
    SELECT found.* FROM (SELECT in_name FROM terms WHERE leads AND products > ${COMMON} ORDER BY weight DESC LIMIT 1) AS rarest CROSS JOIN LATERAL (
      ${having('in_name', FEWER)}
    ) AS found
    UNION ALL
    (${having(
      `(
      SELECT string_agg('(' || meant || ')', ' & ')::tsquery
      FROM (SELECT string_agg(quoted || beginning, ' | ') AS meant FROM asked GROUP BY word) AS each_word
    )`,
      FEWER,
    )})${isFiltered ? ofFew : ''}
    UNION ALL
    SELECT s.product_id, 0 FROM codes CROSS JOIN LATERAL (
      SELECT product_id FROM retail.product_search WHERE code = codes.code AND code <> '' OFFSET 0
    ) AS s ${passes}
    UNION ALL
    SELECT s.product_id, 1 FROM retail.product_search s ${passes}
    WHERE title = lower(extensions.unaccent('extensions.unaccent', btrim(${query})))
  ) AS found GROUP BY product_id)`;
}
