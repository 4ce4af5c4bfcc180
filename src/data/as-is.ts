import type { MintContext } from './context-token.ts';
import type { Database } from './database.ts';

/**
 * A database as it stands, its walls unchecked, and the means to sign contexts for it: for `doctor --attack`, which tries
 * genuine tokens that nobody was given (expired ones, another session's). Never for serving.
 */
export interface DatabaseAsIs {
  readonly database: Database;
  readonly mint: MintContext;
}
