import { Refusal } from './refusal.ts';

/** How large a statement may be. The defaults are far above what analysts write and far below what hurts. */
export interface GuardBounds {
  /** UTF-8 bytes of the text. */
  readonly bytes: number;
  /** Words, literals and punctuation marks: keeps the parser's own recursion shallow. */
  readonly tokens: number;
  /** Open parentheses and brackets. */
  readonly nesting: number;
  /** Comments within comments; PostgreSQL's lexer is quadratic in them. */
  readonly commentNesting: number;
  /** Nodes of the parse tree, in all and from the root to the deepest. */
  readonly nodes: number;
  readonly depth: number;
  /** Tables, subqueries and functions in FROM, over the whole statement. */
  readonly joins: number;
  readonly ctes: number;
  /** Items of any one list: IN (…), ARRAY[…], VALUES, arguments, selected columns. */
  readonly listItems: number;
  /** Steps of one generate_series whose bounds are literals, and the greatest number in one whose aren't. */
  readonly seriesLength: number;
  /** Characters that repeat, lpad, rpad, format, char(n) and bit(n) may pad to. */
  readonly textWidth: number;
}

export const DEFAULT_BOUNDS: GuardBounds = {
  bytes: 16_384,
  tokens: 5_000,
  nesting: 100,
  commentNesting: 16,
  nodes: 10_000,
  depth: 400,
  joins: 100,
  ctes: 50,
  listItems: 1_000,
  seriesLength: 100_000,
  textWidth: 1_000,
};

const WORD = /[A-Za-z_\u0080-\uffff][A-Za-z0-9_$\u0080-\uffff]*/y;
const NUMBER = /\d[\w.]*/y;
const DOLLAR_TAG = /\$(?:[A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*)?\$/y;
// 'a' <newline> 'b' is one literal, and when it began as E'…' backslashes keep their meaning in 'b'.
const CONTINUATION = /(?:[ \t\f\v]|--[^\n\r]*)*[\n\r](?:\s|--[^\n\r]*[\n\r])*'/y;
const SPACE = /\s+/y;
const LINE_COMMENT = /--[^\n\r]*/y;

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

function orEnd(found: number, text: string): number {
  return found < 0 ? text.length : found;
}

/** The index after a literal or quoted name that opens at `at`; a doubled quote shows as two of them in a row. */
function afterQuoted(text: string, at: number): number {
  return orEnd(text.indexOf(text.charAt(at), at + 1), text) + 1;
}

function afterEscapeString(text: string, at: number): number {
  let i = at + 1;
  while (i < text.length) {
    if (text[i] === '\\') i += 2;
    else if (text[i] !== "'") i += 1;
    else if (text[i + 1] === "'") i += 2;
    else {
      const continued = matchAt(CONTINUATION, text, i + 1);
      if (continued === undefined) return i + 1;
      i += 1 + continued.length;
    }
  }
  return i;
}

function afterDollarQuoted(text: string, at: number, tag: string): number {
  return orEnd(text.indexOf(tag, at + tag.length), text) + tag.length;
}

function afterComment(text: string, at: number, limit: number): number {
  let depth = 1;
  let i = at + 2;
  while (i < text.length && depth > 0) {
    const pair = text.slice(i, i + 2);
    if (pair === '*/') depth--;
    else if (pair === '/*') depth++;
    i += pair === '*/' || pair === '/*' ? 2 : 1;
    if (depth > limit) {
      throw new Refusal('SQL_TOO_DEEP', `Comments are nested more than ${limit} deep; remove them.`, i - 2);
    }
  }
  return i;
}

/** The index after the token, blank or comment that starts at `at`. */
function nextIndex(text: string, at: number, bounds: GuardBounds): number {
  const pair = text.slice(at, at + 2);
  if (pair === '--') return at + (matchAt(LINE_COMMENT, text, at)?.length ?? 2);
  if (pair === '/*') return afterComment(text, at, bounds.commentNesting);
  if (pair === "E'" || pair === "e'") return afterEscapeString(text, at + 1);
  const char = text.charAt(at);
  if (char === "'" || char === '"') return afterQuoted(text, at);
  const tag = char === '$' ? matchAt(DOLLAR_TAG, text, at) : undefined;
  if (tag !== undefined) return afterDollarQuoted(text, at, tag);
  const run = matchAt(SPACE, text, at) ?? matchAt(WORD, text, at) ?? matchAt(NUMBER, text, at);
  return at + (run?.length ?? 1);
}

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
  if (nul >= 0) throw new Refusal('SQL_BAD_CHARACTER', 'The statement contains a NUL character.', nul);
  if (!sql.isWellFormed()) {
    throw new Refusal('SQL_BAD_CHARACTER', 'The statement contains half of a surrogate pair.');
  }
  let tokens = 0;
  let open = 0;
  for (let i = 0; i < sql.length; i = nextIndex(sql, i, bounds)) {
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
