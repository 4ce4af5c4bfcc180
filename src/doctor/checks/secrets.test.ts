import { describe, expect, it } from 'vitest';
import { patientWith, settingsWith } from '../testing/patient.ts';
import { contextKey, databasePassword, sensitiveFields, weakness } from './secrets.ts';

it.each([
  ['postgres', 'is one of those tried first'],
  ['Postgres123!', 'is one of those tried first'],
  ['changeme', 'is one of those tried first'],
  ['shop-owner', 'is the name of the user'],
  ['SHOP-OWNER', 'is the name of the user'],
  ['x7#kQ9vL2mR8', 'is shorter than 16 characters'],
  ['abababababababababab', 'has fewer than 8 different characters'],
  ['x7#kQ9vL2mR8pW4z', undefined],
  ['72cd6deece0d25486d9e86be43bf412c', undefined],
])('the password %s %s', (password, weak) => expect(weakness(password, 'shop-owner')).toBe(weak));

describe('the password in DATABASE_URL', () => {
  it.each([
    ['none', 'postgres://owner@db.example/shop', 'ok'],
    ['strong', 'postgres://owner:x7%23kQ9vL2mR8pW4z@db.example/shop', 'ok'],
    ['weak, another machine', 'postgres://postgres:postgres@db.example/shop', 'fail'],
    ['weak, this machine', 'postgres://postgres:postgres@localhost/shop', 'warn'],
    ['weak, a socket', 'postgres://postgres:postgres@localhost/shop?host=/run/postgresql', 'warn'],
    ['weak, a host hidden in the parameters', 'postgres://a:postgres@localhost/shop?host=db.example', 'fail'],
    ['short once decoded', 'postgres://owner:%61%62%63%64%65%66@db.example/shop', 'fail'],
    ['with a lone %', 'postgres://owner:x7%kQ9vL2mR8pW4zz@db.example/shop', 'ok'],
  ])('%s: %s', (_what, url, status) => {
    const verdict = databasePassword.judge(settingsWith({ DATABASE_URL: url }));
    expect(verdict.status).toBe(status);
    expect(JSON.stringify(verdict)).not.toMatch(/kQ9|abcdef|"postgres"/);
  });

  it('does not exist for the embedded database', () => {
    expect(databasePassword.judge(settingsWith({ DATABASE_URL: undefined })).status).toBe('skipped');
  });
});

const key = { id: 'k1', isWhole: true, isEmpty: false, days: 1 };

it.each([
  ['one', [key], 'ok', '64 bytes, 1 days old'],
  ['none', [], 'fail', 'there is none'],
  ['cut short', [{ ...key, isWhole: false }], 'fail', 'not the two blocks of 64 bytes of an HMAC key: k1'],
  [
    'of zeros',
    [key, { ...key, id: 'k0', isEmpty: true }],
    'fail',
    'not the two blocks of 64 bytes of an HMAC key: k0',
  ],
  ['of 90 days', [{ ...key, days: 90 }], 'ok', '64 bytes, 90 days old'],
  ['old', [{ ...key, days: 91 }], 'warn', '91 days old'],
  ['old, with a new one', [key, { ...key, id: 'k0', days: 400 }], 'ok', '64 bytes, 1 days old'],
  ['many', [key, key, key, key], 'warn', '4 keys, and contexts signed with any of them count'],
])('context keys: %s', (_what, keys, status, found) => {
  expect(contextKey.judge(keys, patientWith())).toMatchObject({ status, found });
});

it.each([
  ['proven', [{ name: 'a', isProven: true }], 'ok', 'encrypted'],
  [
    'with plain text from before',
    [
      { name: 'a', isProven: true },
      { name: 'b', isProven: false },
    ],
    'warn',
    'some may be in plain text from before: b',
  ],
  ['without a constraint', [], 'fail', 'nothing keeps plain text out of them'],
])('sensitive fields: %s', (_what, constraints, status, found) => {
  expect(sensitiveFields.judge(constraints, patientWith())).toMatchObject({ status, found });
});
