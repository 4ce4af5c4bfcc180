import { expect, it } from 'vitest';
import { connectFailure, missingRights } from './owner-errors.ts';

const serverError = (code: string, message = 'as PostgreSQL says') =>
  Object.assign(new Error(message), { code });

it.each([
  ['28P01', 'PostgreSQL does not accept the password in DATABASE_URL.'],
  ['3D000', 'The database that DATABASE_URL names does not exist. Make it: CREATE DATABASE ….'],
  [
    '28000',
    'PostgreSQL does not let the user in DATABASE_URL in. Check the user, and pg_hba.conf of the server.',
  ],
])('a login refused with %s is told as it is', (code, message) => {
  expect(connectFailure(serverError(code))).toMatchObject({ code: 'CONFIGURATION_ERROR', message });
});

it('a server that was not reached is told as such, with what may be wrong', () => {
  expect(connectFailure(serverError('ECONNREFUSED'))).toMatchObject({
    code: 'UNAVAILABLE',
    message:
      'PostgreSQL is not reachable with DATABASE_URL. Check host, port, user and password, and that the server runs.',
  });
});

it('missing rights are told with what the user must have', () => {
  const error = missingRights(serverError('42501', 'must have admin option on role "aisle_owner"'));
  expect(error?.message).toMatch(
    /^The user in DATABASE_URL may not prepare the database: must have admin option on role "aisle_owner"\. It must own the database, have CREATEROLE,/,
  );
  expect(missingRights(serverError('42P01'))).toBeUndefined();
});
