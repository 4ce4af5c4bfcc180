import { Refusal } from './refusal.ts';

/**
 * Just enough of PostgreSQL's lexer to tell code from literals and comments. It never decides what a statement means:
 * that is the parser's.
 */
const LINE_COMMENT = /--[^\n\r]*/y;
const ESCAPE_STRING = /[Ee]'/y;
const DOLLAR_TAG = /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y;
// 'a' <newline> 'b' is one literal, and when it began as E'…' backslashes keep their meaning in 'b'.
const CONTINUATION = /[ \t\f\v]*(?:--[^\n\r]*)?[\n\r](?:\s|--[^\n\r]*[\n\r])*'/y;

const asciiSet = (pattern: RegExp) =>
  Uint8Array.from({ length: 128 }, (_, code) => Number(pattern.test(String.fromCharCode(code))));
const BLANK = asciiSet(/\s/);
const DIGIT = asciiSet(/\d/);
const LETTER = asciiSet(/[A-Za-z_]/);
const OF_WORD = asciiSet(/[\w$]/);
const OF_NUMBER = asciiSet(/[\w.]/);

/** The index after the characters from `at` on that are in the set, or aren't ASCII where those belong to it too. */
function afterAll(set: Uint8Array, beyondAscii: boolean, text: string, at: number): number {
  let i = at;
  for (; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 128 ? set[code] === 0 : !beyondAscii) break;
  }
  return i;
}

/** The index after the word, number, blanks or mark that starts at `at`. Most of a text is that: hence no pattern. */
function afterRun(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (code >= 128 || LETTER[code] === 1) return afterAll(OF_WORD, true, text, at + 1);
  if (BLANK[code] === 1) return afterAll(BLANK, false, text, at + 1);
  return DIGIT[code] === 1 ? afterAll(OF_NUMBER, false, text, at + 1) : at + 1;
}

/** The index after what the pattern matches at `at`, or `at` when it doesn't match there. */
function after(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

/** The index after the next `mark` from `at` on, or past the end. A doubled quote shows as two literals in a row. */
function afterNext(mark: string, text: string, at: number): number {
  const found = text.indexOf(mark, at);
  return found < 0 ? text.length : found + mark.length;
}

function afterEscapeString(text: string, at: number): number {
  let i = at;
  while (i < text.length) {
    if (text[i] === '\\') i += 2;
    else if (text[i] !== "'") i += 1;
    else if (text[i + 1] === "'") i += 2;
    else {
      const continued = after(CONTINUATION, text, i + 1);
      if (continued === i + 1) return continued;
      i = continued;
    }
  }
  return i;
}

function afterDollar(text: string, at: number): number {
  const body = after(DOLLAR_TAG, text, at);
  return body === at ? at + 1 : afterNext(text.slice(at, body), text, body);
}

function afterComment(text: string, at: number, limit: number): number {
  let depth = 0;
  let i = at;
  do {
    const pair = text.slice(i, i + 2);
    if (pair === '*/') depth--;
    else if (pair === '/*') depth++;
    if (depth > limit) {
      throw new Refusal('SQL_TOO_DEEP', `Comments are nested more than ${limit} deep; remove them.`, i);
    }
    i += pair === '*/' || pair === '/*' ? 2 : 1;
  } while (i < text.length && depth > 0);
  return i;
}

/** The index after the word, literal, mark, blank or comment that starts at `at`. */
export function nextIndex(text: string, at: number, commentNesting: number): number {
  switch (text[at]) {
    case "'":
    case '"':
      return afterNext(text.charAt(at), text, at + 1);
    case '-':
      return Math.max(at + 1, after(LINE_COMMENT, text, at));
    case '/':
      return text[at + 1] === '*' ? afterComment(text, at, commentNesting) : at + 1;
    case '$':
      return afterDollar(text, at);
    case 'E':
    case 'e': {
      const body = after(ESCAPE_STRING, text, at);
      return body === at ? afterRun(text, at) : afterEscapeString(text, body);
    }
    default:
      return afterRun(text, at);
  }
}

const WORD = /[A-Za-z_]+/y;

/**
 * Where in the text a keyword stands as code, from `from` on; with `next`, only where one of these words follows it. For
 * the places that the parse tree does not tell. Lower case; undefined when it does not stand there.
 */
export function placeOfKeyword(
  text: string,
  from: number,
  keyword: string,
  next?: ReadonlySet<string>,
): number | undefined {
  let found: number | undefined;
  for (let i = from; i < text.length; ) {
    const end = nextIndex(text, i, Number.POSITIVE_INFINITY);
    const isBlank = text.charAt(i) <= ' ' || text.startsWith('--', i) || text.startsWith('/*', i);
    if (!isBlank) {
      const word = text.slice(i, Math.max(i, after(WORD, text, i))).toLowerCase();
      if (found !== undefined && next?.has(word) === true) return found;
      found = word === keyword ? i : undefined;
      if (found !== undefined && next === undefined) return found;
    }
    i = end;
  }
  return undefined;
}
