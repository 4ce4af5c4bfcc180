import { LRUCache } from 'lru-cache';
import { type AstNode, as, isNode, listOf, nodesWithin, textOf } from './ast.ts';
import { checkText } from './bounds.ts';
import { maskLiterals } from './mask-literals.ts';
import { createParser, type Parser } from './parser.ts';
import { type CheckedPolicy, checkPolicy, type GuardPolicy } from './policy.ts';
import { Refusal } from './refusal.ts';
import { Walk } from './walk.ts';

export type { GuardPolicy } from './policy.ts';
export { REFUSAL_CODES, type RefusalCode } from './refusal.ts';

type Verdict =
  | {
      readonly ok: true;
      readonly relations: readonly string[];
      /** No literal of it means another time when PostgreSQL reads it later, as `'now'` and `'today'` do. */
      readonly isTimeless: boolean;
    }
  | { readonly ok: false; readonly code: string; readonly message: string; readonly position?: number };

export interface Guard {
  /** Judges a text; never throws. Equal texts are judged once. */
  check(sql: string): Verdict;
  /**
   * What all accepted texts share that differ in literals, spacing and comments only: 16 hex digits, or undefined when
   * `check` refuses the text. Costs a second parse when first asked for, which is why no verdict carries it.
   */
  fingerprint(sql: string): string | undefined;
  /** Any text, accepted or not, without its literals and comments. Equal texts are masked once. */
  masked(sql: string): string;
}

/** What is remembered of a text. */
interface Judgement {
  readonly verdict: Verdict;
  fingerprint?: string;
  masked?: string;
}

const CACHED_JUDGEMENTS = 1_000;

/** Loads the parser unless given one (WebAssembly, about 20 ms). Throws `ConfigurationError` when the policy makes no sense. */
export async function createGuard(policy: GuardPolicy, loaded?: Parser): Promise<Guard> {
  const checked = checkPolicy(policy);
  const parser = loaded ?? (await createParser());
  const judgements = new LRUCache<string, Judgement>({ max: CACHED_JUDGEMENTS });

  function judged(sql: string): Judgement {
    const known = judgements.get(sql);
    if (known !== undefined) return known;
    const verdict = judge(sql, checked, parser);
    const judgement = { verdict };
    const isLasting = verdict.ok || verdict.code !== 'SQL_PARSER_UNAVAILABLE';
    if (isLasting && sql.length <= checked.bounds.bytes) judgements.set(sql, judgement);
    return judgement;
  }

  return {
    check: (sql) => judged(sql).verdict,
    fingerprint(sql) {
      const judgement = judged(sql);
      if (judgement.verdict.ok) judgement.fingerprint ??= parser.fingerprint(sql);
      return judgement.fingerprint;
    },
    masked(sql) {
      const judgement = judged(sql);
      judgement.masked ??= maskLiterals(sql.slice(0, checked.bounds.bytes));
      return judgement.masked;
    },
  };
}

function judge(sql: string, policy: CheckedPolicy, parser: Parser): Verdict {
  try {
    checkText(sql, policy.bounds);
    const walk = new Walk(sql, policy);
    const select = soleSelect(sql, parser);
    walk.statement(select);
    const isTimeless = ![...nodesWithin(select)].some(namesATime);
    return Object.freeze({ ok: true, relations: Object.freeze([...walk.relations]), isTimeless });
  } catch (error) {
    return Object.freeze(refusalOf(error));
  }
}

/** PostgreSQL takes these words for the moment at which it parses the text, wherever in a date they stand. */
const TIMES = /\b(?:now|today|tomorrow|yesterday)\b/i;

function namesATime({ sval }: AstNode): boolean {
  return isNode(sval) && TIMES.test(textOf(sval.sval));
}

function refusalOf(error: unknown): Verdict {
  if (!(error instanceof Refusal)) {
    return { ok: false, code: 'SQL_TOO_COMPLEX', message: 'The statement could not be judged; simplify it.' };
  }
  const { code, message, position } = error;
  return position === undefined ? { ok: false, code, message } : { ok: false, code, message, position };
}

function soleSelect(sql: string, parser: Parser) {
  const statements = listOf(parser.parse(sql).stmts);
  const [first, second] = statements;
  if (!isNode(first)) throw new Refusal('SQL_EMPTY', 'The statement is empty; write a SELECT.');
  if (isNode(second)) {
    const at = Buffer.from(sql)
      .subarray(0, Number(second.stmt_location ?? 0))
      .toString().length;
    throw new Refusal('SQL_MULTIPLE_STATEMENTS', 'Only one statement is allowed; send them one by one.', at);
  }
  const select = as('SelectStmt', first.stmt);
  if (select !== undefined) return select;
  const [type = 'Statement'] = isNode(first.stmt) ? Object.keys(first.stmt) : [];
  const name = type.replace(/Stmt$/, '').toUpperCase();
  const message = `${name} is not allowed; only SELECT, VALUES and WITH … SELECT are.`;
  throw new Refusal('SQL_NOT_A_SELECT', message, 0);
}
