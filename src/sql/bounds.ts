import { ConfigurationError } from '../kernel/errors.ts';
import { Refusal } from './refusal.ts';
import { nextIndex } from './tokens.ts';

/** How large a statement may be. The defaults are far above what analysts write and far below what hurts. */
export interface GuardBounds {
  /** UTF-8 bytes of the text. */
  readonly bytes: number;
  /** Words, literals and punctuation marks: keeps the parser's own recursion shallow. */
  readonly tokens: number;
  /** Open parentheses and brackets. */
  readonly nesting: number;
  /** Comments within comments. */
  readonly commentNesting: number;
  /** Nodes of the parse tree, in all and from the root to the deepest. */
  readonly nodes: number;
  readonly depth: number;
  /** Tables, subqueries and functions in FROM, over the whole statement. */
  readonly joins: number;
  readonly ctes: number;
  /** Multiplications, divisions and the like: PostgreSQL does not interrupt one, nor between two of the same row. */
  readonly arithmetic: number;
  /** Items of any one list: IN (…), ARRAY[…], VALUES, arguments, selected columns. */
  readonly listItems: number;
  /** Steps of one generate_series whose bounds are literals, and the greatest number in one whose aren't. */
  readonly seriesLength: number;
  /** Characters that repeat, lpad, rpad, format, char(n) and bit(n) may pad to. */
  readonly textWidth: number;
}

export const DEFAULT_BOUNDS: GuardBounds = {
  bytes: 16_384,
  tokens: 4_000,
  nesting: 100,
  commentNesting: 16,
  nodes: 10_000,
  depth: 400,
  joins: 100,
  ctes: 50,
  arithmetic: 200,
  listItems: 1_000,
  seriesLength: 100_000,
  textWidth: 1_000,
};

/**
 * The most that an operator may allow of what costs the guard itself time, since a check can't be interrupted: what it
 * costs up to here is in docs/decisions/guard-without-worker.md. With 5,400 tokens `NOT NOT … true` overflows the
 * parser's stack, which costs everybody a moment without parser.
 */
export const CEILINGS: Partial<GuardBounds> = {
  bytes: 65_536,
  tokens: 5_000,
  nesting: 200,
  commentNesting: 64,
  nodes: 20_000,
  depth: 800,
  joins: 500,
  ctes: 200,
  listItems: 2_500,
};

/** Bounds as settings have them, each `name=number`. Throws `ConfigurationError` that names the one that is wrong. */
export function boundsFrom(pairs: readonly string[]): Partial<GuardBounds> {
  const bounds: Partial<Record<keyof GuardBounds, number>> = {};
  for (const pair of pairs) {
    const [, name = '', number] = /^(\w+)\s*=\s*(\d+)$/.exec(pair) ?? [];
    if (number === undefined) {
      throw new ConfigurationError(`SQL_BOUNDS: "${pair}" is not of the form name=number, such as joins=20.`);
    }
    if (!isBound(name)) {
      const names = Object.keys(DEFAULT_BOUNDS).join(', ');
      throw new ConfigurationError(`SQL_BOUNDS: there is no bound "${name}"; there are ${names}.`);
    }
    bounds[name] = Number(number);
  }
  return bounds;
}

function isBound(name: string): name is keyof GuardBounds {
  return Object.hasOwn(DEFAULT_BOUNDS, name);
}

/*
 * At every `/*` and every sign PostgreSQL's lexer reads the operator characters from there on to the end of their run,
 * to take back all but one or two: quadratic in a long run of them. (The sign before another `-` opens a comment.)
 */
const SIGNS = /[~!@#^&|`?+\-*/%<>=]/;
const OPERATOR_RUN = new RegExp(`${SIGNS.source}{64,}`, 'g');
const READ_TO_THE_END = /\/\*|\+|-(?!-)/g;
const CHARACTERS_READ_TWICE = 200_000;
const SLASH = '/'.charCodeAt(0);
const LONE_SURROGATE = /\p{Surrogate}/u;

/** What must hold before the parser sees the text. It lexes only as far as telling code from literals and comments. */
export function checkText(sql: string, bounds: GuardBounds): void {
  const bytes = Buffer.byteLength(sql);
  if (bytes > bounds.bytes) {
    throw new Refusal(
      'SQL_TOO_LONG',
      `The statement has ${bytes} bytes; at most ${bounds.bytes} are allowed.`,
    );
  }
  // The parser would stop at a NUL and judge half of the text; a lone surrogate has no UTF-8 form.
  const nul = sql.indexOf('\0');
  if (nul >= 0)
    throw new Refusal('SQL_BAD_CHARACTER', 'The statement contains a NUL character; remove it.', nul);
  if (!sql.isWellFormed()) {
    const message = 'The statement contains half of a surrogate pair; remove it.';
    throw new Refusal('SQL_BAD_CHARACTER', message, sql.search(LONE_SURROGATE));
  }
  if (!isTooSmallToScan(sql, bounds)) {
    checkRuns(sql);
    checkTokens(sql, bounds);
  }
}

const PARENTHESES: ReadonlySet<string> = new Set('([');
const [PARENTHESIS, SIGN] = [1, 2];
const KINDS = Uint8Array.from({ length: 128 }, (_, code) => {
  const char = String.fromCharCode(code);
  if (PARENTHESES.has(char)) return PARENTHESIS;
  return SIGNS.test(char) ? SIGN : 0;
});

/**
 * Whether a text can't go beyond a bound however its characters are read: it has no more tokens than characters, no
 * deeper nesting than parentheses and so on. Most texts are such, and the scan would be a twelfth of what a check costs.
 */
function isTooSmallToScan(sql: string, bounds: GuardBounds): boolean {
  if (sql.length > bounds.tokens) return false;
  let [parentheses, signs, slashes] = [0, 0, 0];
  for (let i = 0; i < sql.length; i++) {
    const code = sql.charCodeAt(i);
    const kind = code < 128 ? KINDS[code] : 0;
    if (kind === PARENTHESIS) parentheses++;
    else if (kind === SIGN) signs++;
    if (code === SLASH) slashes++;
  }
  return (
    parentheses <= bounds.nesting && slashes <= bounds.commentNesting && signs ** 2 <= CHARACTERS_READ_TWICE
  );
}

function checkRuns(sql: string): void {
  let readTwice = 0;
  for (const { 0: run, index } of sql.matchAll(OPERATOR_RUN)) {
    readTwice += run.length * (run.match(READ_TO_THE_END)?.length ?? 0);
    if (readTwice > CHARACTERS_READ_TWICE) {
      const message =
        'Too many comments or signs run into one another; put blanks between them or remove them.';
      throw new Refusal('SQL_TOO_COMPLEX', message, index);
    }
  }
}

function checkTokens(sql: string, bounds: GuardBounds): void {
  let tokens = 0;
  let open = 0;
  for (let i = 0; i < sql.length; i = nextIndex(sql, i, bounds.commentNesting)) {
    const char = sql.charAt(i);
    if (char > ' ') tokens++;
    if (char === '(' || char === '[') open++;
    else if (char === ')' || char === ']') open = Math.max(0, open - 1);
    if (open > bounds.nesting) {
      const limit = `Parentheses are nested more than ${bounds.nesting} deep`;
      throw new Refusal('SQL_TOO_DEEP', `${limit}; split the query with WITH.`, i);
    }
    if (tokens > bounds.tokens) {
      const limit = `The statement has more than ${bounds.tokens} words and marks`;
      throw new Refusal(
        'SQL_TOO_COMPLEX',
        `${limit}; shorten it or select from a subquery instead of a list.`,
        i,
      );
    }
  }
}
