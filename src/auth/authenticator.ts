import type { AisleError } from '../kernel/errors.ts';
import type { Principal } from '../kernel/principal.ts';

/** HTTP headers as Node gives them: names in lower case. Empty over stdio. */
export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Establishes who is calling. */
export interface Authenticator {
  /** Throws `AuthenticationError`, `AuthorizationError`, `UnavailableError`; never returns a stand-in. */
  authenticate(headers: Headers): Promise<Principal>;
  /** The value of `WWW-Authenticate` that goes with a refusal; undefined where logging in would change nothing. */
  challenge?(error: AisleError, principal?: Principal): string | undefined;
}
