import { describe, expect, it } from 'vitest';
import type { InspectionFacts } from '../../data/inspection.ts';
import { ConfigurationError, UnavailableError } from '../../kernel/errors.ts';
import { patientWith } from '../testing/patient.ts';
import {
  clientAuthentication,
  clock,
  encryption,
  judgeReach,
  passwordEncryption,
  storedPasswords,
} from './connection.ts';

it.each<[string, Partial<InspectionFacts>, string, RegExp]>([
  ['no TLS, this machine', {}, 'ok', /^not encrypted, and it does not leave this machine$/],
  [
    'no TLS, another machine',
    { isRemote: true, address: 'db.example:5432' },
    'fail',
    /^the connection to db\.example:5432 is not encrypted/,
  ],
  [
    'TLS to anybody',
    { isRemote: true, tls: { protocol: 'TLSv1.3', isVerified: false } },
    'warn',
    /^TLSv1\.3, but nobody checks/,
  ],
  ['TLS to anybody here', { tls: { protocol: 'TLSv1.3', isVerified: false } }, 'ok', /^TLSv1\.3$/],
  [
    'TLS to the right one',
    { isRemote: true, tls: { protocol: 'TLSv1.3', isVerified: true } },
    'ok',
    /^TLSv1\.3, certificate verified$/,
  ],
])('%s', (_what, facts, status, found) => {
  expect(encryption.judge(patientWith(facts))).toMatchObject({ status, found: expect.stringMatching(found) });
});

it.each([
  [0, 'ok', 'the database is 0 ms ahead of this machine'],
  [-1000, 'ok', 'the database is 1000 ms behind this machine'],
  [1001, 'warn', 'the database is 1001 ms ahead of this machine'],
  [-60_001, 'fail', 'the database is 60001 ms behind this machine'],
])('a clock ahead by %i ms: %s', (clockAheadMs, status, found) => {
  expect(clock.judge(patientWith({ clockAheadMs }))).toMatchObject({ status, found });
});

it('passwords stored so that they can be used as they stand', () => {
  expect(passwordEncryption.judge([{ method: 'scram-sha-256' }], patientWith()).status).toBe('ok');
  expect(passwordEncryption.judge([{ method: 'md5' }], patientWith()).status).toBe('warn');
  expect(storedPasswords.judge([], patientWith()).status).toBe('ok');
  expect(storedPasswords.judge([{ name: 'ann' }, { name: 'bob' }], patientWith())).toMatchObject({
    status: 'warn',
    found: 'stored as md5: ann, bob',
  });
});

it.each([
  ['everybody is asked', [], 'ok', 'pg_hba.conf asks everybody for proof'],
  [
    'trust on this machine',
    [{ line: 3, method: 'trust', isHere: true }],
    'warn',
    'pg_hba.conf lets in without a password, or has it sent as it is: line 3 (trust)',
  ],
  [
    'passwords in the clear from elsewhere',
    [{ line: 4, method: 'password', isHere: false }],
    'warn',
    'pg_hba.conf lets in without a password, or has it sent as it is: line 4 (password)',
  ],
  [
    'trust for other machines',
    [
      { line: 3, method: 'trust', isHere: true },
      { line: 5, method: 'trust', isHere: false },
    ],
    'fail',
    'pg_hba.conf lets other machines in without a password: line 3 (trust), line 5 (trust)',
  ],
])('client authentication: %s', (_what, rules, status, found) => {
  expect(clientAuthentication.judge(rules, patientWith())).toMatchObject({ status, found });
});

describe('whether the database was reached', () => {
  it('tells where and as whom', () => {
    expect(judgeReach(patientWith().facts)).toEqual({
      status: 'ok',
      found: '127.0.0.1:5432, database shop, as owner',
    });
  });

  it.each([
    ['our words alone', new ConfigurationError('It is in use.'), 'It is in use.'],
    [
      'the reason below them',
      new UnavailableError('Not reachable.', { cause: new RangeError('connect ECONNREFUSED') }),
      'Not reachable. (connect ECONNREFUSED)',
    ],
    [
      'its code, where it has no words (several addresses were tried)',
      new UnavailableError('Not reachable.', {
        cause: Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' }),
      }),
      'Not reachable. (ECONNREFUSED)',
    ],
  ])('tells why not: %s', (_what, error, found) => {
    expect(judgeReach(error)).toMatchObject({ status: 'fail', found });
  });
});
