import { expect, test } from 'vitest';
import { createGuard, REFUSAL_CODES, type RefusalCode } from './guard.ts';

/** What a model reads when it is refused: what was wrong and what to write instead. Each message once, word for word. */
const MESSAGES: readonly (readonly [sql: string, code: RefusalCode, message: string])[] = [
  ['', 'SQL_EMPTY', 'The statement is empty; write a SELECT.'],
  [
    'SELECT 1\0; DROP TABLE orders',
    'SQL_BAD_CHARACTER',
    'The statement contains a NUL character; remove it.',
  ],
  ["SELECT '\ud800'", 'SQL_BAD_CHARACTER', 'The statement contains half of a surrogate pair; remove it.'],
  ['SELEC 1', 'SQL_SYNTAX', 'syntax error at or near "SELEC".'],
  ['SELECT 1; SELECT 2', 'SQL_MULTIPLE_STATEMENTS', 'Only one statement is allowed; send them one by one.'],
  [
    'INSERT INTO orders VALUES (1)',
    'SQL_NOT_A_SELECT',
    'INSERT is not allowed; only SELECT, VALUES and WITH … SELECT are.',
  ],
  [
    'WITH x AS (DELETE FROM orders RETURNING *) SELECT * FROM x',
    'SQL_NOT_A_SELECT',
    'DELETE is not allowed; only SELECT, VALUES and WITH … SELECT are.',
  ],
  ['SELECT * INTO t FROM orders', 'SQL_INTO_NOT_ALLOWED', 'SELECT INTO creates a table; leave INTO out.'],
  [
    'SELECT * FROM orders FOR UPDATE',
    'SQL_LOCKING_NOT_ALLOWED',
    'FOR UPDATE and FOR SHARE lock rows; leave them out.',
  ],
  ['SELECT $1', 'SQL_PARAMETER_NOT_ALLOWED', 'There are no parameters here; write the value instead of $1.'],
  [
    'SELECT * FROM pg_class',
    'SQL_TABLE_NOT_ALLOWED',
    "Table pg_class is not allowed; the catalogue can't be queried.",
  ],
  [
    'SELECT * FROM postgres.retail.orders',
    'SQL_TABLE_NOT_ALLOWED',
    'Table postgres.retail.orders is not allowed; write schema.table, without a database.',
  ],
  [
    'SELECT * FROM ordres',
    'SQL_TABLE_NOT_ALLOWED',
    'Table ordres is not allowed. Did you mean retail.orders?',
  ],
  [
    'SELECT * FROM invoices',
    'SQL_TABLE_NOT_ALLOWED',
    'Table invoices is not allowed. Allowed are: retail.orders, retail.stores, other.items.',
  ],
  ['SELECT * FROM items', 'SQL_TABLE_NOT_ALLOWED', 'Table items is not allowed. Write other.items.'],
  [
    'SELECT ctid FROM orders',
    'SQL_COLUMN_NOT_ALLOWED',
    "System column ctid is not allowed; use the table's own columns.",
  ],
  [
    'SELECT a.b.c.d FROM orders',
    'SQL_COLUMN_NOT_ALLOWED',
    'A column is written as column, table.column or schema.table.column.',
  ],
  [
    "SELECT set_config('a', 'b', false)",
    'SQL_FUNCTION_NOT_ALLOWED',
    'Function set_config is not allowed. Only functions that compute from their arguments are.',
  ],
  ['SELECT "Lower"(x)', 'SQL_FUNCTION_NOT_ALLOWED', 'Function Lower is not allowed. Did you mean lower?'],
  [
    'SELECT retail.count(*)',
    'SQL_FUNCTION_NOT_ALLOWED',
    'Function retail.count is not allowed. Did you mean count?',
  ],
  ['SELECT margn(1)', 'SQL_FUNCTION_NOT_ALLOWED', 'Function margn is not allowed. Did you mean margin?'],
  [
    'SELECT current_user',
    'SQL_FUNCTION_NOT_ALLOWED',
    'current_user is not allowed; it tells of the session, not of the data.',
  ],
  [
    'SELECT 1 FROM orders TABLESAMPLE system_rows (1)',
    'SQL_FUNCTION_NOT_ALLOWED',
    'TABLESAMPLE takes BERNOULLI or SYSTEM only.',
  ],
  [
    'SELECT o.pg_typeof FROM orders o',
    'SQL_FUNCTION_NOT_ALLOWED',
    "o.pg_typeof would call the function pg_typeof; name one of o's own columns.",
  ],
  [
    "SELECT ('x'::text).lo_import",
    'SQL_FIELD_NOT_ALLOWED',
    '(…).lo_import is not allowed, it could call a function; put the expression into FROM or WITH and write alias.column.',
  ],
  [
    "SELECT t.lo_import FROM jsonb_each('{}') AS t",
    'SQL_FIELD_NOT_ALLOWED',
    't.lo_import would call a function: t has key, value only; to name others write AS t(a, b).',
  ],
  [
    'SELECT * FROM current_date',
    'SQL_CONSTRUCT_NOT_ALLOWED',
    'An expression in FROM needs a name: write FROM … AS name.',
  ],
  ["SELECT 'x'::regclass", 'SQL_TYPE_NOT_ALLOWED', 'Type regclass is not allowed. Cast to text instead.'],
  ["SELECT 'x'::txt", 'SQL_TYPE_NOT_ALLOWED', 'Type txt is not allowed. Did you mean text?'],
  ['SELECT a::SETOF int', 'SQL_TYPE_NOT_ALLOWED', 'SETOF is not allowed; leave it out.'],
  [
    'SELECT 1 OPERATOR(public.+) 2',
    'SQL_OPERATOR_NOT_ALLOWED',
    "Operator public.+ is not allowed; only PostgreSQL's own, pgvector's and pg_trgm's are, without a schema.",
  ],
  [
    'SELECT xmlelement(name a)',
    'SQL_CONSTRUCT_NOT_ALLOWED',
    'XmlExpr is not allowed here; use plain SELECT expressions.',
  ],
  [
    'SELECT a COLLATE retail."x" FROM orders',
    'SQL_CONSTRUCT_NOT_ALLOWED',
    'Only built-in collations are allowed, such as COLLATE "C".',
  ],
  ["SELECT repeat('x', 1001)", 'SQL_ARGUMENT_NOT_ALLOWED', 'repeat(…): the length may be at most 1000.'],
  [
    "SELECT repeat('x', n)",
    'SQL_ARGUMENT_NOT_ALLOWED',
    'repeat(…): the length must be a number or LEAST(…, 1000).',
  ],
  [
    "SELECT repeat(repeat('x', 2), 2)",
    'SQL_ARGUMENT_NOT_ALLOWED',
    'repeat(…): it may not be applied to the result of repeat.',
  ],
  ["SELECT format('%1001s', 'x')", 'SQL_ARGUMENT_NOT_ALLOWED', 'format(…): a width may be at most 1000.'],
  [
    "SELECT format('%*s', 1, 'x')",
    'SQL_ARGUMENT_NOT_ALLOWED',
    'format(…): a width of * is not allowed; write the number.',
  ],
  ['SELECT format(f, 1)', 'SQL_ARGUMENT_NOT_ALLOWED', 'format(…): the format must be a string literal.'],
  [
    'SELECT replace(s, s, s)',
    'SQL_ARGUMENT_NOT_ALLOWED',
    'replace(…): the replacement must be a string literal; use || or concat to insert a value.',
  ],
  [
    `SELECT regexp_replace(s, '.', '${'x'.repeat(101)}')`,
    'SQL_ARGUMENT_NOT_ALLOWED',
    'regexp_replace(…): the replacement may have at most 100 characters.',
  ],
  ['SELECT power(2, 1001)', 'SQL_ARGUMENT_NOT_ALLOWED', 'power(…): the exponent may be at most 1000.'],
  ['SELECT 2 ^ 1001', 'SQL_ARGUMENT_NOT_ALLOWED', 'Operator ^: the exponent may be at most 1000.'],
  [
    'SELECT factorial(n)',
    'SQL_ARGUMENT_NOT_ALLOWED',
    'factorial(…): the argument must be a number up to 170.',
  ],
  ["SELECT 'x'::char(1001)", 'SQL_ARGUMENT_NOT_ALLOWED', 'Type bpchar may be at most 1000 wide; use text.'],
  [
    'SELECT generate_series(1, 100002)',
    'SQL_ARGUMENT_NOT_ALLOWED',
    'generate_series(…): the series may have at most 100000 steps.',
  ],
  [
    'SELECT generate_series(n, 100001)',
    'SQL_ARGUMENT_NOT_ALLOWED',
    'generate_series(…): numbers in the ends of the series may be at most 100000, and its step at least 1.',
  ],
  [
    "SELECT generate_series(a, b, interval '1 second')",
    'SQL_ARGUMENT_NOT_ALLOWED',
    'generate_series(…): the step must be at least a minute unless both ends are literals.',
  ],
  [
    'SELECT generate_series(a, b, c)',
    'SQL_ARGUMENT_NOT_ALLOWED',
    "generate_series(…): the step must be written out, such as INTERVAL '1 day'.",
  ],
  [
    'SELECT generate_series(start => 1, stop => 2)',
    'SQL_ARGUMENT_NOT_ALLOWED',
    'generate_series(…): arguments must be given by place.',
  ],
  ["SELECT rpad('x', VARIADIC 1)", 'SQL_ARGUMENT_NOT_ALLOWED', 'rpad(…): VARIADIC is not allowed.'],
];

const guard = await createGuard({
  relations: new Set(['retail.orders', 'retail.stores', 'other.items']),
  searchPath: ['retail', 'other'],
  extraFunctions: ['margin'],
});

test.each(MESSAGES)('%j: %s %s', (sql, code, message) => {
  expect(guard.check(sql)).toMatchObject({ ok: false, code, message });
});

test('every code but those of bounds and of the parser itself has its messages here', () => {
  const elsewhere = ['SQL_TOO_LONG', 'SQL_TOO_DEEP', 'SQL_TOO_COMPLEX', 'SQL_PARSER_UNAVAILABLE'];
  expect(new Set([...MESSAGES.map(([, code]) => code), ...elsewhere])).toEqual(new Set(REFUSAL_CODES));
});

test('an unknown table among many allowed ones names twenty', async () => {
  const many = Array.from({ length: 30 }, (_, n) => `retail.table_${n}`);
  const wide = await createGuard({ relations: new Set(many), searchPath: ['retail'] });
  const verdict = wide.check('SELECT * FROM invoices');
  expect(verdict).toMatchObject({
    message: `Table invoices is not allowed. Allowed are: ${many.slice(0, 20).join(', ')}.`,
  });
});

test('positions count UTF-16 units, whatever stands before', () => {
  for (const before of ["'é'", "'𝄞𝄞'", '/* ß */ 1', "U&'\\0041'", '$é$ x $é$']) {
    const sql = `SELECT ${before}, pg_sleep(1)`;
    expect(guard.check(sql)).toMatchObject({ position: sql.indexOf('pg_sleep') });
  }
});

test('a keyword is pointed at where it is code, not where a literal or a comment has it', () => {
  const locked =
    "SELECT 'for update', \"for\" /* for update */ -- for update\n, substring('a' FOR 1) FROM orders FOR/**/SHARE";
  expect(guard.check(locked)).toMatchObject({ position: locked.lastIndexOf('FOR') });
  const changed = 'WITH "delete" AS (SELECT \'delete\' /* delete */), x AS (DELETE FROM orders) SELECT 1';
  expect(guard.check(changed)).toMatchObject({ position: changed.indexOf('DELETE') });
  const later = 'WITH update AS (SELECT 1), x AS (UPDATE orders SET a = 1) SELECT 1';
  expect(guard.check(later)).toMatchObject({ position: later.indexOf('UPDATE') });
  const first = 'SELECT FOR UPDATE OF orders';
  expect(guard.check(first)).toMatchObject({ position: first.indexOf('FOR') });
  const column = 'SELECT share FROM orders FOR -- now\n SHARE';
  expect(guard.check(column)).toMatchObject({ position: column.indexOf('FOR') });
  const joined = 'SELECT ctid FROM orders';
  expect(guard.check(`SELECT 1 FROM orders o JOIN stores xmin USING (xmin)`)).toMatchObject({
    code: 'SQL_COLUMN_NOT_ALLOWED',
  });
  expect(guard.check(joined)).toMatchObject({ position: 7 });
});
