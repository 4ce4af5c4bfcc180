import { type Attack, attacks } from '../attack.ts';

const times = (count: number, text: string, between = '') =>
  Array.from({ length: count }, () => text).join(between);

/** `<!ENTITY l1 "&l0;&l0;…">`: a billion laughs. */
const LAUGHS = Array.from({ length: 10 }, (_, n) => `<!ENTITY l${n + 1} "${times(10, `&l${n};`)}">`).join('');

/**
 * Closes: a statement that takes the time or the memory of others. None asks for more than some
 * megabytes, so that a database which stops none of them is slow for seconds and no worse.
 */
export const EXHAUSTION: readonly Attack[] = attacks(
  'exhaustion',
  'A statement must end with its time limit, and whatever does not heed it with its connection: statement_timeout, work_mem and temp_file_limit of the reader, DB_STATEMENT_TIMEOUT_SECONDS.',
  (
    [
      ['a huge series', 'SELECT count(*) FROM generate_series(1, 100000000000)'],
      [
        'a cross join of constants',
        `WITH d AS (SELECT * FROM (VALUES (1),(2),(3),(4),(5),(6),(7),(8),(9),(10)) v(n)) SELECT count(*) FROM ${times(12, 'd', ', ').replace(/d/g, (_, at: number) => `d AS d${at}`)}`,
      ],
      [
        'an endless recursion',
        'WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT count(*) FROM r',
      ],
      [
        'a recursion that doubles a text',
        `WITH RECURSIVE r(n, t) AS (SELECT 1, 'x' UNION ALL SELECT n + 1, t || t FROM r WHERE n < 20) SELECT max(length(t)) FROM r`,
      ],
      ['pg_sleep', 'SELECT pg_sleep(60)'],
      ['pg_sleep by another name', `SELECT pg_sleep_for('1 minute')`],
      ['a plpgsql loop', 'DO $$ BEGIN LOOP END LOOP; END $$'],
      ['repeat', `SELECT length(repeat('x', 3000000))`],
      ['repeat of repeat', `SELECT length(repeat(repeat('x', 2000), 2000))`],
      ['lpad', `SELECT length(lpad('x', 3000000))`],
      ['rpad', `SELECT length(rpad('x', 3000000))`],
      ['format with a width', `SELECT length(format('%3000000s', 'x'))`],
      ['replace that multiplies', `SELECT length(replace(repeat('x', 2000), 'x', repeat('y', 2000)))`],
      ['array_fill', 'SELECT cardinality(array_fill(1, ARRAY[1000000]))'],
      [
        'string_agg over a series',
        `SELECT length(string_agg(repeat('x', 1000), '')) FROM generate_series(1, 5000)`,
      ],
      ['array_agg over a series', 'SELECT cardinality(array_agg(n)) FROM generate_series(1, 100000) n'],
      ['a sort of a series', 'SELECT n FROM generate_series(1, 100000000) n ORDER BY md5(n::text) LIMIT 1'],
      ['a power without end', 'SELECT length((9.9 ^ 9999)::text)'],
      ['factorial', 'SELECT length(factorial(5000)::text)'],
      ['exp of a large number', 'SELECT length(exp(9999.9::numeric)::text)'],
      ['a pattern with back references', `SELECT repeat('a', 40) ~ '^(a*)*(a*)*(a*)*\\1\\2\\3b$'`],
      ['a pattern with counts in counts', `SELECT repeat('a', 500) ~ '((a{1,40}){1,40}){1,40}b'`],
      ['a pattern over a long text', `SELECT regexp_count(repeat('ab', 100000), '(a|b)*c')`],
      ['LIKE with many wildcards', `SELECT repeat('a', 5000) LIKE '${times(40, '%a')}%b'`],
      [
        'a billion laughs in XML',
        `SELECT xmlparse(document '<!DOCTYPE x [<!ENTITY l0 "lol">${LAUGHS}]><x>&l10;</x>')`,
      ],
      ['deep JSON', `SELECT repeat('[', 100000)::json`],
      ['deep arrays of JSON', `SELECT ('${times(5000, '[')}${times(5000, ']')}')::jsonb`],
      ['a thousand parentheses', `SELECT ${times(1000, '(')}1${times(1000, ')')}`],
      ['a long sum', `SELECT ${times(6000, '1', '+')}`],
      ['nested comments', `SELECT 1 ${times(1500, '/*')}${times(1500, '*/')}`],
      ['a long run of signs', `SELECT 1 ${times(4000, '+')} 1`],
      ['a long list in IN', `SELECT 1 WHERE 1 IN (${times(7000, '1', ',')})`],
      ['a text of 200 kB', `SELECT '${times(200_000, 'x')}'`],
      [
        'a CUBE of ten columns',
        `SELECT count(*) FROM (SELECT 1 FROM generate_series(1, 20) a GROUP BY CUBE (${Array.from({ length: 10 }, (_, n) => `a % ${n + 2}`).join(', ')})) x`,
      ],
      [
        'a join of twenty tables',
        `SELECT count(*) FROM ${Array.from({ length: 20 }, (_, n) => `retail.customers c${n}`).join(', ')}`,
      ],
      ['subqueries in subqueries', `SELECT ${times(90, '(SELECT ')}1${times(90, ')')}`],
      [
        'a window over all rows for each row',
        'SELECT sum(x) FROM (SELECT max(n::text) OVER (ORDER BY n ROWS BETWEEN UNBOUNDED PRECEDING AND 1 FOLLOWING EXCLUDE CURRENT ROW) = n::text AS y, 1 AS x FROM generate_series(1, 5000) n) s',
      ],
      ['a hundred thousand rows', 'SELECT n, md5(n::text) FROM generate_series(1, 100000) n'],
      ['a row of sixteen megabytes', `SELECT repeat('x', 16000000)`],
      ['four hundred wide rows', `SELECT repeat('x', 10000) FROM generate_series(1, 400)`],
      ['full-text search of a long text', `SELECT length(to_tsvector('english', repeat('word ', 20000)))`],
    ] as const
  ).map(([name, sql]) => ({ name, sql, sign: 'stall', brief: true })),
);
