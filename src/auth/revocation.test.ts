/** Threat: in an incident a token is taken back, and it goes on counting because what was given was not what it is known by. */
import { expect, it, test } from 'vitest';
import { ValidationError } from '../kernel/errors.ts';
import { jtiFingerprint, tokenFingerprint } from './fingerprints.ts';
import { revocationOf } from './revocation.ts';

const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
const TOKEN = `${encode({ alg: 'RS256' })}.${encode({ exp: 1_800_000_000, jti: 'j' })}.c2ln`;
const LATER = new Date('2027-01-01T00:00:00Z');
const HASH = 'ab'.repeat(32);

test.each([TOKEN, ` ${TOKEN}\n`, `Bearer ${TOKEN}`, `bearer  ${TOKEN}`])('%s is the token', (text) => {
  const expiresAt = new Date((1_800_000_000 + 120) * 1000);
  expect(revocationOf(text, LATER)).toEqual({
    what: 'token',
    fingerprints: [tokenFingerprint(TOKEN)],
    expiresAt,
  });
});

it('takes a token that ends within a second', () => {
  const token = `${encode({ alg: 'RS256' })}.${encode({ exp: 1_800_000_000.5 })}.c2ln`;
  expect(revocationOf(token, LATER).expiresAt).toEqual(new Date(1_800_000_120_500));
});

it('takes 64 hex digits for a hash and for a jti', () => {
  const fingerprints = [HASH, jtiFingerprint(HASH)];
  expect(revocationOf(HASH, LATER)).toEqual({ what: 'hash', fingerprints, expiresAt: LATER });
});

it('takes a word for a jti', () => {
  expect(revocationOf('j-1', LATER)).toEqual({
    what: 'jti',
    fingerprints: [jtiFingerprint('j-1')],
    expiresAt: LATER,
  });
});

test.each([
  '',
  '  ',
  'two words',
  'a.b.c',
  `x${TOKEN}`,
  `${encode({})}.${encode({})}.x`,
  `${encode({ alg: 'RS256' })}.${encode({ exp: 1e300 })}.x`,
  `aisle_abcdefgh_${'x'.repeat(43)}00000000`,
])('%j is refused: nothing would count less for it', (text) =>
  expect(() => revocationOf(text, LATER)).toThrow(ValidationError),
);
