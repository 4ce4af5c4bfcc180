import { type AstNode, type AstValue, as, isNode, listOf, nameParts, textOf } from './ast.ts';
import { FUNCTION_COLUMNS } from './functions.ts';

/**
 * What names mean at a point of the statement, as a chain from the innermost meaning outwards, like PostgreSQL's
 * parse states: each link adds one CTE or the function calls of one FROM clause.
 */
export interface Scope {
  readonly outer: Scope | undefined;
  readonly cte?: string;
  readonly functions?: readonly FunctionSource[];
}

/**
 * A function call in FROM whose row may be a bare value. `alias.name` then isn't a column unless it is one of these:
 * PostgreSQL would call the function `name` on the value. `FROM unnest(ARRAY['/etc/passwd']) AS t` and `t.pg_read_file`
 * reads the file. The row of a table or a subquery is composite, and no file, setting or sequence is read by a row.
 */
interface FunctionSource {
  readonly alias: string;
  readonly columns: ReadonlySet<string>;
}

export function withCte(outer: Scope | undefined, cte: string): Scope {
  return { outer, cte };
}

export function withFrom(outer: Scope | undefined, from: AstValue | undefined): Scope | undefined {
  const functions: FunctionSource[] = [];
  for (const item of listOf(from)) collectFunctions(item, functions);
  return functions.length === 0 ? outer : { outer, functions };
}

export function isCte(scope: Scope | undefined, name: string): boolean {
  for (let at = scope; at !== undefined; at = at.outer) if (at.cte === name) return true;
  return false;
}

/**
 * Every function in FROM, here or further out, that goes by this name. All of them, not the innermost: which one is
 * visible depends on LATERAL and on join aliases, and a field must be harmless whichever it is.
 */
export function functionsNamed(scope: Scope | undefined, alias: string): readonly FunctionSource[] {
  const found: FunctionSource[] = [];
  for (let at = scope; at !== undefined; at = at.outer) {
    for (const source of at.functions ?? []) if (source.alias === alias) found.push(source);
  }
  return found;
}

/** Into one array: a list of each join's lists would be copied once for every join around it. */
function collectFunctions(item: AstValue, into: FunctionSource[]): void {
  const join = as('JoinExpr', item);
  if (join !== undefined) {
    collectFunctions(join.larg ?? null, into);
    collectFunctions(join.rarg ?? null, into);
    return;
  }
  const range = as('RangeFunction', item);
  // With several functions, or an ordinality column, the row is composite.
  if (range === undefined || range.ordinality === true || listOf(range.functions).length !== 1) return;
  into.push(functionSource(range));
}

/** The call in `FROM call`, or undefined for a cast, a keyword or a constructor in its place. */
export function calledIn(range: AstNode): AstNode | undefined {
  const pair = as('List', listOf(range.functions)[0]);
  return as('FuncCall', listOf(pair?.items)[0]);
}

function functionSource(range: AstNode): FunctionSource {
  const call = calledIn(range);
  const name = call === undefined ? '' : (nameParts(call.funcname).at(-1) ?? '');
  const alias = isNode(range.alias) ? range.alias : undefined;
  const renamed = nameParts(alias?.colnames);
  const defined = listOf(range.coldeflist).map((column) => textOf(as('ColumnDef', column)?.colname));
  // The operator's own functions may return rows, whose columns only the database knows, or a bare value: so these count
  // as one, and their columns must be named to be used with the alias.
  const named = textOf(alias?.aliasname) || name;
  const own = defined.length > 0 ? defined : (FUNCTION_COLUMNS.get(name) ?? [named]);
  return { alias: named, columns: new Set([...renamed, ...own.slice(renamed.length)]) };
}
