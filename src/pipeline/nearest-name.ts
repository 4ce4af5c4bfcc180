import { closest, distance } from 'fastest-levenshtein';

const LONGEST = 64;

/** ` Did you mean 'x'?` when a known name is within a typing error or two, else nothing. */
export function didYouMean(name: string, known: Iterable<string>): string {
  const names = [...known];
  if (names.length === 0 || name.length > LONGEST) return '';
  const nearest = closest(name, names);
  return distance(name, nearest) <= Math.max(2, Math.floor(name.length / 3))
    ? ` Did you mean '${nearest}'?`
    : '';
}

/** A name from outside, fit to be quoted in a message: bounded, on one line. */
export function quotable(name: string): string {
  const plain = name.replace(/[^\x20-\x7e]/g, '?');
  return plain.length > LONGEST ? `${plain.slice(0, LONGEST)}…` : plain;
}
