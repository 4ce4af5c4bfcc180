import type { Config } from '../config.ts';
import { AUDIT_PURPOSE } from '../data/audit/chain.ts';
import { type AuditWriter, createAuditWriter } from '../data/audit/writer.ts';
import type { Database } from '../data/database.ts';
import type { Logger } from '../kernel/logger.ts';
import { startAuditUpkeep } from '../ops/audit-upkeep.ts';

export type { AuditWriter };

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
