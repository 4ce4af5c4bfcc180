/**
 * `npm run fuzz -- [--seconds 60] [--count n] [--seed 1] [--distil]`: looks for statements that the SQL guard accepts and
 * PostgreSQL understands as more than it should, or that the guard judges inconsistently or slowly. Findings are shrunk
 * and written to fuzz/findings/; `npm run fuzz -- --file fuzz/findings/x.sql` judges such a file again. `--distil` rewrites
 * fuzz/corpus/ with the fewest statements that show what all of the run's show.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Campaign } from './campaign.ts';
import { distilled, readCorpus, writeCorpus } from './corpus.ts';
import { Postgres } from './postgres.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    count: { type: 'string', default: 'Infinity' },
    seed: { type: 'string', default: '1' },
    file: { type: 'string' },
    distil: { type: 'boolean', default: false },
  },
});

/** A behaviour that only one statement shows is not worth a file. */
const LEAST_ADDED = 4;
const FINDINGS = join(import.meta.dirname, 'findings');

const directory = mkdtempSync(join(tmpdir(), 'aisle-fuzz-'));
const postgres = await Postgres.start(join(directory, 'pg'));
const campaign = await Campaign.create(Number(values.seed), postgres);
const { report } = campaign;
try {
  if (values.file === undefined) {
    await fuzz();
    if (values.distil) writeCorpus(distilled(campaign.corpus, LEAST_ADDED));
  } else {
    await campaign.execute(readFileSync(values.file, 'utf8').trimEnd());
  }
} finally {
  await postgres.close();
  rmSync(directory, { recursive: true, force: true });
}
process.stdout.write(`${JSON.stringify(report, undefined, 2)}\n`);
process.exitCode = report.findings.length > 0 ? 1 : 0;

async function fuzz(): Promise<void> {
  const began = performance.now();
  const isOver = () => performance.now() - began > Number(values.seconds) * 1000;
  for (const sql of readCorpus()) await campaign.execute(sql);
  let told = 0;
  while (!isOver() && report.executions < Number(values.count)) {
    await campaign.step();
    if (report.executions % 5_000 === 0) {
      const { executions, accepted, shapes, behaviours } = report;
      tell(`${executions} executions, ${accepted} accepted, ${shapes} shapes, ${behaviours} behaviours`);
    }
    for (; told < report.findings.length; told++) save(report.findings[told]);
  }
}

function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}

function save(finding: (typeof report.findings)[number] | undefined): void {
  if (finding === undefined) return;
  mkdirSync(FINDINGS, { recursive: true });
  const name = createHash('sha256').update(finding.fault).digest('hex').slice(0, 12);
  writeFileSync(join(FINDINGS, `${name}.sql`), finding.sql);
  tell(`FINDING ${finding.fault}: fuzz/findings/${name}.sql\n${finding.sql}\n`);
}
