import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases, type OpenedDatabase } from '../../test/harness/databases.ts';
import { loadTwoStores, NORTH } from '../../test/harness/two-stores.ts';
import { AisleError } from '../kernel/errors.ts';
import { as, isNode, listOf, textOf } from './ast.ts';
import { createGuard } from './guard.ts';
import { createParser } from './parser.ts';

/**
 * Closes: a statement that the guard, whose parser is of PostgreSQL 18, reads differently from the server that runs it. What
 * an older server doesn't know must be an error there, and what both know must mean the same.
 */
const SYNTAX_ERROR = '42601';
const UNKNOWN_FUNCTION = '42883';

const NEWER: readonly (readonly [sql: string, since: number, before: string])[] = [
  ['SELECT 0x1F', 16, SYNTAX_ERROR],
  ['SELECT 0b11, 0o17', 16, SYNTAX_ERROR],
  ['SELECT 1_000', 16, SYNTAX_ERROR],
  ['SELECT 1_0.0_1e1_0', 16, SYNTAX_ERROR],
  ['SELECT count(*) FROM generate_series(1, 1_0)', 16, SYNTAX_ERROR],
  ["SELECT repeat('x', 0x10)", 16, SYNTAX_ERROR],
  ['SELECT 2 ^ 1_0', 16, SYNTAX_ERROR],
  ['SELECT a FROM (SELECT 1 AS a)', 16, SYNTAX_ERROR],
  ['SELECT\v1', 16, SYNTAX_ERROR],
  ["SELECT 'a'\n\v'b'", 16, SYNTAX_ERROR],
  ["SELECT '[]' IS JSON", 16, SYNTAX_ERROR],
  ["SELECT JSON_OBJECT('a': 1)", 16, SYNTAX_ERROR],
  ['SELECT JSON_ARRAY(SELECT 1)', 16, SYNTAX_ERROR],
  ['SELECT now() AT LOCAL', 17, SYNTAX_ERROR],
  ["SELECT a FROM JSON_TABLE('1'::jsonb, '$' COLUMNS (a int PATH '$')) AS j", 17, SYNTAX_ERROR],
  ["SELECT JSON_VALUE('1'::jsonb, '$' RETURNING int)", 17, SYNTAX_ERROR],
  // These look like calls to an older server: of functions that nobody has. See docs/sql-guard.md.
  ['SELECT JSON_ARRAY(1, 2)', 16, UNKNOWN_FUNCTION],
  ['SELECT JSON_ARRAYAGG(n) FROM generate_series(1, 2) AS n', 16, UNKNOWN_FUNCTION],
  ['SELECT JSON_SCALAR(1)', 17, UNKNOWN_FUNCTION],
  ["SELECT JSON_SERIALIZE('{}')", 17, UNKNOWN_FUNCTION],
  ["SELECT JSON_EXISTS('{}'::jsonb, '$')", 17, UNKNOWN_FUNCTION],
  ["SELECT JSON_QUERY('{}'::jsonb, '$')", 17, UNKNOWN_FUNCTION],
  ["SELECT JSON_VALUE('1'::jsonb, '$')", 17, UNKNOWN_FUNCTION],
];

const LITERALS: readonly string[] = [
  "'a\\'",
  "'a\\\\b'",
  "'it''s'",
  "E'it\\'s'",
  "E'\\x41\\101\\u0041\\U00000041\\n\\\\'",
  "e'a''b\\''",
  "'a'\n'b'",
  "E'a\\''\n'b\\''",
  "U&'d\\0061t\\+000061'",
  "U&'d!0061t!!' UESCAPE '!'",
  "U&'\\\\'",
  "N'n'",
  '$$it\'s $1 \\ "$$',
  '$tag$ $$ $other$ $tag$',
  '$é$ x $é$',
  "'/* no comment */ -- none'",
  "'' ",
  "'é𝄞'",
];

const NAMES: readonly string[] = [
  'Plain',
  '"Quoted"',
  '"two""quotes"',
  'ÉCOLE',
  '"É"',
  'U&"d\\0061t"',
  'U&"d!0061t" UESCAPE \'!\'',
  'a$1',
  `${'long'.repeat(20)}`,
  `"${'é'.repeat(40)}"`,
];

const guard = await createGuard({ relations: 'any', searchPath: ['retail'] });
const parser = await createParser();

/** The only target of the only SELECT. */
function target(sql: string) {
  const [statement] = listOf(parser.parse(sql).stmts);
  const select = as('SelectStmt', isNode(statement) ? statement.stmt : undefined);
  return as('ResTarget', listOf(select?.targetList)[0]);
}

describe.each(databases)('the parser and the server, on $name', ({ open }) => {
  let opened: OpenedDatabase;
  let version: number;
  const ask = (text: string) =>
    opened.database.withTenant(
      { principal: NORTH.principal, signal: new AbortController().signal, requestId: 'r' },
      (tenant) => tenant.query({ text }),
    );
  beforeAll(async () => {
    opened = await open();
    await loadTwoStores(opened.database);
    version = Number((await ask(`SELECT current_setting('server_version_num')::int / 10000`)).rows[0]?.[0]);
  });
  afterAll(() => opened.close());

  it.each(NEWER)('%j is known from %i on, and an error before', async (sql, since, before) => {
    expect(guard.check(sql)).toMatchObject({ ok: true });
    const outcome = await ask(sql).then(
      () => 'runs',
      (error: unknown) => (error instanceof AisleError ? error.data.sqlstate : error),
    );
    expect(outcome).toBe(version >= since ? 'runs' : before);
  });

  it.each(LITERALS)('read the literal %j alike', async (literal) => {
    const constant = as('A_Const', target(`SELECT ${literal}`)?.val);
    const cast = as('A_Const', as('TypeCast', target(`SELECT ${literal}`)?.val)?.arg);
    const value = (constant ?? cast)?.sval;
    const { rows } = await ask(`SELECT ${literal}`);
    expect(String(rows[0]?.[0]).trimEnd()).toBe((isNode(value) ? textOf(value.sval) : '').trimEnd());
  });

  it.each(NAMES)('read the name %j alike', async (name) => {
    const { columns } = await ask(`SELECT 1 AS ${name}`);
    expect(columns.map((column) => column.name)).toEqual([target(`SELECT 1 AS ${name}`)?.name]);
  });

  it.each([
    ['2 + 3 * 4 ^ 2 - 6 / 2', 47],
    ['-2 ^ 2', 4],
    ['2 ^ 3 ^ 2', 64],
    ["'a' || 'b' LIKE 'ab'", true],
    ['NOT true = false', true],
    ['1 + 1 IN (2) AND 3 > 2 OR false', true],
    ['5 - 3 - 1', 1],
    ["'1' || 1 + 1", '12'],
  ])('bind operators by one precedence: %s', async (expression, value) => {
    expect((await ask(`SELECT ${expression}`)).rows).toEqual([[value]]);
  });
});
