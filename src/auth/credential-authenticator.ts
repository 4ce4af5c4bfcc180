import {
  AuthenticationError,
  AuthorizationError,
  InvalidCredentialError,
  MalformedCredentialError,
} from '../kernel/errors.ts';
import type { ApiKeyAuthenticator } from './api-key-authenticator.ts';
import type { Authenticator } from './authenticator.ts';
import { claimedCaller } from './claimed-caller.ts';
import { credentialOf } from './credential.ts';
import type { ProtectedResource } from './protected-resource.ts';
import type { TokenAuthenticator } from './token-authenticator.ts';

export interface CredentialAuthenticatorOptions {
  /** Absent: no tokens are taken. */
  readonly tokens?:
    | { readonly authenticate: TokenAuthenticator; readonly resource: ProtectedResource }
    | undefined;
  /** Absent: no API keys are taken. */
  readonly apiKeys?: ApiKeyAuthenticator | undefined;
}

/** Identity by proof: a token of a trusted issuer, or an API key. */
export function createCredentialAuthenticator(options: CredentialAuthenticatorOptions): Authenticator {
  const { tokens, apiKeys } = options;
  return {
    async authenticate(headers) {
      const credential = credentialOf(headers);
      if (credential.kind === 'token') {
        if (tokens === undefined)
          throw new InvalidCredentialError('No tokens are taken here, only API keys.');
        return tokens.authenticate(credential.token);
      }
      if (apiKeys === undefined)
        throw new InvalidCredentialError('No API keys are taken here (API_KEYS=off).');
      const { key, header } = credential;
      return apiKeys(key).catch((error: unknown) => {
        throw header === 'x-api-key' ? forbidden(error) : error;
      });
    },
    claimed: claimedCaller,
    challenge(error, principal) {
      if (tokens !== undefined) return tokens.resource.challenge(error, principal);
      if (error instanceof InvalidCredentialError) return 'Bearer error="invalid_token"';
      if (error instanceof MalformedCredentialError) return 'Bearer error="invalid_request"';
      return error instanceof AuthenticationError ? 'Bearer' : undefined;
    },
  };
}

/** RFC 6750 answers a bad bearer token with 401. X-API-Key is no part of it: there, 401 says that none came, 403 that it is wrong. */
function forbidden(error: unknown): unknown {
  return error instanceof InvalidCredentialError
    ? new AuthorizationError(error.message, { cause: error })
    : error;
}
