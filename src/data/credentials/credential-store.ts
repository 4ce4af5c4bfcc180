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

type Run = <Result>(work: () => Promise<Result>) => Promise<Result>;

/** `judged` runs work and says by an `AisleError` what it failed with; `read` does, and may run it again. */
export function credentialStore(admin: Pool, judged: Run, read: Run): CredentialStore {
  return {
    stateOf: (identity) => read(() => identityState(admin, identity)),
    provision: (claimed) => judged(() => provisionIdentity(admin, claimed)),
    findApiKey: (prefix) => read(() => findApiKey(admin, prefix)),
    touchApiKey: (prefix) => judged(() => touchApiKey(admin, prefix)),
    createApiKey: (key) => judged(() => createApiKey(admin, key)),
    listApiKeys: () => judged(() => listApiKeys(admin)),
    revokeApiKey: (prefix) => judged(() => revokeApiKey(admin, prefix)),
    revokeTokens: (fingerprints, expiresAt) =>
      judged(async () => {
        await admin.query('DELETE FROM access.revocations WHERE expires_at <= clock_timestamp()');
        await admin.query(
          `INSERT INTO access.revocations (fingerprint, expires_at) SELECT unnest($1::text[]), $2
            ON CONFLICT (fingerprint) DO UPDATE
            SET expires_at = greatest(revocations.expires_at, excluded.expires_at)`,
          [fingerprints, expiresAt],
        );
      }),
    linkIdentity: (identity) => judged(() => linkIdentity(admin, identity)),
    unlinkIdentity: (issuer, externalId) => judged(() => unlinkIdentity(admin, issuer, externalId)),
    listIdentities: () => judged(() => listIdentities(admin)),
  };
}
