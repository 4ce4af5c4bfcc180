import type { Pool } from 'pg';
import type { CredentialStore } from '../../kernel/credentials.ts';
import { createApiKey, findApiKey, listApiKeys, revokeApiKey, touchApiKey } from './api-keys.ts';
import {
  identityState,
  linkIdentity,
  listIdentities,
  provisionIdentity,
  unlinkIdentity,
} from './identities.ts';

/** `reachable` runs work and tells a database that is out of reach by its own error. */
export function credentialStore(
  admin: Pool,
  reachable: <Result>(work: () => Promise<Result>) => Promise<Result>,
): CredentialStore {
  return {
    stateOf: (identity) => reachable(() => identityState(admin, identity)),
    provision: (claimed) => reachable(() => provisionIdentity(admin, claimed)),
    findApiKey: (prefix) => reachable(() => findApiKey(admin, prefix)),
    touchApiKey: (prefix) => reachable(() => touchApiKey(admin, prefix)),
    createApiKey: (key) => reachable(() => createApiKey(admin, key)),
    listApiKeys: () => reachable(() => listApiKeys(admin)),
    revokeApiKey: (prefix) => reachable(() => revokeApiKey(admin, prefix)),
    revokeTokens: (fingerprints, expiresAt) =>
      reachable(async () => {
        await admin.query('DELETE FROM access.revocations WHERE expires_at <= clock_timestamp()');
        await admin.query(
          `INSERT INTO access.revocations (fingerprint, expires_at) SELECT unnest($1::text[]), $2
            ON CONFLICT (fingerprint) DO UPDATE
            SET expires_at = greatest(revocations.expires_at, excluded.expires_at)`,
          [fingerprints, expiresAt],
        );
      }),
    linkIdentity: (identity) => reachable(() => linkIdentity(admin, identity)),
    unlinkIdentity: (issuer, externalId) => reachable(() => unlinkIdentity(admin, issuer, externalId)),
    listIdentities: () => reachable(() => listIdentities(admin)),
  };
}
