import { describe, expect, test } from 'vitest';
import { AuthenticationError, InvalidCredentialError, MalformedCredentialError } from '../kernel/errors.ts';
import { hashApiKey, newApiKey, prefixOf } from './api-key.ts';
import { credentialOf } from './credential.ts';

test.each([
  [{ authorization: 'Bearer a.b.c' }, { kind: 'token', token: 'a.b.c' }],
  [{ authorization: 'bearer   a.b-_~+/c==  ' }, { kind: 'token', token: 'a.b-_~+/c==' }],
  [{ authorization: 'Bearer aisle_x' }, { kind: 'api_key', key: 'aisle_x', header: 'authorization' }],
  [{ 'x-api-key': 'aisle_x' }, { kind: 'api_key', key: 'aisle_x', header: 'x-api-key' }],
  [{ 'x-api-key': '' }, { kind: 'api_key', key: '', header: 'x-api-key' }],
])('%j', (headers, credential) => {
  expect(credentialOf(headers)).toEqual(credential);
});

test.each<[Record<string, string | string[]>]>([
  [{}],
  [{ 'x-rls-user-id': '0190a000-0000-7000-8000-00000000000a' }],
  [{ authorization: '' }],
  [{ authorization: 'Basic YTpi' }],
  [{ authorization: 'DPoP a.b.c' }],
  [{ authorization: 'BearerToken a.b.c' }],
])('%j is nobody', (headers) => {
  expect(() => credentialOf(headers)).toThrow(AuthenticationError);
  expect(() => credentialOf(headers)).not.toThrow(InvalidCredentialError);
  expect(() => credentialOf(headers)).not.toThrow(MalformedCredentialError);
});

test.each<[Record<string, string | string[]>]>([
  [{ authorization: 'Bearer' }],
  [{ authorization: 'bearer ' }],
  [{ authorization: 'Bearer a b' }],
  [{ authorization: 'Bearer a=b' }],
  [{ authorization: 'Bearer a', 'x-api-key': 'b' }],
  [{ authorization: ['Bearer a', 'Bearer b'] }],
  [{ 'x-api-key': ['a', 'b'] }],
])('%j is malformed', (headers) => {
  expect(() => credentialOf(headers)).toThrow(MalformedCredentialError);
});

describe('an API key', () => {
  test('tells its prefix and never repeats', () => {
    const { key, prefix } = newApiKey();
    expect(key).toMatch(/^aisle_[a-z0-9]{8}_[\w-]{51}$/);
    expect(prefixOf(key)).toBe(prefix);
    expect(newApiKey().key).not.toBe(key);
  });

  test('with any character changed is none', () => {
    const { key } = newApiKey();
    for (let at = 0; at < key.length; at += 1) {
      const other = key[at] === 'a' ? 'b' : 'a';
      expect(prefixOf(key.slice(0, at) + other + key.slice(at + 1)), `at ${at}`).toBeUndefined();
    }
    expect(prefixOf(`${key} `)).toBeUndefined();
    expect(prefixOf('')).toBeUndefined();
  });

  test('is stored under a secret', () => {
    const { key } = newApiKey();
    const secret = Buffer.alloc(32, 1);
    expect(hashApiKey(key, secret)).toEqual(hashApiKey(key, secret));
    expect(hashApiKey(key, secret)).not.toEqual(hashApiKey(key, Buffer.alloc(32, 2)));
  });
});
