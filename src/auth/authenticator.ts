import type { AisleError } from '../kernel/errors.ts';
import type { Principal } from '../kernel/principal.ts';

/** HTTP headers as Node gives them: names in lower case. Empty over stdio. */
export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Whom a request says that it comes from. Nobody has proved it: it is for the security log, and for no decision. */
export interface ClaimedCaller {
  readonly kind: 'token' | 'api_key' | 'development';
  /** The subject of a token, the public prefix of an API key, an id: printable ASCII, 100 characters at most. */
  readonly id: string;
  /** Of a token; likewise. */
  readonly issuer?: string;
}

/** Establishes who is calling. */
export interface Authenticator {
  /** Throws `AuthenticationError`, `AuthorizationError`, `UnavailableError`; never returns a stand-in. */
  authenticate(headers: Headers): Promise<Principal>;
  /** Whom these headers, which were refused, name; undefined where they name nobody. Never throws. */
  claimed?(headers: Headers): ClaimedCaller | undefined;
  /** The value of `WWW-Authenticate` that goes with a refusal; undefined where logging in would change nothing. */
  challenge?(error: AisleError, principal?: Principal): string | undefined;
}
