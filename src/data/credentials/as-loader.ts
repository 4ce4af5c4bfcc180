import type { ClientBase, Pool } from 'pg';

/** Something that runs a statement. */
export type Queryable = Pick<ClientBase, 'query'>;

/** One short transaction as `aisle_loader`, who sees every store and so can tell one by its slug. */
export async function asLoader<Result>(
  admin: Pool,
  work: (client: Queryable) => Promise<Result>,
): Promise<Result> {
  const client = await admin.connect();
  let broken = false;
  try {
    await client.query('BEGIN; SET LOCAL ROLE aisle_loader');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {
      broken = true;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}
