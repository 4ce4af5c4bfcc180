import type { Permission } from './permission.ts';

/**
 * Who is calling, once and for all of the call. Which stores that means is decided in the database
 * (`access.grants`), never here: a principal carries a name to look up, not a list to trust.
 */
export interface Principal {
  /** `access.subjects.subject_id`: a UUID. */
  readonly subject: string;
  /** For people and logs, e.g. `seattle` or `head-office`. */
  readonly name: string;
  readonly permissions: ReadonlySet<Permission>;
}
