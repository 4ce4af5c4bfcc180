import { AuthenticationError } from '../kernel/errors.ts';
import type { Headers } from './authenticator.ts';

/** What a request proves itself with. */
export type Credential =
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'api_key'; readonly key: string; readonly header: 'authorization' | 'x-api-key' };

/** RFC 6750, section 2.1; one space or more, as clients differ. */
const BEARER = /^bearer +([A-Za-z0-9\-._~+/]+=*) *$/i;

/** The one credential of these headers. Throws `AuthenticationError` for none, for two, and for another scheme. */
export function credentialOf({ authorization, 'x-api-key': key }: Headers): Credential {
  if (authorization !== undefined && key !== undefined)
    throw new AuthenticationError('Send one credential, in Authorization or in X-API-Key, not two.');
  if (typeof key === 'string') return { kind: 'api_key', key, header: 'x-api-key' };
  if (authorization === undefined && key === undefined)
    throw new AuthenticationError('Who is calling? Send "Authorization: Bearer …" or X-API-Key.');
  const token = typeof authorization === 'string' ? BEARER.exec(authorization)?.[1] : undefined;
  if (token === undefined)
    throw new AuthenticationError('Authorization must be "Bearer" and one token, and no other scheme.');
  return token.startsWith('aisle_')
    ? { kind: 'api_key', key: token, header: 'authorization' }
    : { kind: 'token', token };
}
