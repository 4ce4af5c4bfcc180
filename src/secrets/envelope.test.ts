/**
 * Threat: whoever can read tables, backups or answers to SQL reads customers' letters; whoever can write them moves a
 * ciphertext to a row of their own to have it opened there.
 */
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ConfigurationError, InternalError } from '../kernel/errors.ts';
import { prefix, seal, sealedWith, unseal } from './envelope.ts';
import { parseSecretKeys } from './secret-keys.ts';

const key = (id: string) => `${id}:${randomBytes(32).toString('base64')}`;
const OLD = key('old');
const NEW = key('new');
const before = parseSecretKeys([OLD]);
const during = parseSecretKeys([NEW, OLD]);
const after = parseSecretKeys([NEW]);
const ROW = ['table', 'column', 'row 1'];

test('any text comes back as it was, and is not to be seen meanwhile', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 8, maxLength: 300 }), (text) => {
      const sealed = seal(before, 'p', ROW, text);
      expect(sealed).toMatch(/^enc:v1:old:[A-Za-z0-9_-]+$/);
      expect(sealed).not.toContain(text);
      expect(unseal(before, 'p', ROW, sealed)).toBe(text.toWellFormed());
    }),
  );
});

test('the same text is sealed differently each time', () => {
  const sealed = Array.from({ length: 50 }, () => seal(before, 'p', ROW, 'same'));
  expect(new Set(sealed).size).toBe(50);
});

test('a new key seals, the old one still opens; without it nothing is guessed', () => {
  const sealed = seal(before, 'p', ROW, 'letter');
  expect(unseal(during, 'p', ROW, sealed)).toBe('letter');
  expect(sealedWith(seal(during, 'p', ROW, 'letter'))).toBe('new');
  expect(seal(during, 'p', ROW, 'letter').startsWith(prefix('new'))).toBe(true);
  expect(() => unseal(after, 'p', ROW, sealed)).toThrow(
    new ConfigurationError('SECRET_KEYS lacks the key old, which stored data is encrypted with.'),
  );
});

test.each([
  ['another row', 'p', ['table', 'column', 'row 2']],
  ['another column', 'p', ['table', 'other', 'row 1']],
  ['parts joined in another way', 'p', ['table', 'columnrow 1']],
  ['another purpose', 'q', ROW],
])('moved to %s it does not open', (_where, purpose, identity) => {
  const sealed = seal(before, 'p', ROW, 'letter');
  expect(() => unseal(before, purpose, identity, sealed)).toThrow(InternalError);
});

test('a change of any character is noticed', () => {
  const sealed = seal(before, 'p', ROW, 'letter');
  const start = prefix('old').length;
  for (let at = start; at < sealed.length; at += 1) {
    const other = sealed[at] === 'A' ? 'B' : 'A';
    const changed = sealed.slice(0, at) + other + sealed.slice(at + 1);
    // The last character of base64url may carry bits that belong to no byte.
    const same = Buffer.from(changed.slice(start), 'base64url').equals(
      Buffer.from(sealed.slice(start), 'base64url'),
    );
    if (!same) expect(() => unseal(before, 'p', ROW, changed), String(at)).toThrow(InternalError);
  }
});

test.each(['', 'letter', 'enc:v1:old:', 'enc:v1:old:AAAA', 'enc:v2:old:AAAA', 'enc:v1:old:!!!!'])(
  '%j was never sealed',
  (text) => expect(() => unseal(before, 'p', ROW, text)).toThrow(InternalError),
);
