import type { LoaderSession } from '../../data/database.ts';

/**
 * Runs the first load of an empty database without the key and index of the lines, and builds them when the lines are in
 * (migrations/0006_first_load.sql). A later load keeps them: readers must not wait.
 */
export async function withoutLineIndexes<Result>(
  session: LoaderSession,
  work: () => Promise<Result>,
): Promise<Result> {
  const [answer] = await session.query<{ suspended: boolean }>(
    'SELECT retail.suspend_line_indexes() AS suspended',
  );
  const result = await work();
  if (answer?.suspended === true) await session.query('SELECT retail.restore_line_indexes()');
  return result;
}
