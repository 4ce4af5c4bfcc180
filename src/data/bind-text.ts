import type { ScopedQuery } from './database.ts';

/** A bound value in PostgreSQL's text form. */
export function bindText(value: NonNullable<ScopedQuery['values']>[number]): string | null {
  if (value === null) return null;
  if (typeof value !== 'object') return String(value);
  return `{${value.map((element) => `"${element.replace(/["\\]/g, '\\$&')}"`).join(',')}}`;
}
