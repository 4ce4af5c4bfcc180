import { closest, distance } from 'fastest-levenshtein';

/** " Did you mean …?" when something allowed is within a typing error or two, else "". */
export function suggest(name: string, allowed: Iterable<string>): string {
  const names = [...allowed];
  if (names.length === 0 || name.length > 64) return '';
  const folded = name.toLowerCase();
  if (names.includes(folded)) return ` Did you mean ${folded}?`;
  const nearest = closest(name, names);
  const tolerance = Math.max(1, Math.floor(name.length / 4));
  return distance(name, nearest) <= tolerance ? ` Did you mean ${nearest}?` : '';
}
