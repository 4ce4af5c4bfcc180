/**
 * The allow-list of operators, by symbol. An operator is a function by another name, so what isn't built in and
 * isn't from pg_trgm or pgvector is refused, as is `OPERATOR(schema.x)` with any schema but pg_catalog, or for the
 * extensions' the search path's.
 */
const symbols = (text: string) => text.split(' ');

export const OPERATORS: ReadonlySet<string> = new Set([
  // Numbers († `^` is bounded in argument-rules.ts), comparison, bits
  ...symbols('+ - * / % ^ @ |/ ||/ = <> != < <= > >= & | # ~ << >>'),
  // Text, patterns, regular expressions
  ...symbols('|| ~~ ~~* !~~ !~~* ~* !~ !~* ^@ ~<~ ~<=~ ~>=~ ~>~'),
  // JSON, arrays, ranges, networks
  ...symbols('-> ->> #> #>> #- ? ?| ?& @> <@ @? @@ && -|- &< &> <<= >>='),
  // Full text, geometry
  ...symbols('!! <-> @@@ ## @-@ ?# ?- ?-| ?|| <<| |>> &<| |&> <^ >^ ~='),
  // Names that the grammar gives to predicates
  'BETWEEN',
  'NOT BETWEEN',
  'BETWEEN SYMMETRIC',
  'NOT BETWEEN SYMMETRIC',
]);

/**
 * Of pg_trgm and pgvector, without those that PostgreSQL has under the same symbol (`%`, `<->`, `=`): unqualified, the
 * built-in one goes before any other, and a schema written before it would pass it by.
 */
export const EXTENSION_OPERATORS: ReadonlySet<string> = new Set(
  symbols('<% %> <<% %>> <<-> <->> <<<-> <->>> <=> <#> <+> <~> <%>'),
);

/** What may take a second for long numerics, uninterrupted: counted by the bound `arithmetic`. */
export const ARITHMETIC_OPERATORS: ReadonlySet<string> = new Set(symbols('* / % ^ |/ ||/'));
