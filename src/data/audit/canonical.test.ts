import { describe, expect, it } from 'vitest';
import { canonicalAddress, canonicalJson, canonicalRow, canonicalTime } from './canonical.ts';

describe('canonical text', () => {
  it('has keys in order at any depth, and no columns that are NULL', () => {
    expect(canonicalRow({ b: 1, a: { d: [null, true], c: null }, z: null, y: undefined })).toBe(
      '{"a":{"c":null,"d":[null,true]},"b":1}',
    );
    expect(canonicalRow({})).toBe('{}');
  });

  it('holds nothing that PostgreSQL would not give back', () => {
    expect(canonicalJson({ 'k\0': 'a\0b', lone: '\ud800x' })).toBe('{"k\ufffd":"a\ufffdb","lone":"\ufffdx"}');
    expect(canonicalJson([-0, 1e21, 0.1])).toBe('[0,1e+21,0.1]');
  });
});

it.each([
  ['127.0.0.1', '127.0.0.1'],
  ['::ffff:127.0.0.1', '127.0.0.1'],
  ['::FFFF:7f00:1', '127.0.0.1'],
  ['2001:0DB8:0:0:0:0:0:1', '2001:db8::1'],
  ['fe80::1%eth0', 'fe80::1'],
  ['nobody', undefined],
  ['1.2.3', undefined],
  ['1.2.3.4/24', undefined],
  [undefined, undefined],
])('the address %s is %s', (given, expected) => {
  expect(canonicalAddress(given)).toBe(expected);
});

it.each([
  ['2026-11-21T19:33:33+00:00', '2026-11-21T19:33:33.000Z'],
  ['2026-11-21T19:33:33.12+00:00', '2026-11-21T19:33:33.120Z'],
  ['2026-11-21T19:33:33.123456+00:00', '2026-11-21T19:33:33.123456Z'],
  ['2026-11-21T19:33:33+02:00', '2026-11-21T19:33:33+02:00'],
])('the time %s is %s', (given, expected) => {
  expect(canonicalTime(given)).toBe(expected);
});
