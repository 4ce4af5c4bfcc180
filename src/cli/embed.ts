import { Command, Option } from 'commander';
import { type EmbeddingPlan, type EmbedResult, embedAsOperator } from '../app/embedding-runs.ts';
import { EMBEDDING_PROVIDERS } from '../kernel/embedding.ts';
import { ValidationError } from '../kernel/errors.ts';
import { confirm } from './confirm.ts';
import { costText, embedJson, planText, reportText, stoppedText } from './embed-report.ts';
import { configFor, type DataOptions, withDataOptions } from './options.ts';
import { type Progress, progressBar, type Terminal } from './terminal.ts';

interface EmbedOptions extends DataOptions {
  readonly all?: true;
  readonly provider?: string;
  readonly yes?: true;
  readonly dryRun?: true;
  readonly json?: true;
}

export function embedCommand(terminal: Terminal): Command {
  const command = new Command('embed')
    .description('make the vectors of products that searches by meaning compare')
    .addOption(new Option('--changed', 'those that are missing or out of date; the default').conflicts('all'))
    .option('--all', 'all of them, in a new set; one that was begun before is gone on with')
    .addOption(
      new Option('--provider <name>', 'what makes them (EMBEDDING_PROVIDER)').choices(EMBEDDING_PROVIDERS),
    )
    .option('--yes', 'do not ask before something is paid for')
    .option('--dry-run', 'say what would be made and what it would cost, and make nothing')
    .option('--json', 'what was made, as JSON');
  return withDataOptions(command).action((options: EmbedOptions) => run(options, terminal));
}

async function run(options: EmbedOptions, terminal: Terminal): Promise<void> {
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  const config = await configFor(options, { EMBEDDING_PROVIDER: options.provider });
  let bar: Progress | undefined;
  let begun = performance.now();
  try {
    const result = await embedAsOperator(config, {
      isWhole: options.all === true,
      signal: stop.signal,
      agrees: async (plan) => {
        terminal.err(planText(plan));
        if (options.dryRun === true || !(await mayPay(plan, options, terminal, stop.signal))) return false;
        begun = performance.now();
        bar = progressBar('Embedding', 'products', terminal);
        return true;
      },
      onProgress: (done, total) => bar?.update(done, total),
    });
    bar?.stop();
    bar = undefined;
    tell(result, (performance.now() - begun) / 1000, options, terminal);
  } finally {
    bar?.stop();
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
}

/** Throws `ValidationError` where nobody can be asked. */
async function mayPay(
  { cost }: EmbeddingPlan,
  { yes }: EmbedOptions,
  { errIsTty }: Terminal,
  signal: AbortSignal,
): Promise<boolean> {
  if (cost === 0 || yes === true) return true;
  if (errIsTty && process.stdin.isTTY) return confirm('Make them?', signal);
  throw new ValidationError(
    `This takes tokens of the provider, ${costText(cost)}, and there is no terminal to ask on. Run it again with --yes.`,
  );
}

function tell(
  { plan, report }: EmbedResult,
  seconds: number,
  { json, dryRun, all }: EmbedOptions,
  { out, err }: Terminal,
): void {
  if (json === true) out(embedJson(plan, report, seconds));
  else if (plan.isDone) out(`Nothing to do: ${plan.upToDate.toLocaleString('en')} products are up to date.`);
  else if (report !== undefined) out(reportText(report, seconds));
  const isDeclined = report === undefined && !plan.isDone && dryRun !== true;
  if (isDeclined) err('Nothing was made.');
  if (report?.isStopped === true) err(stoppedText(report, all === true));
  if (isDeclined || report?.isStopped === true) process.exitCode = 1;
}
