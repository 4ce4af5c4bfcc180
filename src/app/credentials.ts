import { API_KEY_PURPOSE, hashApiKey, newApiKey } from '../auth/api-key.ts';
import { isReadable } from '../auth/claimed-identity.ts';
import { type Revocation, revocationOf } from '../auth/revocation.ts';
import type { Config } from '../config.ts';
import type { Database } from '../data/database.ts';
import type { ApiKeyState, LinkedIdentity } from '../kernel/credentials.ts';
import { ValidationError } from '../kernel/errors.ts';
import { PERMISSIONS, type Permission } from '../kernel/permission.ts';
import { asOperator } from './as-operator.ts';
import type { Changing } from './operator.ts';

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
  /** The slug of the other subject whose it was until now, if it was anybody's. Throws `ValidationError` for what no token has. */
  link(identity: Omit<LinkedIdentity, 'provisioned'>): Promise<string | undefined>;
  unlink(issuer: string, externalId: string): Promise<void>;
  listIdentities(): Promise<readonly LinkedIdentity[]>;
}

/** Opens the database for a moment to look after credentials. */
export function withCredentials<Result>(
  config: Config,
  work: (operations: CredentialOperations) => Promise<Result>,
): Promise<Result> {
  return asOperator(config, ({ database, change }) => work(credentialOperations(database, change)));
}

export function credentialOperations(database: Database, change: Changing): CredentialOperations {
  const { credentials, secretKeys } = database;
  return {
    async createKey({ name, subject, scopes, store, expiresAt }) {
      const { key, prefix } = newApiKey();
      const secret = secretKeys.current(API_KEY_PURPOSE);
      const secretHash = hashApiKey(key, secret.key);
      const facts = { name, subject, scopes, store, expiresAt };
      await change(
        { type: 'api_key_created', action: 'create', ...API_KEY, resourceId: prefix, details: facts },
        () => credentials.createApiKey({ ...facts, prefix, secretHash, hashKeyId: secret.id }),
      );
      return key;
    },
    listKeys: () => credentials.listApiKeys(),
    revokeKey: (prefix) =>
      change({ type: 'api_key_revoked', action: 'revoke', ...API_KEY, resourceId: prefix }, () =>
        credentials.revokeApiKey(prefix),
      ),
    async revokeToken(text, fallback) {
      const revocation = revocationOf(text, fallback);
      const { fingerprints, expiresAt, what } = revocation;
      const told = { resourceType: 'token', resourceId: fingerprints.join(' '), details: { by: what } };
      return change({ type: 'token_revoked', action: 'revoke', ...told }, async () => {
        await credentials.revokeTokens(fingerprints, expiresAt);
        return revocation;
      });
    },
    async link(identity) {
      if (![identity.externalId, identity.issuer].every(isReadable))
        throw new ValidationError(
          'No token can name this id or this issuer: it is empty, too long, or has control characters in it.',
        );
      return change(
        {
          ...{ type: 'identity_linked', action: 'link', ...IDENTITY },
          ...{ resourceId: identity.externalId, details: { ...identity } },
        },
        () => credentials.linkIdentity(identity),
        (was) => ({ details: { was } }),
      );
    },
    unlink: (issuer, externalId) =>
      change(
        {
          ...{ type: 'identity_unlinked', action: 'unlink', ...IDENTITY },
          ...{ resourceId: externalId, details: { issuer } },
        },
        () => credentials.unlinkIdentity(issuer, externalId),
      ),
    listIdentities: () => credentials.listIdentities(),
  };
}

const API_KEY = { resourceType: 'api_key' } as const;
const IDENTITY = { resourceType: 'identity' } as const;
