import { type AstNode, type AstValue, as, isNode, listOf, nodesWithin, textOf } from './ast.ts';
import { noFindings } from './constants.ts';
import { NODE_RULES } from './node-rules.ts';
import { NODE_SHAPES } from './node-shapes.ts';
import { Pairs } from './pairs.ts';
import type { CheckedPolicy } from './policy.ts';
import { Refusal, type RefusalCode } from './refusal.ts';
import { type Scope, withCte, withFrom } from './scope.ts';
import { placeOfKeyword } from './tokens.ts';

/** One statement being judged: visits every node, counts, and asks the rules. Any `Refusal` ends it. */
export class Walk {
  readonly policy: CheckedPolicy;
  /** The tables found, as 'schema.table'. */
  readonly relations = new Set<string>();
  readonly findings = noFindings();
  readonly pairs = new Pairs();
  readonly #sql: string;
  #nodes = 0;
  #joins = 0;
  #ctes = 0;
  #arithmetic = 0;
  /** What is being judged, and the byte offset of the last node that told where it stands. */
  #fragment: AstNode = {};
  #place: number | undefined;

  constructor(sql: string, policy: CheckedPolicy) {
    this.#sql = sql;
    this.policy = policy;
  }

  statement(select: AstNode): void {
    this.#visit('SelectStmt', select, undefined, 1);
    const { fault } = this.pairs;
    if (fault === undefined) return;
    this.#fragment = fault.fragment;
    this.refuse('SQL_ARGUMENT_NOT_ALLOWED', fault.message);
  }

  /** Ends the judging. The position is that of the fragment being judged, or of `keyword` from there on. */
  refuse(code: RefusalCode, message: string, keyword?: Keyword): never {
    const start = this.#characters(startOf(this.#fragment) ?? this.#place);
    const from = keyword?.from === 'start' ? 0 : (start ?? 0);
    const place = keyword === undefined ? start : placeOfKeyword(this.#sql, from, keyword.word, keyword.next);
    throw new Refusal(code, message, place ?? start);
  }

  /** One more of what PostgreSQL does not interrupt. */
  countArithmetic(): void {
    const limit = this.policy.bounds.arithmetic;
    if (++this.#arithmetic <= limit) return;
    const what = 'multiplications, divisions and numeric functions';
    this.refuse('SQL_TOO_COMPLEX', `At most ${limit} ${what} are allowed in one statement; aggregate first.`);
  }

  /** The tree counts bytes, callers count characters. */
  #characters(bytes: number | undefined): number | undefined {
    return bytes === undefined ? undefined : Buffer.from(this.#sql).subarray(0, bytes).toString().length;
  }

  #visit(type: string, fields: AstNode, scope: Scope | undefined, depth: number): void {
    const known = KNOWN.get(type);
    this.#fragment = fields;
    if (typeof fields.location === 'number' && fields.location >= 0) this.#place = fields.location;
    if (known === undefined) this.#refuseNode(type);
    this.#count(known.isFromItem, depth);
    known.rule?.(fields, scope, this);
    const inner = type === 'SelectStmt' ? this.#enterSelect(fields, scope, depth) : scope;
    for (const field in fields) {
      const kind = known.shape.get(field);
      const value = fields[field];
      if (kind === undefined) this.#refuseField(type, field, value);
      if (kind.is === 'node') this.#visitValue(value, inner, depth + 1);
      else if (kind.is === 'typed' && isNode(value)) this.#visit(kind.type, value, inner, depth + 1);
    }
  }

  #visitValue(value: AstValue | undefined, scope: Scope | undefined, depth: number): void {
    if (Array.isArray(value)) {
      const limit = this.policy.bounds.listItems;
      if (value.length > limit) {
        this.#judge(value[limit]);
        this.refuse('SQL_TOO_COMPLEX', `A list may have at most ${limit} items; use a subquery or VALUES.`);
      }
      for (const item of value) this.#visitValue(item, scope, depth);
    } else if (isNode(value)) {
      for (const type in value) {
        const fields = value[type];
        if (isNode(fields)) this.#visit(type, fields, scope, depth);
        else this.#refuseNode(type);
      }
    } else if (value !== undefined && value !== null) {
      this.refuse('SQL_CONSTRUCT_NOT_ALLOWED', 'The statement has a part that the guard does not know.');
    }
  }

  /**
   * PostgreSQL's rules for WITH: each query sees the CTEs before it, hence not itself; with RECURSIVE it sees all of
   * them, itself and later ones included. The SELECT and everything inside sees all, and inner names hide outer ones.
   */
  #enterSelect(select: AstNode, scope: Scope | undefined, depth: number): Scope | undefined {
    const clause = isNode(select.withClause) ? select.withClause : undefined;
    for (const field in clause) {
      if (NODE_SHAPES.get('WithClause')?.has(field) !== true) this.#refuseField('WithClause', field, clause);
    }
    const ctes = listOf(clause?.ctes);
    const limit = this.policy.bounds.ctes;
    this.#ctes += ctes.length;
    if (this.#ctes > limit) {
      this.#judge(ctes[ctes.length - (this.#ctes - limit)]);
      this.refuse('SQL_TOO_COMPLEX', `At most ${limit} WITH queries are allowed; merge some of them.`);
    }
    let inner = scope;
    const recursive = clause?.recursive === true;
    if (recursive) this.pairs.lengthen('WITH RECURSIVE');
    if (recursive) for (const cte of ctes) inner = withCte(inner, cteName(cte));
    for (const cte of ctes) {
      this.#visitValue(cte, inner, depth + 1);
      if (!recursive) inner = withCte(inner, cteName(cte));
    }
    return withFrom(inner, select.fromClause);
  }

  #count(isFromItem: boolean, depth: number): void {
    const { bounds } = this.policy;
    if (++this.#nodes > bounds.nodes) {
      this.refuse('SQL_TOO_COMPLEX', `The statement has more than ${bounds.nodes} parts; shorten it.`);
    }
    if (depth > bounds.depth) {
      this.refuse('SQL_TOO_DEEP', `Expressions are nested more than ${bounds.depth} deep; split them up.`);
    }
    if (isFromItem && ++this.#joins > bounds.joins) {
      this.refuse('SQL_TOO_COMPLEX', `At most ${bounds.joins} tables may be joined in one statement.`);
    }
  }

  #judge(value: AstValue | undefined): void {
    if (isNode(value)) this.#fragment = value;
  }

  #refuseField(type: string, field: string, value: AstValue | undefined): never {
    if (field === 'intoClause') {
      this.#judge(value);
      this.refuse('SQL_INTO_NOT_ALLOWED', 'SELECT INTO creates a table; leave INTO out.');
    }
    if (field === 'lockingClause') {
      const message = 'FOR UPDATE and FOR SHARE lock rows; leave them out.';
      this.refuse('SQL_LOCKING_NOT_ALLOWED', message, { word: 'for', next: LOCKS, from: 'start' });
    }
    this.#refuseConstruct(`${type}.${field}`);
  }

  #refuseNode(type: string): never {
    if (type === 'ParamRef') {
      const message = 'There are no parameters here; write the value instead of $1.';
      this.refuse('SQL_PARAMETER_NOT_ALLOWED', message);
    }
    if (type.endsWith('Stmt')) {
      const word = type.slice(0, -'Stmt'.length).toLowerCase();
      const message = `${word.toUpperCase()} is not allowed; only SELECT, VALUES and WITH … SELECT are.`;
      this.#fragment = {};
      this.refuse('SQL_NOT_A_SELECT', message, { word });
    }
    this.#refuseConstruct(type);
  }

  #refuseConstruct(name: string): never {
    this.refuse('SQL_CONSTRUCT_NOT_ALLOWED', `${name} is not allowed here; use plain SELECT expressions.`);
  }
}

/** A word to point at, from the judged fragment or from the start of the text on; `next` are words that must follow. */
export interface Keyword {
  readonly word: string;
  readonly next?: ReadonlySet<string>;
  readonly from?: 'start';
}

const LOCKS: ReadonlySet<string> = new Set(['update', 'share', 'no', 'key']);

/** Byte offset where a fragment begins: its own, or the first that anything inside tells. */
function startOf(fragment: AstNode): number | undefined {
  if (typeof fragment.location === 'number' && fragment.location >= 0) return fragment.location;
  let first: number | undefined;
  for (const { location } of nodesWithin(fragment)) {
    if (typeof location === 'number' && location >= 0 && location < (first ?? Infinity)) first = location;
  }
  return first;
}

const FROM_ITEMS: ReadonlySet<string> = new Set(['RangeVar', 'RangeSubselect', 'RangeFunction', 'JsonTable']);

/** All that is known of a node type, in one place: a text of 1 kB has some 300 nodes. */
const KNOWN = new Map(
  [...NODE_SHAPES].map(([type, shape]) => [
    type,
    { shape, rule: NODE_RULES.get(type), isFromItem: FROM_ITEMS.has(type) },
  ]),
);

function cteName(cte: AstValue): string {
  return textOf(as('CommonTableExpr', cte)?.ctename);
}
