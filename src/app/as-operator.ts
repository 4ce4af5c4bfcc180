import type { Config } from '../config.ts';
import type { Database } from '../data/database.ts';
import type { SecurityLog } from '../kernel/audit.ts';
import { ConfigurationError } from '../kernel/errors.ts';
import { silentLogger } from '../telemetry/logger.ts';
import { openAudit } from './audit.ts';
import { openDatabase } from './engine.ts';
import { findServer } from './running-server.ts';

/**
 * Opens the database for a moment, for an operator's command whose changes are recorded. Throws `ConfigurationError` while a
 * server has the embedded one open.
 */
export async function asOperator<Result>(
  config: Config,
  work: (database: Database, log: SecurityLog) => Promise<Result>,
): Promise<Result> {
  const server = await findServer(config);
  if (server !== undefined) {
    throw new ConfigurationError(
      `The server at ${server.url} has the embedded database of ${config.DATA_DIR} open, and it belongs to one process at a time. Stop that server first.`,
    );
  }
  const database = await openDatabase(config, silentLogger);
  try {
    const audit = openAudit(config, database, silentLogger);
    try {
      return await work(database, audit);
    } finally {
      await audit.close();
    }
  } finally {
    await database.close();
  }
}
