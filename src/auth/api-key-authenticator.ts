import { timingSafeEqual } from 'node:crypto';
import type { Clock } from '../kernel/clock.ts';
import type { ApiKeyRecord, CredentialLookup } from '../kernel/credentials.ts';
import { InvalidCredentialError } from '../kernel/errors.ts';
import type { Logger } from '../kernel/logger.ts';
import type { Principal } from '../kernel/principal.ts';
import type { SecretKeys } from '../kernel/secret-keys.ts';
import { API_KEY_PURPOSE, hashApiKey, prefixOf } from './api-key.ts';
import { principalOf } from './principal-of.ts';
import { rememberChecks } from './remember-checks.ts';

export interface ApiKeyAuthenticatorOptions {
  readonly credentials: Pick<CredentialLookup, 'findApiKey' | 'touchApiKey'>;
  readonly secrets: SecretKeys;
  readonly logger: Logger;
  readonly clock?: Clock;
}

/** Who a key speaks for. Throws `InvalidCredentialError`, the same whatever is wrong with it, and `UnavailableError`. */
export type ApiKeyAuthenticator = (key: string) => Promise<Principal>;

const REFUSAL = 'The API key is not valid: it is unknown, revoked or expired.';

export function createApiKeyAuthenticator(options: ApiKeyAuthenticatorOptions): ApiKeyAuthenticator {
  const { credentials, secrets, logger } = options;
  const check = async (key: string): Promise<ApiKeyRecord> => {
    const prefix = prefixOf(key);
    const record = prefix === undefined ? undefined : await credentials.findApiKey(prefix);
    const secret = record && secrets.byId(API_KEY_PURPOSE, record.hashKeyId);
    if (record === undefined || secret === undefined) throw new InvalidCredentialError(REFUSAL);
    if (!timingSafeEqual(hashApiKey(key, secret.key), record.secretHash))
      throw new InvalidCredentialError(REFUSAL);
    void credentials
      .touchApiKey(record.prefix)
      .catch((error) => logger.warn('api_key_use_not_noted', { prefix: record.prefix, error }));
    return record;
  };
  return rememberChecks(async (key) => {
    const record = await check(key);
    return { principal: machineOf(record), expiresAt: record.expiresAt ?? Number.POSITIVE_INFINITY };
  }, options.clock);
}

/** No authorization server can give a key more scopes, so what they leave out is not withheld but not there. */
function machineOf({ prefix, subject, name, roles, scopes, store }: ApiKeyRecord): Principal {
  const facts = { subject, name, roles, method: 'api_key', client: prefix } as const;
  const { withheld: _, ...principal } = principalOf(facts, scopes === null ? undefined : new Set(scopes));
  return store === null ? principal : { ...principal, store };
}
