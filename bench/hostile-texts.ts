/** Texts meant to cost the guard as much as they can. Each grows with `n`; the benchmark takes the largest within the bounds. */
export type Shape = (n: number) => string;

const times = (n: number, text: string, separator = '') => Array(n).fill(text).join(separator);
const each = (n: number, make: (i: number) => string, separator = '') =>
  Array.from({ length: n }, (_, i) => make(i)).join(separator);

/** `depth` calls in one another around as much as else fits. */
const nested = (depth: number, open: string, close: string, core: string) =>
  `SELECT ${times(depth, open)}${core}${times(depth, close)}`;

const chains: Readonly<Record<string, Shape>> = {
  'chain of +': (n) => `SELECT 1${times(n, '+1')}`,
  'chain of signs': (n) => `SELECT ${times(n, '+-')}1`,
  'chain of spaced signs': (n) => `SELECT ${times(n, '- ')}1`,
  'chain of ||': (n) => `SELECT a${times(n, '||a')}`,
  'chain of AND': (n) => `SELECT a${times(n, ' AND a')}`,
  'chain of AND NOT': (n) => `SELECT a${times(n, ' AND NOT a')}`,
  'chain of NOT': (n) => `SELECT ${times(n, 'NOT ')}a`,
  'chain of casts': (n) => `SELECT a${times(n, '::int')}`,
  'chain of casts with widths': (n) => `SELECT a${times(n, '::char(9)')}`,
  'chain of subscripts': (n) => `SELECT a${times(n, '[1]')}`,
  'chain of fields': (n) => `SELECT (a)${times(n, '.b')}`,
  'chain of COLLATE': (n) => `SELECT a${times(n, ' COLLATE "C"')}`,
  'chain of AT TIME ZONE': (n) => `SELECT a${times(n, ' AT TIME ZONE b')}`,
  'chain of IS NULL': (n) => `SELECT a${times(n, ' IS NULL')}`,
  'chain of BETWEEN': (n) => `SELECT a${times(n, ' AND a BETWEEN 1 AND 2')}`,
  'chain of CASE': (n) => `SELECT ${times(n, 'CASE WHEN a THEN b ELSE ')}`,
  'chain of WHEN': (n) => `SELECT CASE ${times(n, 'WHEN a THEN b ')}END`,
  'chain of UNION': (n) => times(n, 'SELECT', ' UNION '),
  'chain of UNION ALL VALUES': (n) => times(n, 'VALUES(1)', 'UNION ALL '),
  'chain of JOIN': (n) => `SELECT FROM a${times(n, ' JOIN a USING(b)')}`,
  'chain of NATURAL JOIN': (n) => `SELECT FROM a${times(n, ' NATURAL JOIN a')}`,
  'chain of CROSS JOIN unnest': (n) => `SELECT FROM a${times(n, ' CROSS JOIN unnest(a)b')}`,
};

const lists: Readonly<Record<string, Shape>> = {
  'list of columns': (n) => `SELECT ${times(n, 'a', ',')}`,
  'list of qualified columns': (n) => `SELECT ${times(n, 'a.b', ',')}`,
  'list of stars': (n) => `SELECT ${times(n, '*', ',')}`,
  'list of current_date': (n) => `SELECT ${times(n, 'current_date', ',')}`,
  'list of ten words': (n) => `SELECT ${times(n, 'current_timestamp', ',')}`,
  'list of calls': (n) => `SELECT ${times(n, 'a()', ',')}`,
  'list of allowed calls': (n) => `SELECT ${times(n, 'now()', ',')}`,
  'list of window calls': (n) => `SELECT ${times(n, 'now()OVER()', ',')}`,
  'list of named calls': (n) => `SELECT ${times(n, 'abs(a=>1)', ',')}`,
  'list of casts': (n) => `SELECT ${times(n, "date''", ',')}`,
  'list of intervals': (n) => `SELECT ${times(n, "interval'1'day", ',')}`,
  'list of booleans': (n) => `SELECT ${times(n, 'true', ',')}`,
  'list of arrays': (n) => `SELECT ${times(n, 'ARRAY[]', ',')}`,
  'list of rows': (n) => `SELECT ${times(n, '()', ',')}`,
  'list of row pairs': (n) => `SELECT ${times(n, '(1,1)', ',')}`,
  'list of subqueries': (n) => `SELECT ${times(n, '(SELECT)', ',')}`,
  'list of EXISTS': (n) => `SELECT ${times(n, 'EXISTS(SELECT)', ',')}`,
  'list of LIKE ESCAPE': (n) => `SELECT ${times(n, "a LIKE b ESCAPE''", ',')}`,
  'list of SIMILAR': (n) => `SELECT ${times(n, 'a SIMILAR TO b', ',')}`,
  'list of NOT BETWEEN SYMMETRIC': (n) => `SELECT ${times(n, 'a NOT BETWEEN SYMMETRIC b AND c', ',')}`,
  'list of JSON calls': (n) => `SELECT ${times(n, "JSON_OBJECT('a':1)", ',')}`,
  'list of JSON arrays': (n) => `SELECT ${times(n, 'JSON_ARRAY(1)', ',')}`,
  'list of JSON values': (n) => `SELECT ${times(n, "JSON_VALUE(a,'')", ',')}`,
  'list of IS JSON': (n) => `SELECT ${times(n, 'a IS JSON', ',')}`,
  'list of XML': (n) => `SELECT ${times(n, 'XMLFOREST(a)', ',')}`,
  'list of EXTRACT': (n) => `SELECT ${times(n, 'EXTRACT(day FROM a)', ',')}`,
  'list of OVERLAY': (n) => `SELECT ${times(n, 'OVERLAY(a PLACING b FROM 1)', ',')}`,
  'list of COLLATION FOR': (n) => `SELECT ${times(n, 'COLLATION FOR(a)', ',')}`,
  'list of tables': (n) => `SELECT FROM ${times(n, 'a', ',')}`,
  'list of functions in FROM': (n) => `SELECT FROM ${times(n, 'unnest(a)', ',')}`,
  'list of ROWS FROM': (n) => `SELECT FROM ROWS FROM(${times(n, 'unnest(a)', ',')})`,
  'list of WITH': (n) => `WITH ${times(n, 'a AS(SELECT)', ',')}SELECT`,
  'list of GROUP BY': (n) => `SELECT GROUP BY ${times(n, '()', ',')}`,
  'list of CUBE': (n) => `SELECT GROUP BY ${times(n, 'CUBE(a)', ',')}`,
  'list of ORDER BY': (n) => `SELECT ORDER BY ${times(n, 'a DESC', ',')}`,
  'list of windows': (n) => `SELECT WINDOW ${times(n, 'a AS()', ',')}`,
  'long IN': (n) => `SELECT a IN(${times(n, '1', ',')})`,
  'many INs of 1000': (n) =>
    `SELECT ${times(Math.ceil(n / 1000), `a IN(${times(Math.min(n, 999), '1', ',')})`, ',')}`,
  'long VALUES': (n) => `VALUES${times(n, '(1)', ',')}`,
  'VALUES of few rows': (n) => `VALUES${times(Math.ceil(n / 100), `(${times(100, '1', ',')})`, ',')}`,
  'huge numbers': (n) => `SELECT ${times(Math.ceil(n / 400), times(400, '9'), ',')}`,
  'one huge number': (n) => `SELECT ${times(n, '9')}`,
  'underscored number': (n) => `SELECT 1${times(n, '_1')}`,
};

const otherStatements: Readonly<Record<string, Shape>> = {
  'many statements': (n) => times(n, 'SELECT;'),
  'many COMMITs': (n) => times(n, 'COMMIT;'),
  'many SETs': (n) => times(n, 'SET a=b;'),
  'CREATE TABLE': (n) => `CREATE TABLE a(${times(n, 'b int', ',')})`,
  'CREATE TABLE of constraints': (n) => `CREATE TABLE a(b int${times(n, ' NOT NULL')})`,
  'DROP of many': (n) => `DROP TABLE ${times(n, 'a', ',')}`,
  'GRANT of many': (n) => `GRANT ALL ON ${times(n, 'a', ',')} TO b`,
  'ALTER TABLE of many': (n) => `ALTER TABLE a ${times(n, 'DROP b', ',')}`,
  'UPDATE of many columns': (n) => `UPDATE a SET ${times(n, 'b=1', ',')}`,
  'UPDATE of a row': (n) => `UPDATE a SET (${times(n, 'b', ',')})=(SELECT)`,
  'INSERT ON CONFLICT': (n) => `INSERT INTO a(${times(n, 'b', ',')})VALUES(1)`,
  'CREATE FUNCTION': (n) => `CREATE FUNCTION a(${times(n, 'b int', ',')})RETURNS int AS ''`,
  'EXPLAIN options': (n) => `EXPLAIN(${times(n, 'a', ',')})SELECT`,
  MERGE: (n) => `MERGE INTO a USING b ON c ${times(n, 'WHEN MATCHED THEN DELETE ')}`,
};

const literals: Readonly<Record<string, Shape>> = {
  'one long string': (n) => `SELECT '${times(n, 'x')}'`,
  'doubled quotes': (n) => `SELECT '${times(n, "''")}'`,
  'strings in a row': (n) => `SELECT ${times(n, "''", ' ')}`,
  'continued strings': (n) => `SELECT ${times(n, "''", '\n')}`,
  'continued E strings': (n) => `SELECT E''${times(n, "\n''")}`,
  'string before blank lines': (n) => `SELECT 'a'${times(n, '\n')}`,
  'strings before comments': (n) => `SELECT ${times(n, "'a'--\n", ',')}1`,
  'string before comments': (n) => `SELECT 'a'\n${times(n, '--\n')}`,
  'string before signs': (n) => `SELECT E'a'${times(n, ' --')}`,
  'E escapes': (n) => `SELECT E'${times(n, '\\n')}'`,
  'E unicode': (n) => `SELECT E'${times(n, '\\u00e9')}'`,
  'E surrogates': (n) => `SELECT E'${times(n, '\\ud83d\\ude00')}'`,
  'U& string': (n) => `SELECT U&'${times(n, '\\00e9')}'`,
  'U& string of emoji': (n) => `SELECT U&'${times(n, '\\+01f600')}'`,
  'U& with UESCAPE': (n) => `SELECT U&'${times(n, '!00e9')}' UESCAPE '!'`,
  'many U& strings': (n) => `SELECT ${times(n, "U&'\\00e9'", ',')}`,
  'bit string': (n) => `SELECT B'${times(n, '01')}'`,
  'unicode string': (n) => `SELECT '${times(n, 'é')}'`,
  'emoji string': (n) => `SELECT '${times(n, '😀')}'`,
  'control characters': (n) => `SELECT '${times(n, '\u0001')}'`,
  'quotes to escape': (n) => `SELECT '${times(n, '"')}'`,
  'backslashes to escape': (n) => `SELECT '${times(n, '\\')}'`,
  'strings of control characters': (n) => `SELECT ${times(n, "'\u0001\u0001\u0001\u0001'", ',')}`,
  'long identifiers': (n) => `SELECT ${times(Math.ceil(n / 1000), times(1000, 'x'), ',')}`,
  'long unicode identifiers': (n) => `SELECT ${times(Math.ceil(n / 60), times(60, 'é'), ',')}`,
  'long quoted identifiers': (n) => `SELECT "${times(n, 'é""')}"`,
  'dollar quotes': (n) => `SELECT ${times(n, '$$$$', ',')}`,
  'dollar quote of tags': (n) => `SELECT $a$${times(n, '$b')}$a$`,
  'dollar tags unclosed': (n) => `SELECT ${times(n, '$a')}`,
  'dollar quote of near tags': (n) => `SELECT $${times(500, 'a')}$${times(n, `$${times(499, 'a')}`)}`,
  parameters: (n) => `SELECT ${times(n, '$1', ',')}`,
  'unclosed string': (n) => `SELECT '${times(n, 'x')}`,
  'unclosed E string': (n) => `SELECT E'${times(n, '\\\\')}`,
  'unclosed identifier': (n) => `SELECT "${times(n, 'x')}`,
  'unclosed comment': (n) => `SELECT /*${times(n, 'x')}`,
  'unclosed dollar': (n) => `SELECT $a$${times(n, '$a ')}`,
  'unclosed U&': (n) => `SELECT U&'${times(n, '\\')}`,
};

const blanks: Readonly<Record<string, Shape>> = {
  spaces: (n) => `SELECT${times(n, ' ')}1`,
  'line ends': (n) => `SELECT${times(n, '\r\n')}1`,
  comments: (n) => `SELECT ${times(n, '/**/ ')}1`,
  'adjoining comments': (n) => `SELECT ${times(n, '/**/')}1`,
  'line comments': (n) => `SELECT ${times(n, '--\n')}1`,
  'a comment of openers': (n) => `SELECT /*${times(n, ' /')}*/1`,
  'a comment of stars': (n) => `SELECT /*${times(n, '*')}*/1`,
  'a comment of slashes': (n) => `SELECT /*${times(n, '/')} */1`,
  'nested comments': (n) => `SELECT ${times(16, '/* ')}${times(n, ' ')}${times(16, '*/ ')}1`,
  'pairs of comments at the limit': (n) => `SELECT ${times(n, `${times(15, '/*')} ${times(15, '*/ ')}`)}1`,
  'a long operator': (n) => `SELECT 1${times(n, '<')}1`,
  'operators of 63': (n) => `SELECT 1${times(n, `${times(63, '+')} `)}1`,
  'long operators': (n) => `SELECT 1${times(n, `${times(63, '<')} `)}1`,
  'operators with comments': (n) => `SELECT 1${times(n, `${times(60, '<')}/**/`)}1`,
  'signs of both kinds': (n) => `SELECT 1${times(n, '-+')}1`,
  'signs after stars': (n) => `SELECT 1${times(n, '*+-')}1`,
  'equals and signs': (n) => `SELECT 1${times(n, '=+-+-+-+-')}1`,
  'slashes and signs': (n) => `SELECT 1 ${times(n, '/+')}1`,
  'openers in runs': (n) => `SELECT 1 ${times(n, `${times(15, '+/*')}${times(15, '*/')} `)}1`,
  'wrong bytes': (n) => `SELECT ${times(n, '\u0080')}`,
};

const depths: Readonly<Record<string, Shape>> = {
  parentheses: (n) => nested(99, '(', ')', times(n, '1', '+')),
  'many parentheses': (n) => `SELECT ${times(n, `${times(99, '(')}1${times(99, ')')}`, ',')}`,
  'rows in rows': (n) => nested(99, '(1,', ')', times(n, '1', ',')),
  arrays: (n) => nested(99, 'ARRAY[', ']', times(n, '1', ',')),
  calls: (n) => nested(99, 'abs(', ')', times(n, '1', ',')),
  subqueries: (n) => nested(99, '(SELECT ', ')', times(n, '1', ',')),
  'subqueries in FROM': (n) => `${times(95, 'SELECT FROM(')}SELECT ${times(n, '1', ',')}${times(95, ')a')}`,
  'powers around a list': (n) =>
    nested(
      95,
      'a^(',
      ')',
      `abs(${times(Math.min(n, 990), 'a', ',')},abs(${times(Math.max(0, n - 990), 'a', ',')}))`,
    ),
  'powers around a sum': (n) => nested(60, 'a^(', ')', `a${times(n, '+a')}`),
  'power calls': (n) => nested(95, 'power(2,', ')', `abs(${times(n, '1', ',')})`),
  'power calls around rows': (n) =>
    nested(90, 'power(2,', ')', `(${times(10, `(${times(Math.ceil(n / 10), 'a', ',')})`, ',')})`),
  'powers of sums of numbers': (n) => nested(95, '2^(1+', ')', `abs(${times(n, '1', ',')})`),
  'replace calls': (n) => nested(95, 'replace(', ",'','')", `concat(${times(n, 'a', ',')})`),
  'replace calls around rows': (n) =>
    nested(90, 'replace(', ",'','')", `(${times(10, `(${times(Math.ceil(n / 10), 'a', ',')})`, ',')})`),
  'format calls': (n) =>
    nested(95, "format('',", ')', `(${times(5, `(${times(Math.ceil(n / 5), 'a', ',')})`, ',')})`),
  'series calls': (n) => nested(95, 'generate_series(1,', ')', `abs(${times(n, 'a', ',')})`),
  'a long format': (n) => `SELECT format('${times(n, '%1$-9s')}')`,
  'a format of digits': (n) => `SELECT format('%${times(n, '1')}')`,
  'a long interval': (n) => `SELECT generate_series(date'2020-01-01',a,'${times(n, '1d')}')`,
  'long replacements': (n) => `SELECT ${times(n, "replace(a,b,'')", ',')}`,
  'NOT and parentheses': (n) => nested(99, 'NOT(', ')', times(n, 'a', ' AND ')),
  'joins in parentheses': (n) =>
    `SELECT FROM ${times(95, '(')}a${times(95, ' JOIN b ON c)')} WHERE ${times(n, 'a', '+')}`,
};

const scopes: Readonly<Record<string, Shape>> = {
  'a chain of CTEs': (n) =>
    `WITH ${each(49, (i) => `c${i} AS(SELECT FROM c${Math.max(0, i - 1)})`, ',')}SELECT ${times(n, 'a', ',')} FROM ${times(50, 'c0', ',')}`,
  'recursive CTEs': (n) =>
    `WITH RECURSIVE ${each(49, (i) => `c${i} AS(SELECT FROM c48)`, ',')}SELECT ${times(n, 'c.a', ',')}`,
  'CTEs in CTEs': (n) => `${times(49, 'WITH a AS(')}SELECT ${times(n, 'a', ',')}${times(49, ')SELECT')}`,
  'functions by the same name': (n) => `SELECT ${times(n, 'f.f', ',')} FROM ${times(99, 'unnest(a)f', ',')}`,
  'functions of many columns': (n) => `SELECT f.a FROM json_to_record(a)f(${times(n, 'a int', ',')})`,
  'functions by many names': (n) =>
    `SELECT ${times(n, 'z.z', ',')} FROM ${each(99, (i) => `unnest(a)f${i}`, ',')}`,
  'functions further out': (n) =>
    `SELECT ${times(49, '(SELECT ')}${times(n, 'f.f', ',')}${times(49, ' FROM unnest(a)f)')}`,
  'an unknown function': (n) => `SELECT ${times(n, 'a', ',')},${times(63, 'x')}(1)`,
  'an unknown table': (n) => `SELECT ${times(n, 'a', ',')} FROM ${times(63, 'x')}`,
  'an unknown type': (n) => `SELECT ${times(n, 'a', ',')},a::${times(63, 'x')}`,
  'a refusal at the end of unicode': (n) => `SELECT '${times(n, 'é')}',pg_sleep(1)`,
  'a syntax error at the end of unicode': (n) => `SELECT '${times(n, '😀')}' )`,
  'a syntax error after many tokens': (n) => `SELECT ${times(n, 'a', ',')} )`,
};

export const HOSTILE_SHAPES: Readonly<Record<string, Shape>> = {
  ...chains,
  ...lists,
  ...otherStatements,
  ...literals,
  ...blanks,
  ...depths,
  ...scopes,
};
