/**
 * Threat: an answer of one tenant given to another, because two different questions have one key. Keys are hashes of an
 * encoding; here it is shown that the encoding keeps apart whatever differs, and joins what means the same.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PERMISSIONS, type Permission } from '../kernel/permission.ts';
import { type AnswerIdentity, answerKey, canonical } from './answer-key.ts';

/** Texts that an encoding with separators would trip over, beside any others. */
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '',
    'a',
    'A',
    ' ',
    '|',
    '"',
    '\\',
    '","',
    '[]',
    'null',
    '\0',
    '\ud800',
    '\ufffd',
    '__proto__',
  ),
);
const args = fc.dictionary(fc.oneof(text, fc.constantFrom('a', 'b')), fc.jsonValue());
const stores = fc.uniqueArray(fc.constantFrom('s1', 's2', 's3', 's1 s2'), { maxLength: 3 });
const identity: fc.Arbitrary<AnswerIdentity> = fc.record({
  tool: fc.oneof(text, fc.constantFrom('sales_report', 'execute_sales_query')),
  args,
  scope: stores.map((ids) => ids.join(' ')),
  permissions: fc
    .uniqueArray(fc.constantFrom<Permission>(...PERMISSIONS), { maxLength: 4 })
    .map((all) => new Set(all)),
  version: text,
});

/** Structural equality of what JSON tells apart, written independently of the encoding. */
function same(one: unknown, other: unknown): boolean {
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null)
    return one === other || (one === 0 && other === 0);
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => Object.hasOwn(other, key) && same(Reflect.get(one, key), Reflect.get(other, key)))
  );
}

const sameIdentity = (one: AnswerIdentity, other: AnswerIdentity) =>
  one.tool === other.tool &&
  one.version === other.version &&
  one.scope === other.scope &&
  [...one.permissions].sort().join() === [...other.permissions].sort().join() &&
  same(one.args, other.args);

describe('the key of an answer', () => {
  it('differs whenever tool, arguments, stores, permissions or version differ', () => {
    fc.assert(
      fc.property(identity, identity, (one, other) => {
        expect(answerKey(one) === answerKey(other)).toBe(sameIdentity(one, other));
      }),
      { numRuns: 1000 },
    );
  });

  it('differs when one part of it does', () => {
    fc.assert(
      fc.property(
        identity,
        identity,
        fc.constantFrom('tool', 'args', 'scope', 'permissions', 'version'),
        (one, other, part) => {
          const mixed = { ...one, [part]: other[part as keyof AnswerIdentity] };
          expect(answerKey(one) === answerKey(mixed)).toBe(sameIdentity(one, mixed));
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('is the same for arguments in another order', () => {
    const one = answerKey({ ...BASE, args: { a: 1, b: { c: [1, 2], d: 'x' } } });
    expect(answerKey({ ...BASE, args: { b: { d: 'x', c: [1, 2] }, a: 1 } })).toBe(one);
    expect(answerKey({ ...BASE, permissions: new Set(['read:orders', 'read:reports']) })).toBe(
      answerKey({ ...BASE, permissions: new Set(['read:reports', 'read:orders']) }),
    );
  });

  it.each([
    ['case', "SELECT 'North'", "SELECT 'north'"],
    ['blanks within literals', "SELECT 'a  b'", "SELECT 'a b'"],
    ['a lone surrogate and its replacement', '\ud800', '\ufffd'],
  ])('keeps %s', (_, one, other) => {
    expect(answerKey({ ...BASE, args: { sql: one } })).not.toBe(answerKey({ ...BASE, args: { sql: other } }));
  });

  it('is written as JSON with keys in order', () => {
    expect(canonical({ b: [1, 'x', null], a: { d: undefined, c: true } })).toBe(
      '{"a":{"c":true},"b":[1,"x",null]}',
    );
  });
});

const BASE: AnswerIdentity = { tool: 't', args: {}, scope: 's1', permissions: new Set(), version: 'v' };
