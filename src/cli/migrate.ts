import { Command } from 'commander';
import { openDatabase } from '../app/engine.ts';
import { silentLogger } from '../app/logging.ts';
import { configFor, type DataOptions, withDataOptions } from './options.ts';
import type { Terminal } from './terminal.ts';

export function migrateCommand({ err }: Terminal): Command {
  const command = new Command('migrate').description(
    'bring the database to this version; serving does so too',
  );
  return withDataOptions(command).action(async (options: DataOptions) => {
    const database = await openDatabase(await configFor(options), silentLogger);
    await database.close();
    err('The database is up to date.');
  });
}
