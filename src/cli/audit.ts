import { Command, InvalidArgumentError } from 'commander';
import {
  type AuditAnchor,
  type AuditFinding,
  type AuditVerification,
  columnsOf,
  type ExportedRecord,
  exportAudit,
  verifyAudit,
} from '../app/audit-operations.ts';
import { anchor, anchorsOf, tellAnchors } from './audit-anchors.ts';
import { csvLine } from './csv.ts';
import { isoTime } from './dates.ts';
import { configFor, type DataOptions, withDataOptions } from './options.ts';
import type { Terminal } from './terminal.ts';

interface VerifyOptions extends DataOptions {
  readonly from?: string;
  readonly to?: string;
  readonly anchor?: readonly AuditAnchor[];
  readonly anchors?: string;
  readonly json?: true;
}

interface ExportOptions extends DataOptions {
  readonly since: Date;
  readonly format: 'jsonl' | 'csv';
}

export function auditCommand(terminal: Terminal): Command {
  return new Command('audit')
    .description('the record of what was done')
    .addCommand(verifyCommand(terminal))
    .addCommand(exportCommand(terminal));
}

function verifyCommand({ out, err, errIsTty }: Terminal): Command {
  const command = new Command('verify')
    .description('find every record that was changed, deleted, inserted or moved')
    .option('--from <month>', 'first month, 2026-01', month)
    .option('--to <month>', 'last month, included', month)
    .option('--anchor <partition:length:mac>', 'an end that was kept elsewhere; may be repeated', anchor)
    .option('--anchors <file>', "many of them, one a line, or a server's log, whose audit_anchor lines count")
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      '\nExit codes: 0 everything is as it was written, 1 something is not, or there is nothing.',
    );
  return withDataOptions(command).action(async (options: VerifyOptions) => {
    const { from, to, anchor = [] } = options;
    const anchors = [...anchor, ...(options.anchors === undefined ? [] : await anchorsOf(options.anchors))];
    const onProgress = (records: number) => {
      if (errIsTty) process.stderr.write(`\r${records.toLocaleString('en')} records`);
    };
    const verified = await verifyAudit(await configFor(options), { from, to, anchors }, onProgress);
    if (errIsTty) err('');
    if (options.json === true) out(JSON.stringify(verified, null, 2));
    else report(verified, out);
    if (verified.found === 0) tellAnchors(verified.ends, err);
    if (verified.found > 0 || verified.partitions === 0) process.exitCode = 1;
  });
}

function report(
  { partitions, records, anchors, unused, findings, found }: AuditVerification,
  out: (text: string) => void,
): void {
  for (const finding of findings) out(described(finding));
  if (found > findings.length) out(`… and ${found - findings.length} more`);
  const what = `${counted(records, 'record')} in ${counted(partitions, 'partition')}`;
  if (partitions === 0) out('There is nothing to verify: no month of this database is in that range.');
  else out(found === 0 ? `${what}: all as they were written.` : `${what}: ${counted(found, 'finding')}.`);
  if (anchors > 0) out(`Held against ${counted(anchors, 'anchor')}.`);
  for (const each of unused)
    out(`${each.partition}: ${counted(each.anchors, 'anchor')} not used: ${UNUSED[each.because]}.`);
}

function counted(count: number, what: string): string {
  return `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`;
}

const UNUSED: Readonly<Record<AuditVerification['unused'][number]['because'], string>> = {
  range: 'its month is not in the range',
  dropped: 'the month was dropped by rule, which is on record',
};

const MEANINGS: Readonly<Record<AuditFinding['kind'], string>> = {
  changed: 'was changed, or moved here from elsewhere',
  deleted: 'deleted',
  inserted: 'was inserted',
  head: 'the end of the chain is not where its head says',
  missing: 'the whole partition is gone',
  unverifiable: 'can not be judged: its key is not known here',
  rewritten: 'it, or one before it, was written anew',
};

function described({ partition, kind, from, to, witness }: AuditFinding): string {
  const place = from >= to ? `record ${from}` : `records ${from} to ${to}`;
  const by = witness === 'anchor' ? ', says an anchor' : `, says the beginning of ${witness}`;
  return `${partition}: ${place}: ${MEANINGS[kind]}${witness === undefined ? '' : by}`;
}

function exportCommand({ err }: Terminal): Command {
  const command = new Command('export')
    .description('both logs, on standard output')
    .requiredOption('--since <time>', 'ISO time or date of the first record', isoTime)
    .option('--format <format>', 'jsonl or csv', format, 'jsonl');
  return withDataOptions(command).action(async (options: ExportOptions) => {
    process.stdout.on('error', () => {}); // `write` has them: that the export ended so is to be recorded
    const isCsv = options.format === 'csv';
    const columns = ['log', ...new Set([...columnsOf('tool_calls'), ...columnsOf('security_audit_log')])];
    if (isCsv) await write(csvLine(columns));
    const take = (exported: ExportedRecord) => write(lineOf(exported, isCsv, columns));
    tellAnchors(await exportAudit(await configFor(options), options.since, take), err);
  });
}

function lineOf({ log, row }: ExportedRecord, isCsv: boolean, columns: readonly string[]): string {
  const record = { log, ...row };
  return isCsv ? csvLine(columns.map((column) => Reflect.get(record, column))) : JSON.stringify(record);
}

/** As fast as whoever reads takes it, so that no export is held in memory. False when nobody reads any more. */
function write(line: string): Promise<boolean> {
  const { promise, resolve, reject } = Promise.withResolvers<boolean>();
  process.stdout.write(`${line}\n`, (error?: NodeJS.ErrnoException | null) => {
    if (error && error.code !== 'EPIPE') reject(error);
    else resolve(!error);
  });
  return promise;
}

function month(text: string): string {
  if (/^\d{4}-(?:0[1-9]|1[0-2])$/.test(text)) return text;
  throw new InvalidArgumentError('It must be a month, 2026-01.');
}

function format(text: string): 'jsonl' | 'csv' {
  if (text === 'jsonl' || text === 'csv') return text;
  throw new InvalidArgumentError('It must be jsonl or csv.');
}
