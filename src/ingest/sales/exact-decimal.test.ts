import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ExactSum, parseDecimal } from './exact-decimal.ts';

test.each<[string, { units: number; scale: number } | undefined]>([
  ['2.55', { units: 255, scale: 2 }],
  ['-11062.06', { units: -1_106_206, scale: 2 }],
  ['0.000', { units: 0, scale: 0 }],
  ['007.10', { units: 71, scale: 1 }],
  ['.5', { units: 5, scale: 1 }],
  ['5.', { units: 5, scale: 0 }],
  ['999999999999.999', { units: 999_999_999_999_999, scale: 3 }],
  ['9999999999999.999', undefined],
  ['0.0000000000001', undefined],
  ['1,50', undefined],
  ['1e3', undefined],
  ['NaN', undefined],
  ['-', undefined],
  ['.', undefined],
  ['', undefined],
])('%s', (text, expected) => {
  expect(parseDecimal(text)).toEqual(expected);
});

test('sums as BigInt does, at every scale and beyond safe integers', () => {
  const line = fc.tuple(
    fc.integer({ min: -2_147_483_648, max: 2_147_483_647 }),
    fc.integer({ min: -999_999_999_999_999, max: 999_999_999_999_999 }),
    fc.integer({ min: 0, max: 12 }),
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 50 }), (lines) => {
      const sum = new ExactSum();
      let expected = 0n;
      for (const [quantity, units, scale] of lines) {
        sum.add(quantity, { units, scale });
        expected += BigInt(quantity) * BigInt(units) * 10n ** BigInt(12 - scale);
      }
      const [whole = '', fraction = ''] = sum.toString().replace('-', '').split('.');
      const read = BigInt(whole + fraction.padEnd(12, '0')) * (sum.toString().startsWith('-') ? -1n : 1n);
      expect(read).toBe(expected);
    }),
  );
});
