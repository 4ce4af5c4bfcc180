/** Random texts, and changes to them, for the search for what costs the guard most. */

/** `opening` and `closing` stand `depth` times around as much of `repeated` as there is room for. */
export interface Genes {
  readonly opening: readonly string[];
  readonly depth: number;
  readonly repeated: readonly string[];
  readonly closing: readonly string[];
  /** What stands between words: nothing lets operators and comments run into one another. */
  readonly glue: '' | ' ';
}

type Random = () => number;

const WORDS: readonly string[] = (
  `SELECT|FROM a|WHERE a|,|,|(|)|[1]|[|]|+|-|*|/|^|%|<|=|||?|->|::int|::char(9)|::text[]|a|b|f|a.b|f.f|"é"|1|1.5|99999|'x'|''|` +
  `E'\\\\n'|U&'\\00e9'|$$x$$|$a$|$1|--\n|/*|*/|/**/| |\n|é|😀|NOT|AND|OR|IS NULL|IN(1,2)|IN(|BETWEEN 1 AND 2|` +
  `NOT BETWEEN SYMMETRIC 1 AND 2|LIKE 'x' ESCAPE ''|SIMILAR TO 'x'|IS DISTINCT FROM|AT TIME ZONE 'x'|COLLATE "C"|IS JSON|` +
  `CASE WHEN a THEN|ELSE|END|EXTRACT(day FROM a)|interval'1'day|date''|current_date|now()|abs(|power(2,|replace(|` +
  `,'','')|format('%s',|generate_series(1,|lpad(a,|coalesce(|ROW(|ARRAY[|EXISTS(SELECT|(SELECT|(SELECT a FROM(|)f|AS f|` +
  `UNION|UNION ALL|INTERSECT|VALUES(1)|JOIN b ON a|JOIN b USING(c)|NATURAL JOIN b|CROSS JOIN unnest(a)f|LATERAL|` +
  `WITH a AS(|WITH RECURSIVE a AS(|GROUP BY|CUBE(a)|GROUPING SETS((),(a))|ORDER BY a DESC|LIMIT 1|OVER(PARTITION BY a)|` +
  `FILTER(WHERE a)|WITHIN GROUP(ORDER BY a)|JSON_OBJECT('a':1)|JSON_ARRAY(1)|JSON_VALUE(a,'$')|JSON_TABLE(a,'$' COLUMNS(b int))|` +
  `ROWS FROM(|;|SET a=b|CREATE TABLE a(|b int|NOT NULL`
).split('|');

/** A repeatable sequence (mulberry32). */
export function randomness(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const below = (random: Random, limit: number) => Math.floor(random() * limit);
const word = (random: Random) => WORDS[below(random, WORDS.length)] ?? '';
const words = (random: Random, most: number) =>
  Array.from({ length: below(random, most + 1) }, () => word(random));

export function randomGenes(random: Random): Genes {
  const isNested = random() < 0.5;
  return {
    opening: isNested ? words(random, 3) : [],
    depth: isNested ? 1 + below(random, 99) : 0,
    repeated: ['a', ...words(random, 4)],
    closing: isNested ? [')', ...words(random, 2)] : [],
    glue: random() < 0.3 ? '' : ' ',
  };
}

function changed(list: readonly string[], random: Random): readonly string[] {
  const at = below(random, list.length + 1);
  const kept = random() < 0.5 ? 0 : 1;
  return random() < 0.4 ? list.toSpliced(at, 1) : list.toSpliced(at, kept, word(random));
}

export function mutate(genes: Genes, random: Random): Genes {
  switch (below(random, 8)) {
    case 0:
      return { ...genes, opening: changed(genes.opening, random) };
    case 1:
      return { ...genes, closing: changed(genes.closing, random) };
    case 2:
      return { ...genes, depth: below(random, 100) };
    case 3:
      return { ...genes, glue: genes.glue === '' ? ' ' : '' };
    default:
      return { ...genes, repeated: changed(genes.repeated, random) };
  }
}

export function grow({ opening, depth, repeated, closing, glue }: Genes, n: number): string {
  const around = (words: readonly string[]) => words.map((each) => each + glue).join('');
  const [before, core, after] = [opening, repeated, closing].map(around) as [string, string, string];
  return `SELECT ${before.repeat(depth)}${core.repeat(n)}a ${after.repeat(depth)}`;
}
