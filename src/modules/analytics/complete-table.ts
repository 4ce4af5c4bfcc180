import { SCHEMA, SHORT_NAMES } from './table-names.ts';

/** Names that begin with what was typed, written as it was begun: with the schema or without. */
export function completeTable(typed: string): string[] {
  const begun = typed.toLowerCase();
  const names = begun.startsWith(`${SCHEMA}.`) ? SHORT_NAMES.map((name) => `${SCHEMA}.${name}`) : SHORT_NAMES;
  return names.filter((name) => name.startsWith(begun));
}
