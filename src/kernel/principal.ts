import type { Permission } from './permission.ts';
import type { Role } from './role.ts';

/** How a caller was established. `operator`: whoever started the process and speaks through its own pipes. */
type AuthenticationMethod = 'development' | 'token' | 'api_key' | 'operator';

/**
 * Who is calling, once and for all of the call. Which stores that means is decided in the database
 * (`access.grants`), never here: a principal carries a name to look up, not a list to trust.
 */
export interface Principal {
  /** `access.subjects.subject_id`: a UUID. */
  readonly subject: string;
  /** For people and logs, e.g. `seattle` or `head-office`. */
  readonly name: string;
  readonly roles: readonly Role[];
  /** What the roles grant and the credential does not withhold. */
  readonly permissions: ReadonlySet<Permission>;
  /** What the roles grant but the token's scopes leave out: a token with more scopes could do it. */
  readonly withheld?: ReadonlySet<Permission>;
  readonly method: AuthenticationMethod;
  /** Whose token it is: `iss`, where a token proves it. */
  readonly issuer?: string;
  /** The application that acts for the subject: an OAuth client id, or an API key's prefix. */
  readonly client?: string;
  /** The one store (`store_id`) that the caller confined itself to; the database holds it to that. */
  readonly store?: string;
}
