import { LRUCache } from 'lru-cache';
import { type AstNode, as, isNode, nameParts, nodesWithin, textOf } from './ast.ts';
import { CORE_FUNCTIONS, EXTENSION_FUNCTIONS, VOLATILE_FUNCTIONS, words } from './functions.ts';
import type { Parser } from './parser.ts';

/** What the answer of a query depends on. */
export interface QueryReads {
  /** `schema.name` of every table it names. */
  readonly relations: readonly string[];
  /** Whether it answers the same within a UTC day as long as those tables stay as they are. */
  readonly isSteady: boolean;
}

export interface QueryReadsOptions {
  /** Where a name without a schema is looked for. */
  readonly schema: string;
  /** Tables there are: a name that is one counts as read, even where it may mean a WITH query of the same name. */
  readonly tables: ReadonlySet<string>;
}

const REMEMBERED = 1000;
/** Those that tell the moment, and not just the day. */
const MOMENTARY: ReadonlySet<string> = new Set([
  ...VOLATILE_FUNCTIONS,
  ...words('now statement_timestamp transaction_timestamp'),
]);
/** A date may be written as 'now'. */
const MAYBE_NOW = /\bnow\b/i;
const OURS = ['pg_catalog', 'extensions'];

/**
 * Tells what queries read, Aisle's own as well as a model's. It judges nothing: what it can not parse, or whose functions
 * it does not know, is not steady; of two things that a name may mean it takes both.
 */
export function createQueryReads(parser: Parser, options: QueryReadsOptions): (sql: string) => QueryReads {
  const known = new LRUCache<string, QueryReads>({ max: REMEMBERED });
  return (sql) => {
    const before = known.get(sql);
    if (before !== undefined) return before;
    const found = readsIn(sql, parser, options);
    known.set(sql, found);
    return found;
  };
}

function readsIn(sql: string, parser: Parser, options: QueryReadsOptions): QueryReads {
  let tree: AstNode;
  try {
    tree = parser.parse(sql);
  } catch {
    return { relations: [], isSteady: false };
  }
  const nodes = [...nodesWithin(tree)];
  const named = new Set(nodes.map((node) => textOf(node.ctename)).filter((name) => name !== ''));
  const relations = nodes.flatMap((node) => relationOf(node, named, options));
  return { relations: [...new Set(relations)], isSteady: nodes.every(isSteady) };
}

function relationOf(node: AstNode, named: ReadonlySet<string>, { schema, tables }: QueryReadsOptions) {
  const name = textOf(node.relname);
  if (name === '') return [];
  if (node.schemaname !== undefined) return [`${textOf(node.schemaname)}.${name}`];
  const table = `${schema}.${name}`;
  return named.has(name) && !tables.has(table) ? [] : [table];
}

function isSteady(node: AstNode): boolean {
  const clock = as('SQLValueFunction', node);
  if (clock !== undefined) return clock.op === 'SVFOP_CURRENT_DATE';
  if (isNode(node.sval)) return !MAYBE_NOW.test(textOf(node.sval.sval));
  const call = as('FuncCall', node);
  return call === undefined || isSteadyFunction(nameParts(call.funcname));
}

function isSteadyFunction(parts: readonly string[]): boolean {
  const [name = '', schema = 'pg_catalog'] = parts.toReversed();
  const isKnown = CORE_FUNCTIONS.has(name) || EXTENSION_FUNCTIONS.has(name);
  return isKnown && OURS.includes(schema) && !MOMENTARY.has(name);
}
