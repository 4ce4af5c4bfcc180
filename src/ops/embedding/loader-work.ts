import type { Database, LoaderSession, LoadOptions } from '../../data/database.ts';
import { fromOwnStatement } from '../../data/postgres-errors.ts';
import { UnavailableError } from '../../kernel/errors.ts';
import { retry } from '../../resilience/retry.ts';

/** All that making vectors needs of the database. */
export type LoaderDoor = Pick<Database, 'asLoader'>;

/** What is cut off in the middle costs the embedded database its process; these transactions are short, and end by themselves. */
const { signal: never } = new AbortController();

/**
 * One short transaction as the loader, which may be done any number of times: it is when the database was away for a moment.
 * Throws `UnavailableError` and `BusyError` when it may well pass later, `InternalError` for a fault of ours.
 */
export async function loaderWork<Result>(
  database: LoaderDoor,
  work: (session: LoaderSession) => Promise<Result>,
  options: LoadOptions = { isSmall: true },
): Promise<Result> {
  const once = () =>
    database.asLoader(never, work, options).catch((error: unknown) => {
      throw fromOwnStatement(error);
    });
  return once().catch((error: unknown) => retry(error, once, { isTransient }));
}

/** What the database failed with, and not what our own code found there. */
function isTransient(error: unknown): boolean {
  return error instanceof UnavailableError && error.cause !== undefined;
}
