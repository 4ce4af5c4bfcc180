import { closest } from 'fastest-levenshtein';
import { READABLE_TABLES } from '../../data/tables.ts';

export const SCHEMA = 'retail';

/** Every readable table without its schema: what people type. */
export const SHORT_NAMES: readonly string[] = READABLE_TABLES.map((name) => name.slice(SCHEMA.length + 1));

/** Longer than any real name; what is echoed back and compared is bounded. */
const LONGEST = 80;

/** The full name of a table written with or without its schema, in any case; undefined when there is no such table. */
export function findTable(written: string): string | undefined {
  const name = written.trim().toLowerCase();
  const full = name.startsWith(`${SCHEMA}.`) ? name : `${SCHEMA}.${name}`;
  return READABLE_TABLES.includes(full) ? full : undefined;
}

/** What to tell who asked for a table that is not there. */
export function noSuchTable(written: string): string {
  const asked = written.slice(0, LONGEST);
  const nearest = closest(asked.toLowerCase().replace(/^retail\./, ''), [...SHORT_NAMES]);
  return `There is no table ${JSON.stringify(asked)}. The nearest is ${nearest}; all: ${SHORT_NAMES.join(', ')}.`;
}
