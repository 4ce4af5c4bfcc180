import type { ClientBase, Pool } from 'pg';
import { inTransaction } from '../transaction.ts';

/** Something that runs a statement. */
export type Queryable = Pick<ClientBase, 'query'>;

/** One short transaction as `aisle_loader`, who sees every store and so can tell one by its slug. */
export function asLoader<Result>(admin: Pool, work: (client: Queryable) => Promise<Result>): Promise<Result> {
  return inTransaction(() => admin.connect(), 'BEGIN; SET LOCAL ROLE aisle_loader', work);
}
