import { Command } from 'commander';
import { loadConfig, maskedConfig } from '../config.ts';
import { alignedTable, type Terminal } from './terminal.ts';

export function configCommand({ out }: Terminal): Command {
  const print = new Command('print')
    .description('the settings in force, secrets masked')
    .option('--json', 'as JSON')
    .action(async (options: { json?: true }) => {
      const settings = maskedConfig(await loadConfig());
      if (options.json === true) out(JSON.stringify(settings, null, 2));
      else out(alignedTable(['setting', 'value'], Object.entries(settings)));
    });
  return new Command('config').description('the settings').addCommand(print);
}
