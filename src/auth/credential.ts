import { AuthenticationError, MalformedCredentialError } from '../kernel/errors.ts';
import type { Headers } from './authenticator.ts';

/** What a request proves itself with. */
export type Credential =
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'api_key'; readonly key: string; readonly header: 'authorization' | 'x-api-key' };

/** RFC 6750, section 2.1; one space or more, as clients differ. */
const BEARER = /^bearer +([A-Za-z0-9\-._~+/]+=*) *$/i;
const BEARER_SCHEME = /^bearer( |$)/i;

/**
 * The one credential of these headers. By RFC 6750, section 3.1, throws `MalformedCredentialError` for two and for one that is
 * no token, and `AuthenticationError` for none and for another scheme, by which nothing was said that is understood here.
 */
export function credentialOf({ authorization, 'x-api-key': key }: Headers): Credential {
  if (
    Array.isArray(authorization) ||
    Array.isArray(key) ||
    (authorization !== undefined && key !== undefined)
  )
    throw new MalformedCredentialError('Send one credential, once, in Authorization or in X-API-Key.');
  if (typeof key === 'string') return { kind: 'api_key', key, header: 'x-api-key' };
  if (typeof authorization !== 'string')
    throw new AuthenticationError('Who is calling? Send "Authorization: Bearer …" or X-API-Key.');
  const token = BEARER.exec(authorization)?.[1];
  if (token === undefined) {
    const message = 'Authorization must be "Bearer" and one token, and no other scheme.';
    throw BEARER_SCHEME.test(authorization)
      ? new MalformedCredentialError(message)
      : new AuthenticationError(message);
  }
  return token.startsWith('aisle_')
    ? { kind: 'api_key', key: token, header: 'authorization' }
    : { kind: 'token', token };
}
