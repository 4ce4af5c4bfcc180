import type { Config } from '../config.ts';
import type { KeyAdministration, KeyState } from '../data/database.ts';
import { silentLogger } from '../telemetry/logger.ts';
import { openDatabase } from './engine.ts';

export type { KeyAdministration, KeyState };

/** Opens the database for a moment to look after its keys. */
export async function withKeys<Result>(
  config: Config,
  work: (keys: KeyAdministration) => Promise<Result>,
): Promise<Result> {
  const database = await openDatabase(config, silentLogger);
  try {
    return await work(database.keys);
  } finally {
    await database.close();
  }
}
