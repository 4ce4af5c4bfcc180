import type { Config } from '../config.ts';
import { AUDIT_PURPOSE } from '../data/audit/chain.ts';
import type { ExportedRecord } from '../data/audit/export.ts';
import { columnsOf } from '../data/audit/logs.ts';
import type { AuditFinding, AuditVerification, MonthRange } from '../data/audit/verify.ts';
import { type AuditWriter, createAuditWriter } from '../data/audit/writer.ts';
import type { Database } from '../data/database.ts';
import type { Logger } from '../kernel/logger.ts';
import { startAuditUpkeep } from '../ops/audit-upkeep.ts';
import { silentLogger } from '../telemetry/logger.ts';
import { openDatabase } from './engine.ts';

export type { AuditFinding, AuditVerification, AuditWriter, ExportedRecord, MonthRange };
export { columnsOf };

/** The audit of a command or a test: what is written to, and nothing is dropped from. Close it before the database. */
export function openAudit(config: Config, { audit, secretKeys }: Database, logger: Logger): AuditWriter {
  return createAuditWriter({ store: audit, keys: secretKeys, logger, batchMs: config.AUDIT_BATCH_MS });
}

/** The audit of a running server, which also looks after its months. Close it before the database. */
export async function openServersAudit(
  config: Config,
  database: Database,
  logger: Logger,
): Promise<AuditWriter> {
  const { audit: store, secretKeys: keys } = database;
  const upkeep = await startAuditUpkeep({
    ...{ store, logger, key: () => keys.current(AUDIT_PURPOSE) },
    retentionMonths: config.AUDIT_RETENTION_MONTHS,
  });
  const writer = openAudit(config, database, logger);
  return {
    ...writer,
    async close() {
      await upkeep.stop();
      await writer.close();
    },
  };
}

/** Recomputes every mac of the months in the range. */
export async function verifyAudit(
  config: Config,
  range: MonthRange,
  onProgress: (records: number) => void,
): Promise<AuditVerification> {
  const database = await openDatabase(config, silentLogger);
  try {
    return await database.audit.verify(database.secretKeys, range, onProgress);
  } finally {
    await database.close();
  }
}

/** Gives every record of both logs since a time to `take`, which may slow it down. */
export async function exportAudit(
  config: Config,
  since: Date,
  take: (exported: ExportedRecord) => Promise<void>,
): Promise<void> {
  const database = await openDatabase(config, silentLogger);
  try {
    for await (const exported of database.audit.export(since)) await take(exported);
  } finally {
    await database.close();
  }
}
