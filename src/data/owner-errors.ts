import { ConfigurationError, UnavailableError } from '../kernel/errors.ts';

/** While migrating, PostgreSQL's "insufficient privilege" means that the URL's user is not who it must be. */
export function missingRights(cause: unknown): ConfigurationError | undefined {
  if (!(cause instanceof Error) || !('code' in cause) || cause.code !== '42501') return undefined;
  return new ConfigurationError(
    `The user in DATABASE_URL may not prepare the database: ${cause.message}. It must own the database, have CREATEROLE, and be able to grant the aisle_ roles if they exist (on a shared cluster: GRANT aisle_owner, aisle_loader, aisle_verifier, aisle_masker, aisle_reader, aisle_writer, aisle_auditor, aisle_audit_reader TO … WITH ADMIN OPTION). Where only an administrator may, let it CREATE EXTENSION vector SCHEMA extensions first, and the same with pg_trgm and unaccent.`,
    { cause },
  );
}

const LOGIN_REFUSED: ReadonlyMap<string, string> = new Map([
  ['28P01', 'PostgreSQL does not accept the password in DATABASE_URL.'],
  [
    '28000',
    'PostgreSQL does not let the user in DATABASE_URL in. Check the user, and pg_hba.conf of the server.',
  ],
  ['3D000', 'The database that DATABASE_URL names does not exist. Make it: CREATE DATABASE ….'],
]);

/** Why nobody got as far as a session: the server was not reached, or did not let the URL's user in. */
export function connectFailure(cause: unknown): ConfigurationError | UnavailableError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const refused = LOGIN_REFUSED.get(code);
  if (refused !== undefined) return new ConfigurationError(refused, { cause });
  return new UnavailableError(
    'PostgreSQL is not reachable with DATABASE_URL. Check host, port, user and password, and that the server runs.',
    { cause },
  );
}
