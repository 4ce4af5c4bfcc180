import { basename } from 'node:path';
import { Command } from 'commander';
import { type ImportProgress, type ImportReport, importSalesFile, parseFieldMap } from '../app/loading.ts';
import { configFor, type DataOptions, withDataOptions } from './options.ts';
import { alignedTable, type Progress, progressBar, type Terminal } from './terminal.ts';

interface ImportCommandOptions extends DataOptions {
  readonly profile?: string;
  readonly map?: readonly string[];
  readonly storeBy?: string;
  readonly store?: string;
  readonly currency?: string;
  readonly timezone?: string;
  readonly cancellationPrefix?: string;
  readonly delimiter?: string;
  readonly rejects?: string;
  readonly json?: true;
}

export function importCommand(terminal: Terminal): Command {
  const sales = new Command('sales')
    .description('import a sales export: a CSV file of order lines, also .csv.gz, or - for standard input')
    .argument('<file>', 'the file')
    .option('--profile <name>', 'a known kind of export: online-retail')
    .option(
      '--map <field=Column>',
      'which column holds which field; may be repeated',
      (pair: string, all: readonly string[] = []) => [...all, pair],
    )
    .option('--store-by <column>', 'the column that names the store; stores are made as they are met')
    .option('--store <slug>', 'the one store that all lines belong to')
    .option('--currency <code>', 'ISO 4217 currency of the file')
    .option('--timezone <zone>', 'time zone of dates that name none, e.g. Europe/London; UTC if absent')
    .option('--cancellation-prefix <text>', 'what the numbers of returns begin with; none if absent')
    .option('--delimiter <character>', 'what separates columns; a comma if absent')
    .option('--rejects <file>', 'where lines go that could not be imported; FILE.rejects.csv if absent')
    .option('--json', 'the reconciliation as JSON');
  return new Command('import')
    .description('bring real data')
    .addCommand(
      withDataOptions(sales).action((file: string, options: ImportCommandOptions) =>
        run(file, options, terminal),
      ),
    );
}

async function run(file: string, options: ImportCommandOptions, terminal: Terminal): Promise<void> {
  const { dataDir: _, databaseUrl: __, map = [], rejects, json, ...named } = options;
  const rejectsFile = rejects ?? `${file === '-' ? 'stdin' : basename(file)}.rejects.csv`;
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  const config = await configFor(options);
  const bars = phaseBars(terminal);
  try {
    const importOptions = { ...named, fields: parseFieldMap(map), rejectsFile };
    const report = await importSalesFile(config, file, importOptions, bars.update, stop.signal);
    bars.stop();
    terminal.out(json === true ? JSON.stringify(report, null, 2) : reconciliation(report));
    if (!report.matches) process.exitCode = 1;
  } finally {
    bars.stop();
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
}

/** A bar by the bytes of the file, then a line for the check of the totals. */
function phaseBars(terminal: Terminal): { update(progress: ImportProgress): void; stop(): void } {
  let bar: Progress | undefined = progressBar('Importing', 'bytes', terminal);
  return {
    update({ phase, bytes, totalBytes }) {
      bar?.update(bytes, totalBytes ?? bytes);
      if (phase === 'loading' || bar === undefined) return;
      bar.stop();
      bar = undefined;
      terminal.err('Comparing the file with the database …');
    },
    stop() {
      bar?.stop();
      bar = undefined;
    },
  };
}

/** Source beside database, figure by figure. */
function reconciliation(report: ImportReport): string {
  const names = Object.keys(report.file) as (keyof typeof report.file)[];
  const rows = names.map((name) => [
    name,
    report.file[name],
    report.database[name],
    report.file[name] === report.database[name] ? 'ok' : 'DIFFERS',
  ]);
  const rejected = report.rejectsFile === null ? '' : `, see ${report.rejectsFile}`;
  return [
    `${report.linesRead} lines read: ${report.added} added, ${report.known} known already, ${report.rejected} rejected${rejected}.`,
    alignedTable(['figure', report.source, 'database', ''], rows),
    report.matches
      ? 'File and database agree.'
      : 'File and database DIFFER; nothing of the file is missing silently: see the rejects.',
  ].join('\n');
}
