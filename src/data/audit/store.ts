import type { ClientBase, Pool, PoolClient } from 'pg';
import { UnavailableError } from '../../kernel/errors.ts';
import type { PurposeKey, SecretKeys } from '../../kernel/secret-keys.ts';
import type { AuditAnchor } from './anchors.ts';
import { recordAnomalies } from './anomalies.ts';
import { type AuditEntry, type AuditHead, appendEntries } from './append.ts';
import { type ExportedRecord, exportRecords } from './export.ts';
import { addMonths } from './logs.ts';
import { dropPartitions, makePartitions } from './partitions.ts';
import { type AuditPage, type AuditSearch, searchRecords } from './search.ts';
import { inAuditTransaction } from './transaction.ts';
import { type AuditVerification, chainEnds, type VerifyScope, verifyChains } from './verify.ts';

/** The audit logs in the database: appended to as one role, read as another, looked after as the owner. */
export interface AuditStore {
  /**
   * Commits records in one transaction; returns where their chains end. A batch that has been committed already, which its
   * sender may not know, is refused by PostgreSQL with SQLSTATE 23505.
   */
  append(key: PurposeKey, entries: readonly AuditEntry[]): Promise<readonly AuditHead[]>;
  /** Makes this and the next month's partitions, drops those older than so many months; returns what was dropped. */
  keepPartitions(key: PurposeKey, retentionMonths: number, nowMs: number): Promise<readonly string[]>;
  /** Looks for anomalies and records new ones; undefined when another server is just doing so. */
  watch(key: PurposeKey, nowMs: number): Promise<number | undefined>;
  search(search: AuditSearch): Promise<AuditPage>;
  /** Every record of both logs from a time on, in the order of time. */
  export(since: Date): AsyncGenerator<ExportedRecord>;
  /** Where the chains end now. */
  ends(): Promise<readonly AuditAnchor[]>;
  verify(
    keys: SecretKeys,
    scope: VerifyScope,
    onProgress: (records: number) => void,
  ): Promise<AuditVerification>;
}

export interface AuditStoreParts {
  /** A session that appends; `role` is what it takes for that. */
  readonly connectWriter: () => Promise<PoolClient>;
  readonly writerRole: 'login' | 'auditor';
  readonly admin: Pool;
}

/** Any numbers, as long as every server takes the same ones. */
const UPKEEP_LOCK = 7_241_186_004;
const WATCH_LOCK = 7_241_186_005;

/** Of the month by the server's clock and by the database's: what is dropped is gone, so that neither alone decides. */
async function earlierMonth(client: ClientBase, month: string): Promise<string> {
  const { rows } = await client.query<{ month: string }>(`SELECT to_char(now(), 'YYYY-MM') AS month`);
  const databases = rows[0]?.month ?? month;
  return databases < month ? databases : month;
}

export function auditStore({ connectWriter, writerRole, admin }: AuditStoreParts): AuditStore {
  const connectAdmin = () => admin.connect();
  const asOwner = <Result>(work: (client: ClientBase) => Promise<Result>) =>
    inAuditTransaction(connectAdmin, 'owner', work);
  const asReader = <Result>(work: (client: ClientBase) => Promise<Result>) =>
    inAuditTransaction(connectAdmin, 'reader', work);
  const tryAppend = (key: PurposeKey, entries: readonly AuditEntry[]) =>
    inAuditTransaction(connectWriter, writerRole, (client) => appendEntries(client, key, entries));
  const makeMonths = (months: readonly string[]) =>
    asOwner(async (client) => {
      await client.query('SELECT pg_advisory_xact_lock($1)', [UPKEEP_LOCK]);
      for (const month of months) await makePartitions(client, month);
    });

  return {
    async append(key, entries) {
      const first = await tryAppend(key, entries);
      if (!('missingMonths' in first)) return first;
      // The daily upkeep should have made them; a clock that was set, a server that was paused.
      await makeMonths(first.missingMonths);
      const second = await tryAppend(key, entries);
      if (!('missingMonths' in second)) return second;
      throw new UnavailableError('The audit log has no place for records of this month.');
    },
    keepPartitions: (key, retentionMonths, nowMs) =>
      asOwner(async (client) => {
        await client.query('SELECT pg_advisory_xact_lock($1)', [UPKEEP_LOCK]);
        const month = new Date(nowMs).toISOString().slice(0, 7);
        for (const ahead of [0, 1]) await makePartitions(client, addMonths(month, ahead));
        return dropPartitions(
          client,
          addMonths(await earlierMonth(client, month), -retentionMonths),
          key,
          nowMs,
        );
      }),
    watch: (key, nowMs) =>
      asOwner(async (client) => {
        const { rows } = await client.query<{ free: boolean }>(
          'SELECT pg_try_advisory_xact_lock($1) AS free',
          [WATCH_LOCK],
        );
        return rows[0]?.free === true ? recordAnomalies(client, key, nowMs) : undefined;
      }),
    search: (search) => asReader((client) => searchRecords(client, search)),
    export: (since) => exportRecords(asReader, since),
    ends: () => asReader(chainEnds),
    verify: (keys, scope, onProgress) => asReader((client) => verifyChains(client, keys, scope, onProgress)),
  };
}
