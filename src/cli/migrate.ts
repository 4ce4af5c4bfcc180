import { Command } from 'commander';
import { migrateDatabase } from '../app/upkeep.ts';
import { configFor, type DataOptions, withDataOptions } from './options.ts';
import type { Terminal } from './terminal.ts';

export function migrateCommand({ err }: Terminal): Command {
  const command = new Command('migrate').description(
    'bring the database to this version; serving does so too',
  );
  return withDataOptions(command).action(async (options: DataOptions) => {
    await migrateDatabase(await configFor(options));
    err('The database is up to date.');
  });
}
