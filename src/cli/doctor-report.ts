import { styleText } from 'node:util';
import type { Report, Status } from '../app/doctor.ts';

type Finding = Report['findings'][number];

const WORDS: Readonly<Record<Status, string>> = { ok: 'ok', warn: 'WARN', fail: 'FAIL', skipped: 'skipped' };
const COLOURS = { ok: 'green', warn: 'yellow', fail: 'red', skipped: 'gray' } as const;
const STATUS_WIDTH = 4;
/** Narrower than this, what was found goes below the name of its check. */
const NARROW = 72;
const MAX_NAME = 25;

/** The report as a table for a person, `columns` characters wide. Colours only where standard output takes them. */
export function renderReport(report: Report, columns: number): string {
  const looked = report.findings.filter(({ status }) => status !== 'skipped');
  const nameWidth = columns < NARROW ? 0 : MAX_NAME;
  const groups = Map.groupBy(looked, ({ group }) => group);
  const tables = [...groups].map(([group, findings]) =>
    [group, ...findings.map((finding) => renderFinding(finding, nameWidth, columns))].join('\n'),
  );
  return [
    `Aisle ${report.version} looked at ${report.database}`,
    ...tables,
    ...notLookedAt(report, columns),
    totals(report),
  ].join('\n\n');
}

/** A name too long for its column has a line of its own; on a narrow terminal each has. */
function renderFinding({ status, check, found, mend }: Finding, nameWidth: number, columns: number): string {
  const word = styleText(COLOURS[status], WORDS[status].padEnd(STATUS_WIDTH), { stream: process.stdout });
  const before = 2 + STATUS_WIDTH + 2;
  const indent = nameWidth === 0 ? before : before + nameWidth + 2;
  const texts = mend === undefined ? [found] : [found, `mend: ${mend}`];
  const lines = texts
    .flatMap((text) => wrap(text, columns - indent))
    .map((line) => ' '.repeat(indent) + line);
  const name = `  ${word}  ${check}`;
  if (check.length > nameWidth) return [name, ...lines].join('\n');
  const [first = '', ...more] = lines;
  return [name + first.slice(before + check.length), ...more].join('\n');
}

/** Checks that were skipped, by the reason, which most of them share. */
function notLookedAt({ findings }: Report, columns: number): string[] {
  const reasons = Map.groupBy(
    findings.filter(({ status }) => status === 'skipped'),
    ({ found }) => found,
  );
  const lines = [...reasons].flatMap(([reason, skipped]) =>
    wrap(`${reason}: ${skipped.map(({ check }) => check).join(', ')}`, columns - 4).map(
      (line, index) => (index === 0 ? '  ' : '    ') + line,
    ),
  );
  return lines.length === 0 ? [] : [['skipped', ...lines].join('\n')];
}

function totals({ summary: { ok, warn, fail, skipped } }: Report): string {
  return `${ok} ok, ${warn} ${warn === 1 ? 'warning' : 'warnings'}, ${fail} failed, ${skipped} skipped`;
}

/**
 * Lines of at most `width` characters, broken at blanks; a longer word stays whole. Names come from the database:
 * control characters can't reach the terminal.
 */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/[\s\p{Cc}]+/u)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
