import type { ClientBase, PoolClient } from 'pg';

/**
 * Runs `work` in one transaction, which the statements of `begin` start: all of it or nothing. A client that does not even
 * roll back is given up.
 */
export async function inTransaction<Result>(
  connect: () => Promise<PoolClient>,
  begin: string,
  work: (client: ClientBase) => Promise<Result>,
): Promise<Result> {
  const client = await connect();
  let broken = false;
  try {
    await client.query(begin);
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
