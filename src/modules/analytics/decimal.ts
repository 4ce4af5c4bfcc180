import { ValidationError } from '../../kernel/errors.ts';

/**
 * Exact arithmetic on decimals written as text, as PostgreSQL prints `numeric`. Sums are exact; quotients are rounded
 * half to even at the places asked for: ties go to the even digit, so that rounding many figures has no bias.
 */
interface Scaled {
  readonly units: bigint;
  readonly scale: number;
}

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/;

function parse(text: string): Scaled {
  const match = DECIMAL.exec(text);
  if (match === null)
    throw new ValidationError('A figure is not a finite decimal number, so nothing can be computed from it.');
  const [, sign = '', whole = '', fraction = ''] = match;
  return { units: BigInt(`${sign}${whole}${fraction}`), scale: fraction.length };
}

function aligned(left: string, right: string): readonly [left: bigint, right: bigint, scale: number] {
  const [a, b] = [parse(left), parse(right)];
  const scale = Math.max(a.scale, b.scale);
  return [a.units * 10n ** BigInt(scale - a.scale), b.units * 10n ** BigInt(scale - b.scale), scale];
}

function print(units: bigint, scale: number): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
  const text = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
  return units < 0n ? `-${text}` : text;
}

const magnitude = (value: bigint): bigint => (value < 0n ? -value : value);

function divideHalfEven(numerator: bigint, denominator: bigint): bigint {
  const [top, bottom] = [magnitude(numerator), magnitude(denominator)];
  const [floor, doubleRest] = [top / bottom, (top % bottom) * 2n];
  const up = doubleRest > bottom || (doubleRest === bottom && floor % 2n === 1n);
  const rounded = up ? floor + 1n : floor;
  return numerator < 0n === denominator < 0n ? rounded : -rounded;
}

export function add(left: string, right: string): string {
  const [a, b, scale] = aligned(left, right);
  return print(a + b, scale);
}

export function subtract(left: string, right: string): string {
  const [a, b, scale] = aligned(left, right);
  return print(a - b, scale);
}

/** Negative, zero or positive, as `left` is less than, equal to or more than `right`. */
export function compare(left: string, right: string): number {
  const [a, b] = aligned(left, right);
  return a < b ? -1 : a > b ? 1 : 0;
}

export function multiply(left: string, right: string): string {
  const [a, b] = [parse(left), parse(right)];
  return print(a.units * b.units, a.scale + b.scale);
}

/** `left / right` to `places` decimals, half to even; null when `right` is zero. */
export function quotient(left: string, right: string, places: number): string | null {
  const [a, b] = aligned(left, right);
  return b === 0n ? null : print(divideHalfEven(a * 10n ** BigInt(places), b), places);
}

/** What share `part` is of `whole`, in percent to one decimal; null of nothing. */
export function percent(part: string, whole: string): string | null {
  return quotient(multiply(part, '100'), whole, 1);
}

/** Change from `previous` to `current`, in percent of the size of `previous`, to one decimal; null from nothing. */
export function percentChange(current: string, previous: string): string | null {
  const base = previous.startsWith('-') ? previous.slice(1) : previous;
  return percent(subtract(current, previous), base);
}
