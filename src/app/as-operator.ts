import type { Config } from '../config.ts';
import type { Database } from '../data/database.ts';
import { ConfigurationError } from '../kernel/errors.ts';
import { silentLogger } from '../telemetry/logger.ts';
import { openAudit } from './audit.ts';
import { openDatabase } from './engine.ts';
import { type Changing, operatorEvent, personOf, recordedChanges } from './operator.ts';
import { findServer } from './running-server.ts';

/** What an operator's command works with. */
export interface Operation {
  readonly database: Database;
  /** Every change goes through this, so that it is recorded. */
  readonly change: Changing;
}

/**
 * Opens the database for a moment, for an operator's command: the one way there is. That it had to be migrated is recorded
 * too, afterwards, since the tables to record it in may be what was made. Unless it `mayCreate` one, throws
 * `ConfigurationError` where there is no database; also while a server has the embedded one open.
 */
export async function asOperator<Result>(
  config: Config,
  work: (operation: Operation) => Promise<Result>,
  { mayCreate = false } = {},
): Promise<Result> {
  const server = await findServer(config);
  if (server !== undefined) {
    throw new ConfigurationError(
      `The server at ${server.url} has the embedded database of ${config.DATA_DIR} open, and it belongs to one process at a time. Stop that server first.`,
    );
  }
  const database = await openDatabase(config, silentLogger, { mustExist: !mayCreate });
  try {
    const audit = openAudit(config, database, silentLogger);
    try {
      const person = personOf(config);
      const { migrated: migrations } = database;
      const migration = { type: 'database_migrated', action: 'migrate', details: { migrations } };
      if (migrations.length > 0) await audit.record(operatorEvent(person, migration, { success: true }));
      return await work({ database, change: recordedChanges(audit, person) });
    } finally {
      await audit.close();
    }
  } finally {
    await database.close();
  }
}
