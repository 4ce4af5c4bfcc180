import { type AstNode, type AstValue, as, isNode, listOf, textOf } from './ast.ts';
import { NODE_RULES } from './node-rules.ts';
import { NODE_SHAPES } from './node-shapes.ts';
import type { CheckedPolicy } from './policy.ts';
import { Refusal, type RefusalCode } from './refusal.ts';
import { type Scope, withCte, withFrom } from './scope.ts';

/** One statement being judged: visits every node, counts, and asks the rules. Any `Refusal` ends it. */
export class Walk {
  readonly policy: CheckedPolicy;
  /** The tables found, as 'schema.table'. */
  readonly relations = new Set<string>();
  readonly #sql: string;
  #nodes = 0;
  #joins = 0;
  #ctes = 0;
  /** Byte offset of the last node that told where it stands. */
  #place: number | undefined;

  constructor(sql: string, policy: CheckedPolicy) {
    this.#sql = sql;
    this.policy = policy;
  }

  statement(select: AstNode): void {
    this.#visit('SelectStmt', select, undefined, 1);
  }

  refuse(code: RefusalCode, message: string): never {
    // The tree counts bytes, callers count characters.
    const bytes = Buffer.from(this.#sql).subarray(0, this.#place ?? 0);
    throw new Refusal(code, message, this.#place === undefined ? undefined : bytes.toString().length);
  }

  #visit(type: string, fields: AstNode, scope: Scope | undefined, depth: number): void {
    const shape = NODE_SHAPES.get(type);
    if (typeof fields.location === 'number' && fields.location >= 0) this.#place = fields.location;
    if (shape === undefined) this.#refuseNode(type);
    this.#count(type, depth);
    NODE_RULES.get(type)?.(fields, scope, this);
    const inner = type === 'SelectStmt' ? this.#enterSelect(fields, scope, depth) : scope;
    for (const field in fields) {
      const kind = shape.get(field);
      if (kind === undefined) this.#refuseNode(type, field);
      if (kind.is === 'value') continue;
      const value = fields[field];
      if (kind.is === 'node') this.#visitValue(value, inner, depth + 1);
      else if (isNode(value)) this.#visit(kind.type, value, inner, depth + 1);
    }
  }

  #visitValue(value: AstValue | undefined, scope: Scope | undefined, depth: number): void {
    if (Array.isArray(value)) {
      const limit = this.policy.bounds.listItems;
      if (value.length > limit) this.refuse('SQL_TOO_COMPLEX', `A list may have at most ${limit} items.`);
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
    const ctes = listOf(clause?.ctes);
    const limit = this.policy.bounds.ctes;
    this.#ctes += ctes.length;
    if (this.#ctes > limit) this.refuse('SQL_TOO_COMPLEX', `At most ${limit} WITH queries are allowed.`);
    let inner = scope;
    const recursive = clause?.recursive === true;
    if (recursive) for (const cte of ctes) inner = withCte(inner, cteName(cte));
    for (const cte of ctes) {
      this.#visitValue(cte, inner, depth + 1);
      if (!recursive) inner = withCte(inner, cteName(cte));
    }
    return withFrom(inner, select.fromClause);
  }

  #count(type: string, depth: number): void {
    const { bounds } = this.policy;
    if (++this.#nodes > bounds.nodes) {
      this.refuse('SQL_TOO_COMPLEX', `The statement has more than ${bounds.nodes} parts; shorten it.`);
    }
    if (depth > bounds.depth) {
      this.refuse('SQL_TOO_DEEP', `Expressions are nested more than ${bounds.depth} deep; split them up.`);
    }
    if (FROM_ITEMS.has(type) && ++this.#joins > bounds.joins) {
      this.refuse('SQL_TOO_COMPLEX', `At most ${bounds.joins} tables may be joined in one statement.`);
    }
  }

  #refuseNode(type: string, field?: string): never {
    if (field === 'intoClause') {
      this.refuse('SQL_INTO_NOT_ALLOWED', 'SELECT INTO creates a table; leave INTO out.');
    }
    if (field === 'lockingClause') {
      this.refuse('SQL_LOCKING_NOT_ALLOWED', 'FOR UPDATE and FOR SHARE lock rows; leave them out.');
    }
    if (type === 'ParamRef') {
      this.refuse(
        'SQL_PARAMETER_NOT_ALLOWED',
        'There are no parameters here; write the value instead of $1.',
      );
    }
    if (type.endsWith('Stmt')) {
      const statement = type.slice(0, -'Stmt'.length).toUpperCase();
      this.refuse(
        'SQL_NOT_A_SELECT',
        `${statement} is not allowed; only SELECT, VALUES and WITH … SELECT are.`,
      );
    }
    const name = field === undefined ? type : `${type}.${field}`;
    this.refuse('SQL_CONSTRUCT_NOT_ALLOWED', `${name} is not allowed here; use plain SELECT expressions.`);
  }
}

const FROM_ITEMS: ReadonlySet<string> = new Set(['RangeVar', 'RangeSubselect', 'RangeFunction', 'JsonTable']);

function cteName(cte: AstValue): string {
  return textOf(as('CommonTableExpr', cte)?.ctename);
}
