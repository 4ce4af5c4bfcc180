import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { add, compare, multiply, percent, percentChange, quotient, subtract } from './decimal.ts';

describe('sums are exact', () => {
  test.each([
    ['0.1', '0.2', '0.3'],
    ['9747747.934', '0', '9747747.934'],
    ['5.125', '-5.125', '0.000'],
    ['-0.05', '0.01', '-0.04'],
    ['99999999999999999999.99', '0.01', '100000000000000000000.00'],
  ])('%s + %s = %s', (left, right, sum) => {
    expect(add(left, right)).toBe(sum);
    expect(compare(subtract(sum, right), left)).toBe(0);
  });

  test('as PostgreSQL multiplies', () => expect(multiply('-1.50', '2.5')).toBe('-3.750'));

  test('taking away what was added gives back the same number', () => {
    const decimal = fc
      .tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.nat(9999))
      .map(([a, b]) => `${a}.${String(b).padStart(4, '0')}`);
    fc.assert(fc.property(decimal, decimal, (a, b) => compare(subtract(add(a, b), b), a) === 0));
  });
});

describe('quotients are rounded half to even', () => {
  test.each([
    ['1', '3', 2, '0.33'],
    ['2', '3', 2, '0.67'],
    ['0.125', '1', 2, '0.12'],
    ['0.135', '1', 2, '0.14'],
    ['-0.125', '1', 2, '-0.12'],
    ['-0.135', '1', 2, '-0.14'],
    ['0.1250000000000000000001', '1', 2, '0.13'],
    ['5', '2', 0, '2'],
    ['7', '2', 0, '4'],
    ['55.075', '3', 2, '18.36'],
    ['-0.001', '1', 2, '0.00'],
    ['1', '-4', 2, '-0.25'],
  ])('%s / %s to %i places = %s', (left, right, places, expected) => {
    expect(quotient(left, right, places)).toBe(expected);
  });

  test.each(['0', '0.00', '-0'])('by %s there is none', (zero) => expect(quotient('1', zero, 2)).toBeNull());
});

describe('percentages', () => {
  test.each([
    ['1', '3', '33.3'],
    ['1', '8', '12.5'],
    ['1', '1600', '0.1'],
    ['1', '2000', '0.0'],
    ['3', '2000', '0.2'],
    ['-5', '10', '-50.0'],
    ['1', '0', null],
  ])('%s of %s is %s %%', (part, whole, expected) => expect(percent(part, whole)).toBe(expected));

  test.each([
    ['49.95', '10.00', '399.5'],
    ['10', '20', '-50.0'],
    ['10', '-20', '150.0'],
    ['-30', '-20', '-50.0'],
    ['10', '0.00', null],
    ['0', '10', '-100.0'],
    ['20', '20', '0.0'],
  ])('from %2$s to %1$s', (current, previous, expected) =>
    expect(percentChange(current, previous)).toBe(expected),
  );
});

test('what is no decimal is refused', () => {
  for (const text of ['NaN', 'Infinity', '', '1e5', '1.', '٣'])
    expect(() => add(text, '1')).toThrow(/not a finite decimal/);
});
