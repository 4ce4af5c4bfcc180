import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { AuthenticationError, ConfigurationError } from '../kernel/errors.ts';
import { PERMISSIONS, type Permission } from '../kernel/permission.ts';
import { type Bearer, contextMinter, derivedPassword, newContextKey } from './context-token.ts';

const SECRET = Buffer.alloc(64, 7);
const KEY = {
  keyId: 'k1',
  innerPad: Buffer.from(SECRET.map((byte) => byte ^ 0x36)),
  outerPad: Buffer.from(SECRET.map((byte) => byte ^ 0x5c)),
};
const SUBJECT = '00000000-0000-4000-8000-000000000001';

const STORE = '00000000-0000-4000-8000-00000000000a';
const NOTHING: ReadonlySet<Permission> = new Set();

describe('contextMinter', () => {
  const token = (bearer: Bearer) => contextMinter(KEY)(bearer, 1_700_000_000.2, 42);
  const signed = (claims: string) => `${claims}.${createHmac('sha256', SECRET).update(claims).digest('hex')}`;

  it('signs key id, subject, expiry and pid with HMAC-SHA256', () => {
    expect(token({ subject: SUBJECT, permissions: NOTHING })).toBe(signed(`k1.${SUBJECT}.1700000001.42..`));
  });

  it('signs the store that the caller confined itself to', () => {
    expect(token({ subject: SUBJECT, permissions: NOTHING, store: STORE })).toBe(
      signed(`k1.${SUBJECT}.1700000001.42.${STORE}.`),
    );
  });

  it('signs the right to personal data, of all permissions', () => {
    expect(token({ subject: SUBJECT, permissions: new Set(PERMISSIONS) })).toBe(
      signed(`k1.${SUBJECT}.1700000001.42..p`),
    );
    const others = new Set(PERMISSIONS.filter((permission) => permission !== 'read:customer_pii'));
    expect(token({ subject: SUBJECT, permissions: others })).toBe(signed(`k1.${SUBJECT}.1700000001.42..`));
  });

  it.each(['', 'north', `${SUBJECT}.9999999999.42`, `${SUBJECT}\n`])('signs nothing for %j', (subject) => {
    expect(() => token({ subject, permissions: NOTHING })).toThrow(AuthenticationError);
  });

  it.each(['north', `${STORE}.p`, `${STORE}\n`])('signs no store %j', (store) => {
    expect(() => token({ subject: SUBJECT, permissions: NOTHING, store })).toThrow(AuthenticationError);
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
