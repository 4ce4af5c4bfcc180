import { Command } from 'commander';
import { refuseUnfit } from '../app/production-problems.ts';
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
  const check = new Command('check')
    .description('whether the settings in force may be served with, for --environment or ENVIRONMENT')
    .option('--environment <name>', 'judge them for this one: staging or production')
    .action(async (options: { environment?: string }) => {
      const config = await loadConfig({ ENVIRONMENT: options.environment });
      refuseUnfit(config);
      out(`The settings may be served with in ${config.ENVIRONMENT}.`);
    });
  return new Command('config').description('the settings').addCommand(print).addCommand(check);
}
