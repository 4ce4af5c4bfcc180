import { Command, InvalidArgumentError } from 'commander';
import { seedAsOperator } from '../app/loading.ts';
import { isoDay } from './dates.ts';
import { configFor, type DataOptions, withDataOptions } from './options.ts';
import { progressBar, type Terminal } from './terminal.ts';

interface SeedOptions extends DataOptions {
  readonly customers?: number;
  readonly orders?: number;
  readonly seed?: number;
  readonly until?: string;
  readonly json?: true;
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new InvalidArgumentError('It must be a whole number.');
  return value;
}

export function seedCommand(terminal: Terminal): Command {
  const command = new Command('seed')
    .description('fill an empty database with the demo retailer')
    .option('--customers <n>', 'how many customers', wholeNumber)
    .option('--orders <n>', 'how many orders', wholeNumber)
    .option('--seed <n>', 'the same seed makes the same data', wholeNumber)
    .option('--until <date>', 'day on which the orders end; today if absent', isoDay)
    .option('--json', 'what was made, as JSON');
  return withDataOptions(command).action(async (options: SeedOptions) => {
    const { customers, orders, seed, until } = options;
    const config = await configFor(options);
    const bar = progressBar('Seeding', 'rows', terminal);
    const summary = await seedAsOperator(config, { customers, orders, seed, until }, bar.update).finally(
      bar.stop,
    );
    if (options.json === true) terminal.out(JSON.stringify(summary, null, 2));
    else
      terminal.err(
        summary.alreadySeeded
          ? 'The demo data was there already; nothing was changed.'
          : 'The demo retailer is ready.',
      );
  });
}
