import type { Principal } from '../kernel/principal.ts';

/** HTTP headers as Node gives them: names in lower case. Empty over stdio. */
export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Establishes who is calling. Throws `AuthenticationError`; never returns a stand-in. */
export interface Authenticator {
  authenticate(headers: Headers): Promise<Principal>;
}
