import type { Command } from 'commander';
import { type Config, loadConfig } from '../config.ts';

/** Where the data is: options that most commands share. */
export interface DataOptions {
  readonly dataDir?: string;
  readonly databaseUrl?: string;
}

export function withDataOptions(command: Command): Command {
  return command
    .option('--data-dir <dir>', 'directory of the embedded database (DATA_DIR)')
    .option(
      '--database-url <url>',
      'PostgreSQL instead of the embedded database; with a password rather by DATABASE_URL, which no process list shows',
    );
}

/** The settings, with what the command line says about the data on top: a directory given there means "embedded". */
export async function configFor(
  options: DataOptions,
  more: Parameters<typeof loadConfig>[0] = {},
): Promise<Config> {
  const overrides: Record<string, string | undefined> = {
    ...more,
    DATA_DIR: options.dataDir,
    DATABASE_URL: options.databaseUrl,
  };
  if (options.dataDir !== undefined && options.databaseUrl === undefined) overrides.DATABASE_URL = '';
  return loadConfig(overrides);
}
