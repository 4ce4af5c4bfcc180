import { nextIndex } from './tokens.ts';

/** Of what a column or table may well be called; anything else is a text in the wrong quotation marks. */
const PLAIN_NAME = /^"[\w$ .-]{1,63}"$/;

/**
 * A text without what it says of anybody: literals and numbers become $1, $2 …, comments go, blanks shrink. It never
 * decides what a statement means, so it takes any text, also one that no parser does: what is not closed is a literal.
 */
export function maskLiterals(sql: string): string {
  let masked = '';
  let literals = 0;
  let wasString = false;
  for (let at = 0; at < sql.length; ) {
    const end = nextIndex(sql, at, Number.POSITIVE_INFINITY);
    const token = sql.slice(at, end);
    const kind = kindOf(token);
    if (kind === 'blank') masked = masked === '' || masked.endsWith(' ') ? masked : `${masked} `;
    else if (kind === 'string') masked = wasString ? masked : `${masked}$${++literals}`;
    else if (kind === 'number') masked += `$${++literals}`;
    else if (kind === 'name') masked += nameOf(token);
    else masked += token;
    wasString = kind === 'string'; // a doubled quotation mark shows as two literals in a row
    at = end;
  }
  return masked.trimEnd();
}

function kindOf(token: string): 'blank' | 'string' | 'number' | 'name' | 'code' {
  if (/^(?:\s|--|\/\*)/.test(token)) return 'blank';
  if (/^(?:'|[Ee]'|\$[^$]*\$)/.test(token)) return 'string';
  if (token.startsWith('"')) return 'name';
  return /^\d/.test(token) ? 'number' : 'code';
}

function nameOf(token: string): string {
  if (PLAIN_NAME.test(token)) return token;
  return '"…"';
}
