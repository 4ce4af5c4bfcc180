import { READABLE_TABLES } from '../src/data/tables.ts';
import type { Random } from '../src/demo/random.ts';
import { CORE_FUNCTIONS, EXTENSION_FUNCTIONS } from '../src/sql/functions.ts';
import { OPERATORS } from '../src/sql/operators.ts';
import { EXTENSION_TYPES, SYSTEM_COLUMNS, TYPES } from '../src/sql/types.ts';
import type { Names } from './postgres.ts';

/**
 * Alternatives by name, a line each; `<name>` stands for one of its lines. The first line ends the recursion: it is
 * taken when a statement has grown enough. Some lines are hostile on purpose.
 */
const RULES = {
  statement: `SELECT <expression> AS a FROM orders AS o
    SELECT <call>, <call> FROM <from>
    SELECT * FROM <from>
    SELECT <expression>, <expression> AS a FROM <from> WHERE <condition>
    SELECT <expression> FROM <from> GROUP BY 1 HAVING <condition> ORDER BY <expression> LIMIT <number>
    SELECT <expression>, <window> FROM <from> WHERE <condition> ORDER BY 1 OFFSET <number>
    SELECT DISTINCT ON (<expression>) * FROM <from> ORDER BY <expression> DESC NULLS LAST
    WITH <alias> AS (<statement>) SELECT <expression> FROM <alias>, <from>
    WITH RECURSIVE <alias>(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM <alias> WHERE n < 5) SELECT * FROM <alias>, <from>
    <statement> UNION ALL <statement>
    (<statement>) EXCEPT (<statement>) ORDER BY 1
    VALUES (<expression>, <expression>)
    SELECT <expression> FROM <from> GROUP BY GROUPING SETS ((<expression>), ()), ROLLUP (<column>)
    SELECT * FROM <from> FOR UPDATE
    SELECT <expression> INTO <alias> FROM <from>`,
  expression: `<literal>
    <column>
    <column>
    <call>
    <call>
    <call>
    <call>
    <call>
    <call>
    (<call>).<function>
    <alias>.<column>
    <alias>.<function>
    <alias>
    <function>(<expression>)
    <function>(<expression>, <expression>)
    <function>()
    <function>(<literal>, <literal>, <literal>)
    <schema>.<function>(<expression>)
    (<expression>) <operator> <expression>
    <operator> (<expression>)
    <expression> OPERATOR(<schema>.<operator>) <expression>
    CAST(<expression> AS <type>)
    (<expression>)::<type>
    <type> '1'
    CASE WHEN <condition> THEN <expression> ELSE <expression> END
    COALESCE(<expression>, <expression>)
    (<statement>)
    ARRAY(<statement>)
    ARRAY[<expression>, <expression>]
    (ARRAY[<expression>])[<number>]
    ROW(<expression>, <expression>)
    (<expression>).<column>
    (<expression>).<function>
    (<alias>.*).<function>
    (<function>(<expression>)).<column>
    <aggregate>(<expression>) FILTER (WHERE <condition>)
    <aggregate>(DISTINCT <expression> ORDER BY <expression>)
    percentile_cont(<number>) WITHIN GROUP (ORDER BY <expression>)
    <window>
    EXTRACT(day FROM <expression>)
    TRIM(BOTH <literal> FROM <expression>)
    SUBSTRING(<expression> FROM <number> FOR <number>)
    <expression> AT TIME ZONE <literal>
    <expression> COLLATE "C"
    COLLATION FOR (<expression>)
    NORMALIZE(<expression>)
    JSON_VALUE(<expression>, '$.a' RETURNING <type> DEFAULT <expression> ON ERROR)
    JSON_QUERY(<expression>, '$' PASSING <expression> AS v)
    JSON_OBJECT('k': <expression>)
    JSON_ARRAY(<statement>)
    JSON_OBJECTAGG(<expression>: <expression>)
    XMLELEMENT(NAME x, <expression>)
    current_date
    <keyword>`,
  condition: `<expression> = <expression>
    <column> IS NOT NULL
    <expression> <operator> <expression>
    <expression> IN (<expression>, <expression>)
    <expression> IN (<statement>)
    EXISTS (<statement>)
    NOT <condition>
    <condition> AND <condition>
    <expression> BETWEEN <expression> AND <expression>
    <expression> LIKE <literal> ESCAPE <literal>
    <expression> IS DISTINCT FROM <expression>
    <expression> <operator> ANY (<expression>)
    <expression> IS JSON OBJECT
    <expression> IS NFC NORMALIZED`,
  window: `row_number() OVER ()
    <aggregate>(<expression>) OVER (PARTITION BY <expression> ORDER BY <expression>)
    <function>(<expression>) OVER (ORDER BY <expression> ROWS BETWEEN <number> PRECEDING AND CURRENT ROW)
    sum(<column>) OVER (ORDER BY <expression> RANGE BETWEEN <literal> PRECEDING AND UNBOUNDED FOLLOWING)`,
  from: `<table>
    <table> AS <alias>
    <call> AS <alias>
    <call> WITH ORDINALITY AS <alias>
    <table> <alias>, <table>
    <from> JOIN <from> USING (<column>)
    <from> LEFT JOIN <from> ON <condition>
    <from> NATURAL JOIN <table>
    (<statement>) AS <alias>
    <from>, LATERAL (<statement>) AS <alias>
    <function>(<expression>) AS <alias>
    <function>(<expression>, <expression>) WITH ORDINALITY AS <alias>(<column>, n)
    unnest(ARRAY[<expression>]) AS <alias>
    ROWS FROM (<function>(<expression>), unnest(ARRAY[1])) AS <alias>
    jsonb_to_record(<expression>) AS <alias>(<column> <type>)
    JSON_TABLE(<expression>, '$[*]' COLUMNS (<column> <type> PATH '$' DEFAULT <expression> ON EMPTY)) AS <alias>
    <table> AS <alias> TABLESAMPLE <function> (<number>)
    (VALUES (<expression>, <expression>)) AS <alias>(<column>, b)
    XMLTABLE('/a' PASSING <expression> COLUMNS x text) AS <alias>`,
  table: `orders
    orders
    orders AS o
    <readable>
    <schema>.<relation>
    <relation>
    <alias>`,
  column: `status
    store_id
    order_date
    total_amount
    item_count
    metadata
    o.status
    <any column>`,
  literal: `NULL
    <number>
    NULL
    'a'
    '2026-01-15'
    '1 day'
    '{"a": [1, 2], "b": {"c": 3}}'
    '{1,2}'
    '[1,2]'
    'pg_class'
    '/etc/passwd'
    'SELECT secret FROM retail.secrets'
    TRUE
    date '2026-01-15'
    interval '1 day'
    '{"a":1}'::jsonb`,
  number: `1
    0
    2
    -1
    0.5
    100000
    1e9`,
  alias: `t
    o
    x
    w
    c
    cte
    recent
    orders
    "Orders"
    pg_class
    secrets
    leak`,
  keyword: `current_user
    current_role
    session_user
    current_catalog
    current_schema
    system_user
    localtimestamp
    DEFAULT
    $1`,
  schema: `pg_catalog
    retail
    other
    extensions
    public
    information_schema
    pg_temp`,
  aggregate: `sum
    count
    array_agg
    string_agg
    jsonb_agg
    max
    leak_all
    every`,
} as const;

const LEAVES = ['any column', 'call', 'function', 'operator', 'type', 'readable', 'relation'] as const;
export type Part = keyof typeof RULES | (typeof LEAVES)[number];

/** A value of the type, for calls that PostgreSQL can tell apart. */
const SAMPLES: ReadonlyMap<string, string> = new Map([
  ['int2', '2::int2'],
  ['int4', '3'],
  ['int8', '4::int8'],
  ['float8', '0.5::float8'],
  ['numeric', '1.5'],
  ['text', "'a'::text"],
  ['bool', 'true'],
  ['bytea', "'a'::bytea"],
  ['date', "date '2026-01-15'"],
  ['timestamptz', 'now()'],
  ['timestamp', 'localtimestamp'],
  ['interval', "interval '1 day'"],
  ['json', `'{"a": [1]}'::json`],
  ['jsonb', `'{"a": [1]}'::jsonb`],
  ['jsonpath', `'$.a'::jsonpath`],
  ['tsvector', `'a'::tsvector`],
  ['tsquery', `'a'::tsquery`],
  ['_text', `ARRAY['a', 'b']`],
  ['vector', `'[1,2]'::vector`],
  ['anyelement', '1'],
  ['any', "'a'::text"],
  ['anyarray', 'ARRAY[1, 2]'],
  ['anycompatible', '1'],
  ['anycompatiblearray', 'ARRAY[1, 2]'],
  ['anynonarray', '1'],
  ['anyrange', 'int4range(1, 5)'],
  ['anymultirange', `'{[1,5)}'::int4multirange`],
  ['record', 'ROW(1, 2)'],
]);

/** `signature`: a function's name and the types of its arguments. */
function callOf(signature: string): string {
  const [name = '', ...types] = signature.split(' ');
  return `${quoted(name)}(${types.map((type) => SAMPLES.get(type) ?? `NULL::${type}`).join(', ')})`;
}

const lines = (text: string) => text.split('\n').map((line) => line.trim());

export class Grammar {
  readonly #random: Random;
  readonly #choices: ReadonlyMap<string, readonly string[]>;

  constructor(random: Random, names: Names) {
    this.#random = random;
    const allowed: ReadonlySet<string> = new Set([...CORE_FUNCTIONS, ...EXTENSION_FUNCTIONS]);
    this.#choices = new Map<string, readonly string[]>([
      ...Object.entries(RULES).map(([symbol, text]): [string, string[]] => [symbol, lines(text)]),
      ['any column', [...names.columns, ...SYSTEM_COLUMNS]],
      [
        'call',
        names.signatures.filter((signature) => allowed.has(signature.split(' ')[0] ?? '')).map(callOf),
      ],
      ['any call', names.signatures.map(callOf)],
      ['function', [...CORE_FUNCTIONS, ...EXTENSION_FUNCTIONS]],
      ['any function', names.functions],
      ['operator', [...OPERATORS].filter((operator) => !/[A-Z]/.test(operator))],
      ['any operator', names.operators],
      ['type', [...TYPES, ...EXTENSION_TYPES]],
      ['any type', names.types],
      ['readable', [...READABLE_TABLES, ...READABLE_TABLES.map((name) => name.replace('retail.', ''))]],
      ['relation', names.relations],
    ]);
  }

  /** A text of this kind, of at most about `budget` parts. Columns are, mostly, taken from `columns`. */
  expand(symbol: Part, budget = 12, columns: readonly string[] = []): string {
    let left = budget;
    const expand = (name: string): string => {
      if (name === 'column' && columns.length > 0 && this.#random.chance(0.7)) {
        return columns[this.#random.between(0, columns.length - 1)] ?? '';
      }
      const known = name in RULES || this.#random.chance(0.85) ? name : `any ${name}`;
      const choices = this.#choices.get(known) ?? this.#choices.get(name) ?? [];
      const isRule = name in RULES;
      if (isRule) left--;
      const line = isRule && left < 0 ? choices[0] : choices[this.#random.between(0, choices.length - 1)];
      if (isRule) return (line ?? '').replace(/<([\w ]+)>/g, (_, inner: string) => expand(inner));
      return name === 'call' ? (line ?? '') : quoted(line ?? '');
    };
    return expand(symbol);
  }
}

/** Names that are no plain words are quoted, operators are not. */
function quoted(name: string): string {
  return /^[a-z_][a-z0-9_.]*$|^\W+$/.test(name) ? name : `"${name}"`;
}
