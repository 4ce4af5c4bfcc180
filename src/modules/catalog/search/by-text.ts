/** Of two words that are typed, and of the words of one query, no more are looked for. */
const MOST_WORDS = 24;
/** Products that a term is looked up in at most: past that it tells too little to be counted further. */
const COMMON = 5000;
/** Of each term, in the name and anywhere, and of those that have all. */
const CANDIDATES_OF_A_TERM = 500;

/** What it is worth where a term stands: weights of D, which nothing has, description, type and category, name. */
const WORTH = '{0, 0.8, 0.5, 1}';
/** A word that begins with the term. */
const BEGINNING = 0.3;
/** What a product gains that has all of the terms. */
const COVERAGE = 2;
/** pg_trgm's similarity from which on a word that no product has may have been meant for one that some have. */
const LIKE_ENOUGH = 0.3;

const CONFIG = `'retail.product_text'`;
const LEXEMES = (text: string) => `to_tsvector(${CONFIG}, ${text})`;
/** A lexeme as the text of a tsquery, up to its flags. */
const QUOTED = `'''' || replace(replace(lexeme, '\\', '\\\\'), '''', '''''') || ''':'`;

/**
 * Common table expressions that end in `by_text (product_id, tier, rank, distance)`: the products that fit the words of
 * `query`, an SQL expression, best first, `depth` at most. Tier 0 has the SKU, however it is spaced, 1 the very name; the rest is
 * ranked by terms, each worth more the fewer products have it (ts_rank does not know that), where it stands, and how many of
 * all terms a product has. A word that no product has stands for up to three that look like it; two that are written as one
 * are found as one, and a word is found by its beginning.
 */
export function byText(query: string, conditions: readonly string[], depth: number): string {
  return `
  words AS MATERIALIZED (
    SELECT word, min(place) AS place
    FROM regexp_split_to_table(lower(extensions.unaccent('extensions.unaccent', ${query})), '[\\s,;:!?()"]+') WITH ORDINALITY AS w (word, place)
    WHERE word <> ''
    GROUP BY word ORDER BY 2 LIMIT ${MOST_WORDS}
  ),
  known AS MATERIALIZED (
    SELECT word, lexeme, ${QUOTED} AS quoted,
      EXISTS (SELECT FROM retail.product_search WHERE document @@ (${QUOTED} || 'ABC')::tsquery) AS is_known
    FROM words CROSS JOIN LATERAL unnest(tsvector_to_array(${LEXEMES('word')})) AS lexeme
  ),
  alike AS (
    SELECT k.word AS typed, found.word, found.likeness
    FROM known k CROSS JOIN LATERAL (
      SELECT w.word, similarity(w.word, k.word) AS likeness
      FROM retail.search_words w WHERE w.word % k.word
      ORDER BY 2 DESC, 1 LIMIT 3
    ) AS found
    WHERE NOT k.is_known AND char_length(k.word) >= 4 AND found.likeness >= ${LIKE_ENOUGH}
    UNION ALL
    SELECT one.word, w.word, 1
    FROM words one JOIN words next ON next.place = one.place + 1 JOIN retail.search_words w ON w.word = one.word || next.word
  ),
  asked AS (
    SELECT word, quoted, 1 AS weight FROM known WHERE is_known
    UNION ALL SELECT word, quoted || '*', ${BEGINNING} FROM known WHERE char_length(lexeme) >= 3
    UNION ALL SELECT typed, ${QUOTED}, likeness FROM alike CROSS JOIN LATERAL unnest(tsvector_to_array(${LEXEMES('alike.word')})) AS lexeme
  ),
  terms AS MATERIALIZED (
    SELECT (quoted || 'ABC')::tsquery AS anywhere, (quoted || 'A')::tsquery AS in_name,
      max(weight) * ln(1 + catalogue.products / (1.0 + (
        SELECT count(*) FROM (SELECT FROM retail.product_search WHERE document @@ (quoted || 'ABC')::tsquery LIMIT ${COMMON}) AS with_it
      ))) AS weight
    FROM asked CROSS JOIN (SELECT count(*) AS products FROM (SELECT FROM retail.product_search LIMIT ${COMMON}) AS counted) AS catalogue
    GROUP BY quoted, catalogue.products
  ),
  exact AS MATERIALIZED (
    SELECT product_id, 0 AS tier FROM retail.product_search
    WHERE code = upper(regexp_replace(${query}, '[^[:alnum:]]', '', 'g'))
    UNION ALL
    SELECT product_id, 1 FROM retail.product_search WHERE title = lower(extensions.unaccent('extensions.unaccent', btrim(${query})))
  ),
  candidates AS MATERIALIZED (
    SELECT found.product_id FROM terms CROSS JOIN LATERAL (
      (SELECT product_id FROM retail.product_search WHERE document @@ in_name LIMIT ${CANDIDATES_OF_A_TERM})
      UNION ALL (SELECT product_id FROM retail.product_search WHERE document @@ anywhere LIMIT ${CANDIDATES_OF_A_TERM})
    ) AS found
    UNION (
      SELECT s.product_id FROM retail.product_search s
      WHERE document @@ (SELECT string_agg('(' || meant || ')', ' & ')::tsquery FROM (SELECT string_agg(quoted || 'ABC', ' | ') AS meant FROM asked GROUP BY word) AS words)
      LIMIT ${CANDIDATES_OF_A_TERM}
    )
    UNION SELECT product_id FROM exact
  ),
  scored AS (
    SELECT c.product_id, sum(weight * worth) * (1 + ${COVERAGE} * sum(weight) FILTER (WHERE worth > 0) / (SELECT sum(weight) FROM terms)) AS score
    FROM candidates c
      -- One by one, by their key: joined at will, all products would be compared with all terms.
      CROSS JOIN LATERAL (SELECT document FROM retail.product_search s WHERE s.product_id = c.product_id OFFSET 0) AS found
      LEFT JOIN LATERAL (SELECT weight, ts_rank('${WORTH}', found.document, anywhere) AS worth FROM terms) AS ranked ON true
    GROUP BY c.product_id
  ),
  by_text AS (
    SELECT product_id, coalesce(tier, 2) AS tier, row_number() OVER (ORDER BY coalesce(tier, 2), score DESC NULLS LAST, p.sku) AS rank,
      NULL::float8 AS distance
    FROM scored JOIN retail.products p USING (product_id)
      LEFT JOIN (SELECT product_id, min(tier) AS tier FROM exact GROUP BY product_id) AS exactly USING (product_id)
    WHERE ${['NOT p.discontinued', ...conditions].join(' AND ')}
    ORDER BY rank LIMIT ${depth}
  )`;
}
