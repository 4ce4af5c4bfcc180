import type { ClientBase, PoolClient } from 'pg';

/** What a transaction of the audit begins with. */
export const AS = {
  /** Where the session's user is the auditors' login, and so has no role to take. */
  login: 'BEGIN',
  auditor: 'BEGIN; SET LOCAL ROLE aisle_auditor',
  owner: 'BEGIN; SET LOCAL ROLE aisle_owner',
  /** One snapshot, which nothing can be written through. */
  reader: 'BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY; SET LOCAL ROLE aisle_audit_reader',
} as const;

/** Times as src/data/audit/canonical.ts reads them; nothing of anybody's before what PostgreSQL has itself. */
const PINNED = `SET LOCAL search_path = pg_catalog, pg_temp; SET LOCAL "TimeZone" = 'UTC'`;

/** Runs `work` in one transaction: all of it or nothing. A client that does not even roll back is given up. */
export async function inTransaction<Result>(
  connect: () => Promise<PoolClient>,
  as: keyof typeof AS,
  work: (client: ClientBase) => Promise<Result>,
): Promise<Result> {
  const client = await connect();
  let broken = false;
  try {
    await client.query(`${AS[as]}; ${PINNED}`);
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
