import { isIPv4, isIPv6 } from 'node:net';

/** What can be stored, and comes back from PostgreSQL as it went in: JSON, and nothing that only JavaScript tells apart. */
export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [key: string]: Json | undefined };
export type AuditRow = { readonly [column: string]: Json | undefined };

/**
 * The one text of a record that its MAC is made of, whether it is about to be written or was read back: JSON with keys in
 * order, without blanks, and without columns that are NULL (so that columns can be added later). `columns` are those that
 * the row may have, in order, for whoever knows them beforehand.
 */
export function canonicalRow(row: AuditRow, columns: readonly string[] = Object.keys(row).sort()): string {
  let text = '';
  for (const column of columns) {
    const value = row[column];
    if (value !== undefined && value !== null)
      text += `${text === '' ? '{' : ','}"${column}":${canonicalJson(value)}`;
  }
  return text === '' ? '{}' : `${text}}`;
}

/** JSON with keys in order. NUL and lone surrogates, which PostgreSQL stores in no text, become U+FFFD. */
export function canonicalJson(value: Json): string {
  if (typeof value === 'string') return JSON.stringify(storable(value));
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(canonicalJson).join(',')}]`;
  return objectText(value as AuditRow);
}

function objectText(object: AuditRow): string {
  const parts: string[] = [];
  for (const key of Object.keys(object).sort()) {
    const value = object[key];
    if (value !== undefined) parts.push(`${JSON.stringify(storable(key))}:${canonicalJson(value)}`);
  }
  return `{${parts.join(',')}}`;
}

/** Text that PostgreSQL takes. */
function storable(text: string): string {
  const wellFormed = text.isWellFormed() ? text : text.toWellFormed();
  return wellFormed.includes('\0') ? wellFormed.replaceAll('\0', '\ufffd') : wellFormed;
}

/** An address in the one spelling of it, or undefined for what is none. `inet` has spellings of its own. */
export function canonicalAddress(ip: string | undefined): string | undefined {
  if (ip === undefined || isIPv4(ip)) return ip;
  const [address = ''] = ip.split('%', 1); // a zone means something on its own machine only
  if (!isIPv6(address)) return undefined;
  const short = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(short);
  if (mapped === null) return short;
  const [high = 0, low = 0] = mapped.slice(1).map((part) => Number.parseInt(part, 16));
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

/** `2026-11-21T19:33:33.12+00:00`, as PostgreSQL says it, in JavaScript's way; what is finer than milliseconds stays to be seen. */
export function canonicalTime(text: string): string {
  const parts = /^(\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?\+00:00$/.exec(text);
  return parts === null ? text : `${parts[1]}.${(parts[2] ?? '').padEnd(3, '0')}Z`;
}
