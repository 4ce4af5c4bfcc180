import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { AuthenticationError, ConfigurationError } from '../kernel/errors.ts';
import { contextMinter, derivedPassword, newContextKey } from './context-token.ts';

const SECRET = Buffer.alloc(64, 7);
const KEY = {
  keyId: 'k1',
  innerPad: Buffer.from(SECRET.map((byte) => byte ^ 0x36)),
  outerPad: Buffer.from(SECRET.map((byte) => byte ^ 0x5c)),
};
const SUBJECT = '00000000-0000-4000-8000-000000000001';

describe('contextMinter', () => {
  it('signs key id, subject, expiry and pid with HMAC-SHA256', () => {
    const claims = `k1.${SUBJECT}.1700000001.42`;
    const mac = createHmac('sha256', SECRET).update(claims).digest('hex');
    expect(contextMinter(KEY)(SUBJECT, 1_700_000_000.2, 42)).toBe(`${claims}.${mac}`);
  });

  it.each(['', 'north', `${SUBJECT}.9999999999.42`, `${SUBJECT}\n`])('signs nothing for %j', (subject) => {
    expect(() => contextMinter(KEY)(subject, 1, 1)).toThrow(AuthenticationError);
  });

  it('refuses a damaged key at once', () => {
    expect(() => contextMinter({ ...KEY, outerPad: Buffer.alloc(3) })).toThrow(ConfigurationError);
  });
});

it('new keys differ, and so do the passwords of two roles', () => {
  expect(newContextKey().innerPad.equals(newContextKey().innerPad)).toBe(false);
  expect(derivedPassword(KEY, 'a')).not.toBe(derivedPassword(KEY, 'b'));
  expect(derivedPassword(KEY, 'a')).toBe(derivedPassword(KEY, 'a'));
});
