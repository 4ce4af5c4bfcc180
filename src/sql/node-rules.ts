import { argumentFault, exponent } from './argument-rules.ts';
import { type AstNode, type AstValue, as, listOf, nameParts, textOf } from './ast.ts';
import { numberOf } from './constants.ts';
import {
  ARITHMETIC_FUNCTIONS,
  CORE_FUNCTIONS,
  EXTENSION_FUNCTIONS,
  FUNCTION_COLUMNS,
  ROW_FUNCTIONS,
} from './functions.ts';
import { ARITHMETIC_OPERATORS, EXTENSION_OPERATORS, OPERATORS } from './operators.ts';
import { checkRelation } from './relations.ts';
import { calledIn, functionsNamed, type Scope } from './scope.ts';
import { suggest } from './suggest.ts';
import {
  CLOCK_KEYWORDS,
  EXTENSION_TYPES,
  PADDED_TYPES,
  SAMPLING_METHODS,
  SYSTEM_COLUMNS,
  TYPES,
} from './types.ts';
import type { Keyword, Walk } from './walk.ts';

/** What must hold for a node beyond its shape. Its children are visited by the walk, not by the rule. */
type NodeRule = (fields: AstNode, scope: Scope | undefined, walk: Walk) => void;

const CATALOG = 'pg_catalog';

/** The name if it is unqualified or built in, as 'name' or 'pg_catalog.name'; else undefined. */
function plainName(parts: readonly string[]): string | undefined {
  return parts.length === 1 || (parts.length === 2 && parts[0] === CATALOG) ? parts.at(-1) : undefined;
}

/**
 * The name of a thing that an extension may have brought: unqualified, or in a schema of the search path, where an
 * unqualified name would be looked up too. Which schema extensions live in is the operator's choice.
 */
function extensionName(parts: readonly string[], walk: Walk): string {
  const [schema, name] = parts.length === 1 ? [undefined, parts[0]] : parts;
  const isOnPath = schema === undefined || walk.policy.searchPath.includes(schema);
  return parts.length <= 2 && isOnPath ? (name ?? '') : '';
}

const functionCall: NodeRule = (call, _scope, walk) => {
  const parts = nameParts(call.funcname);
  const name = plainName(parts);
  const { extraFunctions, searchPath, bounds } = walk.policy;
  const allowed =
    (name !== undefined && CORE_FUNCTIONS.has(name)) ||
    EXTENSION_FUNCTIONS.has(extensionName(parts, walk)) ||
    extraFunctions.has(parts.join('.')) ||
    (parts.length === 1 && extraFunctions.has([...searchPath.slice(0, 1), ...parts].join('.')));
  if (!allowed) {
    const near = suggest(parts.at(-1) ?? '', [...CORE_FUNCTIONS, ...EXTENSION_FUNCTIONS, ...extraFunctions]);
    const instead = near || ' Only functions that compute from their arguments are.';
    walk.refuse('SQL_FUNCTION_NOT_ALLOWED', `Function ${parts.join('.')} is not allowed.${instead}`);
  }
  if (ARITHMETIC_FUNCTIONS.has(name ?? '')) walk.countArithmetic();
  walk.pairs.call(parts.at(-1) ?? '', call);
  const fault = name === undefined ? undefined : argumentFault(name, call, bounds, walk.findings);
  if (fault !== undefined) walk.refuse('SQL_ARGUMENT_NOT_ALLOWED', `${name}(…): ${fault}.`);
};

/** `FROM call AS t` without a name of its own would go by one that only the server knows. */
const rangeFunction: NodeRule = (range, _scope, walk) => {
  if (range.alias === undefined && calledIn(range) === undefined) {
    walk.refuse('SQL_CONSTRUCT_NOT_ALLOWED', 'An expression in FROM needs a name: write FROM … AS name.');
  }
};

function checkOperator(name: AstValue | undefined, walk: Walk): void {
  const parts = nameParts(name);
  const isAllowed =
    OPERATORS.has(plainName(parts) ?? '') || EXTENSION_OPERATORS.has(extensionName(parts, walk));
  if (isAllowed) return;
  const instead = "only PostgreSQL's own, pgvector's and pg_trgm's are, without a schema";
  walk.refuse('SQL_OPERATOR_NOT_ALLOWED', `Operator ${parts.join('.')} is not allowed; ${instead}.`);
}

/** `x > ALL (SELECT …)`, `ORDER BY x USING >`. */
function checkOptionalOperator(name: AstValue | undefined, walk: Walk): void {
  if (name !== undefined) checkOperator(name, walk);
}

/** Also the operator of `x LIKE ANY (SELECT …)`. */
const subquery: NodeRule = (fields, _scope, walk) => {
  if (fields.subLinkType === 'ARRAY_SUBLINK') walk.pairs.lengthen('ARRAY(SELECT …)');
  checkOptionalOperator(fields.operName, walk);
  const [operator = '', { testexpr = null, subselect = null }] = [nameParts(fields.operName).at(-1), fields];
  walk.pairs.operator(operator, { lexpr: testexpr, rexpr: subselect });
};

const expression: NodeRule = (fields, _scope, walk) => {
  checkOperator(fields.name, walk);
  const operator = nameParts(fields.name).at(-1) ?? '';
  if (ARITHMETIC_OPERATORS.has(operator)) walk.countArithmetic();
  walk.pairs.operator(operator, fields);
  if (operator !== '^') return;
  const fault = exponent([null, fields.rexpr ?? null], walk.policy.bounds, walk.findings);
  if (fault !== undefined) walk.refuse('SQL_ARGUMENT_NOT_ALLOWED', `Operator ^: ${fault}.`);
};

function checkNotSystemColumn(name: string, walk: Walk, keyword?: Keyword): void {
  if (!SYSTEM_COLUMNS.has(name)) return;
  const message = `System column ${name} is not allowed; use the table's own columns.`;
  walk.refuse('SQL_COLUMN_NOT_ALLOWED', message, keyword);
}

/**
 * `alias.name` is a function call when the alias has no such column. Where the row is a bare value, the columns are
 * known from the text and anything else is refused. Where it is a row of a table or subquery, only functions that
 * take a row can be meant: the built-in ones outside the allow-list are refused. (A function that the operator has
 * defined on one of the allowed tables' row types is a computed column of it, and can be read as such.)
 */
function checkField(alias: string, field: string, scope: Scope | undefined, walk: Walk): void {
  for (const source of functionsNamed(scope, alias)) {
    if (source.columns.has(field)) continue;
    const columns = [...source.columns].join(', ');
    const known = `${alias} has ${columns} only; to name others write AS ${alias}(a, b)`;
    walk.refuse('SQL_FIELD_NOT_ALLOWED', `${alias}.${field} would call a function: ${known}.`);
  }
  if (field.startsWith('pg_') || ROW_FUNCTIONS.has(field)) {
    const instead = `name one of ${alias}'s own columns`;
    walk.refuse(
      'SQL_FUNCTION_NOT_ALLOWED',
      `${alias}.${field} would call the function ${field}; ${instead}.`,
    );
  }
}

const columnRef: NodeRule = (fields, scope, walk) => {
  const parts = nameParts(fields.fields);
  const [field = '', alias] = [parts.at(-1), parts.at(-2)];
  if (parts.length > 3) {
    walk.refuse(
      'SQL_COLUMN_NOT_ALLOWED',
      'A column is written as column, table.column or schema.table.column.',
    );
  }
  checkNotSystemColumn(field, walk);
  if (alias !== undefined && field !== '*') checkField(alias, field, scope, walk);
};

/**
 * `(expression).name` calls the function `name` on whatever the expression is: `('/etc/passwd'::text).pg_read_file`
 * works. It passes only where the text shows a row: `(alias.*).column`, `(jsonb_each(x)).key`, `(ROW(…)).f1`.
 * `(alias).column` does not: a column of that name hides the alias.
 */
const indirection: NodeRule = (fields, scope, walk) => {
  const steps = listOf(fields.indirection);
  const names = nameParts(steps.filter((step) => as('String', step) !== undefined));
  const [field] = names;
  if (field === undefined) return;
  checkNotSystemColumn(field, walk);
  const row = nameParts(as('ColumnRef', fields.arg)?.fields);
  const call = plainName(nameParts(as('FuncCall', fields.arg)?.funcname));
  const isOnlyStepIntoRow = names.length === 1 && as('String', steps[0]) !== undefined;
  if (isOnlyStepIntoRow && row.length === 2 && row[1] === '*') {
    checkField(row[0] ?? '', field, scope, walk);
    return;
  }
  const isKnownColumn =
    FUNCTION_COLUMNS.get(call ?? '')?.includes(field) === true ||
    (as('RowExpr', fields.arg) !== undefined && /^f\d+$/.test(field));
  if (isOnlyStepIntoRow && isKnownColumn) return;
  const instead = 'put the expression into FROM or WITH and write alias.column';
  walk.refuse('SQL_FIELD_NOT_ALLOWED', `(…).${field} is not allowed, it could call a function; ${instead}.`);
};

const typeName: NodeRule = (fields, _scope, walk) => {
  const parts = nameParts(fields.names);
  const name = plainName(parts);
  const allowed = (name !== undefined && TYPES.has(name)) || EXTENSION_TYPES.has(extensionName(parts, walk));
  if (fields.setof === true) {
    walk.refuse('SQL_TYPE_NOT_ALLOWED', 'SETOF is not allowed; leave it out.');
  }
  if (!allowed) {
    const near = suggest(parts.at(-1) ?? '', TYPES);
    walk.refuse(
      'SQL_TYPE_NOT_ALLOWED',
      `Type ${parts.join('.')} is not allowed.${near || ' Cast to text instead.'}`,
    );
  }
  const limit = walk.policy.bounds.textWidth;
  const [padding] = listOf(fields.typmods);
  if (!PADDED_TYPES.has(name ?? '') || padding === undefined) return;
  // Not only a number can stand there: bpchar("1000000") takes the identifier for one.
  if ((numberOf(padding) ?? Number.POSITIVE_INFINITY) > limit) {
    walk.refuse('SQL_ARGUMENT_NOT_ALLOWED', `Type ${name} may be at most ${limit} wide; use text.`);
  }
};

const clock: NodeRule = (fields, _scope, walk) => {
  const keyword = textOf(fields.op);
  if (CLOCK_KEYWORDS.has(keyword)) return;
  const name = keyword.replace('SVFOP_', '').toLowerCase();
  walk.refuse(
    'SQL_FUNCTION_NOT_ALLOWED',
    `${name} is not allowed; it tells of the session, not of the data.`,
  );
};

const sample: NodeRule = (fields, _scope, walk) => {
  const method = plainName(nameParts(fields.method));
  if (method !== undefined && SAMPLING_METHODS.has(method)) return;
  walk.refuse('SQL_FUNCTION_NOT_ALLOWED', 'TABLESAMPLE takes BERNOULLI or SYSTEM only.');
};

const collation: NodeRule = (fields, _scope, walk) => {
  if (plainName(nameParts(fields.collname)) !== undefined) return;
  walk.refuse('SQL_CONSTRUCT_NOT_ALLOWED', 'Only built-in collations are allowed, such as COLLATE "C".');
};

const usingColumns: NodeRule = (fields, _scope, walk) => {
  for (const name of nameParts(fields.usingClause)) {
    checkNotSystemColumn(name, walk, { word: name });
  }
};

const lengthening =
  (syntax: string): NodeRule =>
  (_fields, _scope, walk) =>
    walk.pairs.lengthen(syntax);

export const NODE_RULES: ReadonlyMap<string, NodeRule> = new Map<string, NodeRule>([
  ['RangeVar', checkRelation],
  ['RangeFunction', rangeFunction],
  ['RangeTableSample', sample],
  ['JoinExpr', usingColumns],
  ['ColumnRef', columnRef],
  ['A_Indirection', indirection],
  ['A_Expr', expression],
  ['SubLink', subquery],
  ['SortBy', (fields, _scope, walk) => checkOptionalOperator(fields.useOp, walk)],
  ['FuncCall', functionCall],
  ['SQLValueFunction', clock],
  ['TypeName', typeName],
  ['CollateClause', collation],
  ['JsonArrayAgg', lengthening('JSON_ARRAYAGG')],
  ['JsonObjectAgg', lengthening('JSON_OBJECTAGG')],
  ['JsonArrayQueryConstructor', lengthening('JSON_ARRAY(SELECT …)')],
]);
