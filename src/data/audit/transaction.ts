import type { ClientBase, PoolClient } from 'pg';
import { inTransaction } from '../transaction.ts';

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
const PINNED = `SET LOCAL search_path = pg_catalog, pg_temp; SET LOCAL "TimeZone" = 'UTC';
  SET LOCAL bytea_output = 'hex'; SET LOCAL extra_float_digits = 1`;

/** A transaction of the audit. */
export function inAuditTransaction<Result>(
  connect: () => Promise<PoolClient>,
  as: keyof typeof AS,
  work: (client: ClientBase) => Promise<Result>,
): Promise<Result> {
  return inTransaction(connect, `${AS[as]}; ${PINNED}`, work);
}
