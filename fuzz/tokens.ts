import type { Random } from '../src/demo/random.ts';

const TOKEN =
  /\s+|--[^\n\r]*|\/\*[\s\S]*?\*\/|[eE]'(?:[^'\\]|''|\\[\s\S])*'|(?:[nNbBxX]|[uU]&)?'(?:[^']|'')*'|(?:[uU]&)?"(?:[^"]|"")*"|[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*|\$(\w*)\$[\s\S]*?\$\1\$|\d[\w.]*|::|[-+*/<>=~!@#%^&|`?]+|[\s\S]/g;

/** Blanks and comments included: joined, they are the text. */
function piecesOf(sql: string): string[] {
  return sql.match(TOKEN) ?? [];
}

const isBlank = (piece: string) => /^\s|^--|^\/\*/.test(piece);

export function tokensOf(sql: string): string[] {
  return piecesOf(sql).filter((piece) => !isBlank(piece));
}

/** No dot or cast needs blanks around it, but every token may have them. */
export function textOf(tokens: readonly string[]): string {
  return tokens
    .join(' ')
    .replace(/ ?(\.|::) ?/g, '$1')
    .replace(/ ([,)\]])/g, '$1')
    .replace(/([([]) /g, '$1');
}

const BLANKS = [' ', '\t', '  ', " /* it's ; ( $$ */ ", ' /* /* */ */ ', '\f '] as const;
// Two literals continue one another across a line break only, so a break must stay one.
const BREAKS = ['\n', ' \n\t', "\n-- it's ; (\n", '\r\n', '\n\n'] as const;

/**
 * What the parser looks ahead for, as in NULLS LAST. A comment in between hides it from libpg-query, though not from
 * PostgreSQL, and the statement is refused: a pity, but no hole.
 */
const LOOKED_AHEAD = /^(FIRST|LAST|BETWEEN|IN|LIKE|ILIKE|SIMILAR|TIME|ORDINALITY|JSON|UESCAPE)$/i;

/** The same statement with other blanks and comments, or undefined where blanks are hard to tell from literals. */
export function respaced(sql: string, random: Random): string | undefined {
  if (sql.includes('/*') || /[eE]'[^']*\\/.test(sql)) return undefined;
  return piecesOf(sql)
    .map((piece, i, pieces) => {
      if (!/^\s/.test(piece) || LOOKED_AHEAD.test(pieces[i + 1] ?? '')) return piece;
      return random.pick(/[\n\r]/.test(piece) ? BREAKS : BLANKS);
    })
    .join('');
}

/** The index after the parenthesis that closes the one at `open`, or undefined. */
export function afterGroup(tokens: readonly string[], open: number): number | undefined {
  let depth = 0;
  for (let i = open; i < tokens.length; i++) {
    if (tokens[i] === '(') depth++;
    if (tokens[i] === ')' && --depth === 0) return i + 1;
  }
  return undefined;
}
