import { API_KEY_PURPOSE, hashApiKey, newApiKey } from '../auth/api-key.ts';
import { type Revocation, revocationOf } from '../auth/revocation.ts';
import type { Config } from '../config.ts';
import type { Database } from '../data/database.ts';
import type { SecurityLog } from '../kernel/audit.ts';
import type { ApiKeyState, LinkedIdentity } from '../kernel/credentials.ts';
import { PERMISSIONS, type Permission } from '../kernel/permission.ts';
import { asOperator } from './as-operator.ts';

export type { ApiKeyState, Permission };
export { PERMISSIONS };

interface ApiKeyRequest {
  readonly name: string;
  readonly subject: string;
  /** null: whatever the subject's roles allow. */
  readonly scopes: readonly Permission[] | null;
  readonly store: string | null;
  readonly expiresAt: Date | null;
}

/** What an operator does with credentials; each change is put into the security log. */
export interface CredentialOperations {
  /** The key, which is told this once. */
  createKey(request: ApiKeyRequest): Promise<string>;
  listKeys(): Promise<readonly ApiKeyState[]>;
  revokeKey(prefix: string): Promise<void>;
  revokeToken(tokenHashOrJti: string, fallback: Date): Promise<Revocation>;
  link(identity: Omit<LinkedIdentity, 'provisioned'>): Promise<void>;
  unlink(issuer: string, externalId: string): Promise<void>;
  listIdentities(): Promise<readonly LinkedIdentity[]>;
}

/** Opens the database for a moment to look after credentials. */
export function withCredentials<Result>(
  config: Config,
  work: (operations: CredentialOperations) => Promise<Result>,
): Promise<Result> {
  return asOperator(config, (database, log) => work(credentialOperations(database, log)));
}

export function credentialOperations(database: Database, log: SecurityLog): CredentialOperations {
  const { credentials, secretKeys } = database;
  const record = (type: string, action: string, resourceId: string, details: Record<string, unknown> = {}) =>
    log.record({ type, action, resourceId, details, name: 'operator', success: true, severity: 'WARNING' });
  return {
    async createKey({ name, subject, scopes, store, expiresAt }) {
      const { key, prefix } = newApiKey();
      const secret = secretKeys.current(API_KEY_PURPOSE);
      const secretHash = hashApiKey(key, secret.key);
      await credentials.createApiKey({
        ...{ prefix, name, subject, secretHash, hashKeyId: secret.id, scopes, store, expiresAt },
      });
      await record('api_key_created', 'create', prefix, { name, subject, scopes, store, expiresAt });
      return key;
    },
    listKeys: () => credentials.listApiKeys(),
    async revokeKey(prefix) {
      await credentials.revokeApiKey(prefix);
      await record('api_key_revoked', 'revoke', prefix);
    },
    async revokeToken(text, fallback) {
      const revocation = revocationOf(text, fallback);
      await credentials.revokeTokens(revocation.fingerprints, revocation.expiresAt);
      await record('token_revoked', 'revoke', revocation.fingerprints.join(' '), { by: revocation.what });
      return revocation;
    },
    async link(identity) {
      await credentials.linkIdentity(identity);
      await record('identity_linked', 'link', identity.externalId, { ...identity });
    },
    async unlink(issuer, externalId) {
      await credentials.unlinkIdentity(issuer, externalId);
      await record('identity_unlinked', 'unlink', externalId, { issuer });
    },
    listIdentities: () => credentials.listIdentities(),
  };
}
