import type { RefusalCode } from '../guard.ts';

/**
 * What makes much out of little, or computes for long: for each, whether a rule of the guard holds it or a cap of the
 * database that was measured to hold. docs/sql-guard.md shows this table; tests run the examples.
 */
interface Amplifier {
  readonly what: string;
  /** `rule`: the guard refuses `example`. `cap`: the guard lets it pass and the database stops it, within seconds. */
  readonly held: 'rule' | 'cap';
  /** With which code a rule refuses it. */
  readonly code?: RefusalCode;
  readonly by: string;
  readonly example: string;
}

export const AMPLIFIERS: readonly Amplifier[] = [
  {
    what: '`repeat`, `lpad`, `rpad`',
    held: 'rule',
    code: 'SQL_ARGUMENT_NOT_ALLOWED',
    by: 'width at most `textWidth`, written as a number or `LEAST(…, number)`',
    example: "SELECT repeat('x', 1000000000)",
  },
  {
    what: '`format` widths',
    held: 'rule',
    code: 'SQL_ARGUMENT_NOT_ALLOWED',
    by: 'a literal format, widths at most `textWidth`, no `*`',
    example: "SELECT format('%1000000s', 'x')",
  },
  {
    what: '`char(n)`, `bit(n)`',
    held: 'rule',
    code: 'SQL_ARGUMENT_NOT_ALLOWED',
    by: '`n` at most `textWidth`',
    example: "SELECT 'x'::char(1000000)",
  },
  {
    what: '`replace`, `regexp_replace`',
    held: 'rule',
    code: 'SQL_ARGUMENT_NOT_ALLOWED',
    by: 'a literal replacement of at most 100 characters, not directly over `repeat`; through a subquery the statement timeout',
    example: 'SELECT replace(name, $$a$$, name) FROM products',
  },
  {
    what: '`strpos`, `LIKE`, `translate`, `trim`, `split_part`, `&&`, `@>` … of one long value and another',
    held: 'rule',
    code: 'SQL_ARGUMENT_NOT_ALLOWED',
    by: 'one of the two written out in at most 100 characters or items, where the statement makes long values (aggregates into one value, `repeat`, recursion, much joining)',
    example:
      'SELECT a.n && b.n FROM (SELECT array_agg(order_id) AS n FROM orders) a, (SELECT array_agg(order_id) AS n FROM orders) b',
  },
  {
    what: '`power`, `pow`, `^`',
    held: 'rule',
    code: 'SQL_ARGUMENT_NOT_ALLOWED',
    by: 'no number above 1,000 in the exponent',
    example: 'SELECT 9.9 ^ 99999',
  },
  {
    what: '`factorial`',
    held: 'rule',
    code: 'SQL_ARGUMENT_NOT_ALLOWED',
    by: 'a number up to 170',
    example: 'SELECT factorial(30000)',
  },
  {
    what: '`*` `/` `%`, `sqrt`, `exp`, `ln`, `log`, `div`, `mod`, `gcd` … of long numerics',
    held: 'rule',
    code: 'SQL_TOO_COMPLEX',
    by: 'at most `arithmetic` of them in a statement; PostgreSQL looks at its timeout between rows only',
    example: `SELECT 1${' * 1'.repeat(201)}`,
  },
  {
    what: '`generate_series` between numbers or dates that are written out',
    held: 'rule',
    code: 'SQL_ARGUMENT_NOT_ALLOWED',
    by: 'at most `seriesLength` steps',
    example: 'SELECT count(*) FROM generate_series(1, 1000000000)',
  },
  {
    what: '`array_fill`, `normalize`, `jsonb_pretty`, `bpchar(…)`',
    held: 'rule',
    code: 'SQL_FUNCTION_NOT_ALLOWED',
    by: 'not on the allow-list',
    example: 'SELECT array_fill(1, ARRAY[100000000])',
  },
  {
    what: 'XML, and functions that take SQL as text',
    held: 'rule',
    code: 'SQL_FUNCTION_NOT_ALLOWED',
    by: 'not on the allow-list',
    example: "SELECT query_to_xml('SELECT 1', true, true, '')",
  },
  {
    what: '`generate_series` up to what only the database knows',
    held: 'cap',
    by: 'statement timeout',
    example:
      'SELECT count(*) FROM (SELECT generate_series(1, (SELECT sum(n)::bigint FROM generate_series(1, 100000) AS n))) AS s',
  },
  {
    what: 'cross joins',
    held: 'cap',
    by: 'statement timeout',
    example: 'SELECT count(*) FROM generate_series(1, 100000) AS a, generate_series(1, 100000) AS b',
  },
  {
    what: 'endless recursion',
    held: 'cap',
    by: 'statement timeout; `temp_file_limit` where a superuser migrated',
    example: 'WITH RECURSIVE t (n) AS (SELECT 1 UNION ALL SELECT 1 FROM t) SELECT count(*) FROM t',
  },
  {
    what: '`||`, `concat`, `array_cat`: doubling',
    held: 'cap',
    by: 'statement timeout; 1 GB a value',
    example: `WITH RECURSIVE t (s) AS (SELECT 'x' UNION ALL SELECT CASE WHEN length(s) > 1000000 THEN 'x' ELSE s || s END FROM t)
      SELECT max(length(s)) FROM t`,
  },
  {
    what: '`string_agg`, `array_agg`, `json_agg` over series',
    held: 'cap',
    by: 'statement timeout; 1 GB a value',
    example: `SELECT max(length(s)) FROM (SELECT string_agg(md5(b::text), ',') AS s
      FROM generate_series(1, 100000) AS a, generate_series(1, 10) AS b GROUP BY a, b) AS groups, generate_series(1, 100000)`,
  },
  {
    what: 'regular expressions that backtrack',
    held: 'cap',
    by: 'statement timeout, which the matcher heeds',
    // Twice whatever comes before is even, which 997 is not, whatever is tried.
    example: String.raw`SELECT repeat('a', 997) ~ '^(aa+)(aa+)(aa+)\1\2\3\1\2\3$'`,
  },
  {
    what: '`$.**` of jsonpath',
    held: 'cap',
    by: 'statement timeout',
    example: `SELECT count(*) FROM jsonb_path_query('${'['.repeat(150)}${']'.repeat(150)}', '$.**.**.**.**.**')`,
  },
  {
    what: 'one operation on the longest numerics',
    held: 'cap',
    by: "numeric's own limit of 131,072 digits: 1.2 s for the slowest, then the timeout",
    example: `WITH n AS MATERIALIZED (SELECT string_agg('9876543210', '')::numeric AS a FROM generate_series(1, 10000)),
      d AS MATERIALIZED (SELECT string_agg('123456789', '')::numeric AS b FROM generate_series(1, 5000))
      SELECT sum(a % (b + g)) FROM n, d, generate_series(1, 1000) AS g`,
  },
];
