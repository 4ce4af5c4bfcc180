import { describe, expect, it } from 'vitest';
import { patientWith } from '../testing/patient.ts';
import { databaseUser, embeddedSession, groupRoles, queryLogin } from './roles.ts';

const PLAIN = {
  isSuperuser: false,
  bypassesRls: false,
  createsRoles: false,
  createsDatabases: false,
  replicates: false,
  logsIn: false,
};
const GROUPS = [
  ...['aisle_audit_reader', 'aisle_auditor', 'aisle_loader', 'aisle_masker', 'aisle_owner', 'aisle_reader'],
  ...['aisle_verifier', 'aisle_writer'],
].map((name) => ({ name, ...PLAIN }));

describe('group roles', () => {
  it.each([
    ['isSuperuser', 'SUPERUSER'],
    ['bypassesRls', 'BYPASSRLS'],
    ['createsRoles', 'CREATEROLE'],
    ['createsDatabases', 'CREATEDB'],
    ['replicates', 'REPLICATION'],
    ['logsIn', 'LOGIN'],
  ])('%s fails', (attribute, word) => {
    const roles = GROUPS.map((role) => (role.name === 'aisle_owner' ? { ...role, [attribute]: true } : role));
    expect(groupRoles.judge(roles, patientWith())).toEqual({
      status: 'fail',
      found: `aisle_owner has ${word}`,
      mend: `ALTER ROLE aisle_owner NO${word};`,
    });
  });

  it('all there with nothing is well, one missing is not', () => {
    expect(groupRoles.judge(GROUPS, patientWith()).status).toBe('ok');
    expect(groupRoles.judge(GROUPS.slice(1), patientWith())).toMatchObject({
      status: 'fail',
      found: 'missing: aisle_audit_reader',
    });
  });
});

const login = { logsIn: true, isExpired: false, isReader: true };
it.each([
  ['as it must be', [login], 'ok', 'aisle_reader_shop'],
  ['missing', [], 'fail', 'aisle_reader_shop does not exist'],
  ['shut out', [{ ...login, logsIn: false }], 'fail', 'aisle_reader_shop may not log in'],
  [
    'expired and a member of nothing',
    [{ ...login, isExpired: true, isReader: false }],
    'fail',
    'aisle_reader_shop has expired, is no member of aisle_reader',
  ],
])('the query login %s', (_what, rows, status, found) => {
  expect(queryLogin.judge(rows, patientWith())).toMatchObject({ status, found });
});

it('a name that SQL needs quoted is shown so where it is to be copied', () => {
  const reader = 'aisle_reader_my"shop';
  expect(queryLogin.judge([{ ...login, isExpired: true }], patientWith({ reader })).mend).toBe(
    `ALTER ROLE "aisle_reader_my""shop" LOGIN VALID UNTIL 'infinity'; GRANT aisle_reader TO "aisle_reader_my""shop";`,
  );
});

const user = { isSuperuser: false, createsRoles: true, ownsDatabase: true, isOwner: false };
it.each([
  ['an owner that may create roles', user, 'ok'],
  ['an owner that was made aisle_owner', { ...user, createsRoles: false, isOwner: true }, 'ok'],
  ['an owner that may not', { ...user, createsRoles: false }, 'fail'],
  ['not the owner', { ...user, ownsDatabase: false }, 'fail'],
  ['a superuser', { ...user, isSuperuser: true }, 'warn'],
])('the database user is %s', (_what, row, status) => {
  expect(databaseUser.judge([row], patientWith()).status).toBe(status);
});

it.each([
  ['nothing', [{ has: [] }], 'ok'],
  ['set_config', [{ has: ['set_config'] }], 'fail'],
  ['no role', [], 'fail'],
])('the embedded reader with %s', (_what, rows, status) => {
  expect(embeddedSession.judge(rows, patientWith({ kind: 'embedded', reader: 'aisle_reader' })).status).toBe(
    status,
  );
});
