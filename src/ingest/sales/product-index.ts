import type { LoaderSession } from '../../data/database.ts';

/**
 * Runs the first load of an empty database without the index that costs it most, and builds that index when the lines are
 * in (migrations/0006_first_load.sql). A later load keeps the index: readers must not wait.
 */
export async function withoutProductIndex<Result>(
  session: LoaderSession,
  work: () => Promise<Result>,
): Promise<Result> {
  const [answer] = await session.query<{ suspended: boolean }>(
    'SELECT retail.suspend_product_index() AS suspended',
  );
  const result = await work();
  if (answer?.suspended === true) await session.query('SELECT retail.restore_product_index()');
  return result;
}
