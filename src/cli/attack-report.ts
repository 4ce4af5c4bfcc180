import {
  type AttackLine,
  type AttackReport,
  attackDatabase,
  type Verdict,
  type WallName,
} from '../app/attack.ts';
import type { Config } from '../config.ts';
import { alignedTable, progressBar, type Terminal } from './terminal.ts';

const WALLS: readonly WallName[] = ['guard on', 'guard off'];
const VERDICTS: readonly Verdict[] = ['stopped by guard', 'stopped by database', 'harmless', 'LEAKED'];

/** Attacks the database and prints what came of it; exit code 1 on any leak. */
export async function attackAndReport(
  config: Config,
  terminal: Terminal,
  options: { readonly json: boolean },
): Promise<void> {
  const stop = new AbortController();
  const onSignal = () => {
    terminal.err('Stopping: the canary rows are removed first.');
    stop.abort();
  };
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  const report = await attackWithProgress(config, terminal, stop.signal).finally(() => {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  });
  terminal.out(options.json ? JSON.stringify(asJson(report), null, 2) : asText(report));
  if (report.leaked > 0) process.exitCode = 1;
}

async function attackWithProgress(
  config: Config,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<AttackReport> {
  const bar = progressBar('Attacking', 'attacks', terminal);
  try {
    return await attackDatabase(config, ({ done, total }) => bar.update(done, total), signal);
  } finally {
    bar.stop();
  }
}

function asJson({ lines, leaked, seconds, leftoversRemoved }: AttackReport): object {
  const attacks = lines.map(({ group, name, findings, mend }) => ({
    group,
    attack: name,
    guard_on: findings['guard on'],
    guard_off: findings['guard off'],
    mend,
  }));
  return {
    leaked,
    seconds,
    leftovers_removed: leftoversRemoved,
    guard_on: counts(lines, 'guard on'),
    guard_off: counts(lines, 'guard off'),
    attacks,
  };
}

/** A line an attack, the leaks in full, the known limits of this server, and the sums. */
export function asText(report: AttackReport): string {
  const { lines, leaked, seconds, leftoversRemoved } = report;
  const sections = groupsOf(lines).map((group) => {
    const rows = lines
      .filter((line) => line.group === group)
      .map((line) => [line.name, ...WALLS.map((wall) => brief(line, wall))]);
    return alignedTable([group, ...WALLS], rows);
  });
  const sums = alignedTable(
    ['', ...VERDICTS],
    WALLS.map((wall) => [wall, ...Object.values(counts(lines, wall))]),
  );
  const removed =
    leftoversRemoved === 0 ? [] : [`Removed ${leftoversRemoved} canary stores of a run that was killed.`];
  const verdict =
    leaked === 0
      ? `0 leaked: ${lines.length} attacks, with the guard on and off, in ${seconds} s.`
      : `${leaked} LEAKED: of ${lines.length} attacks, with the guard on and off, in ${seconds} s.`;
  return [...sections, ...limits(lines), ...leaks(lines), ...removed, sums, verdict].join('\n\n');
}

function groupsOf(lines: readonly AttackLine[]): readonly string[] {
  return [...new Set(lines.map(({ group }) => group))];
}

function brief(line: AttackLine, wall: WallName): string {
  const { verdict, detail } = line.findings[wall];
  if (verdict === 'LEAKED') return verdict;
  if (detail.startsWith('known limit')) return `${verdict}: known limit`;
  return verdict === 'harmless' ? verdict : `${verdict}: ${detail}`;
}

function leaks(lines: readonly AttackLine[]): readonly string[] {
  return lines.flatMap((line) =>
    WALLS.filter((wall) => line.findings[wall].verdict === 'LEAKED').map(
      (wall) =>
        `LEAKED with the ${wall}: ${line.group}: ${line.name}\n  what: ${line.findings[wall].detail}\n  mend: ${line.mend}`,
    ),
  );
}

/** What passes with the guard off for want of a means to forbid it, each reason once. */
function limits(lines: readonly AttackLine[]): readonly string[] {
  const reasons = lines
    .map(({ findings }) => findings['guard off'].detail)
    .filter((detail) => detail.startsWith('known limit: '))
    .map((detail) => detail.replace('known limit: ', ''));
  if (reasons.length === 0) return [];
  return [
    `Known limits of this server, which the guard closes:\n${[...new Set(reasons)].map((reason) => `  - ${reason}`).join('\n')}`,
  ];
}

function counts(lines: readonly AttackLine[], wall: WallName): Readonly<Record<Verdict, number>> {
  const count = (verdict: Verdict) =>
    lines.filter(({ findings }) => findings[wall].verdict === verdict).length;
  return {
    'stopped by guard': count('stopped by guard'),
    'stopped by database': count('stopped by database'),
    harmless: count('harmless'),
    LEAKED: count('LEAKED'),
  };
}
