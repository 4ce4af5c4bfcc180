import { SingleBar } from 'cli-progress';

/** Where a command writes: results to `out`, everything else (progress, notes, errors) to `err`. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  /** Whether a person reads `out`. */
  readonly outIsTty: boolean;
  readonly errIsTty: boolean;
  /** Characters in a line of `out`. */
  readonly columns: number;
}

export const terminal: Terminal = {
  out: (text) => void process.stdout.write(`${text}\n`),
  err: (text) => void process.stderr.write(`${text}\n`),
  outIsTty: process.stdout.isTTY === true,
  errIsTty: process.stderr.isTTY === true,
  columns: process.stdout.columns ?? 80,
};

export interface Progress {
  /** `done` of `total`, in whatever unit the bar was made for. */
  update(done: number, total: number): void;
  stop(): void;
}

/** A bar with rate and time left on a terminal; a line at the start and at the end where there is none. */
export function progressBar(what: string, unit: string, { err, errIsTty }: Terminal): Progress {
  const started = performance.now();
  if (!errIsTty) {
    let last = 0;
    err(`${what} …`);
    return {
      update: (done) => {
        last = done;
      },
      stop: () =>
        err(
          `${what}: ${last.toLocaleString('en')} ${unit} in ${((performance.now() - started) / 1000).toFixed(1)} s`,
        ),
    };
  }
  const bar = new SingleBar({
    format: `${what} {bar} {percentage} % | {done} ${unit} | {rate} ${unit}/s | {eta_formatted} left`,
    stream: process.stderr,
    hideCursor: true,
    clearOnComplete: true,
  });
  bar.start(1, 0, { done: '0', rate: '0' });
  return {
    update: (done, total) => {
      const rate = Math.round((done / (performance.now() - started)) * 1000);
      bar.setTotal(total);
      bar.update(done, { done: done.toLocaleString('en'), rate: rate.toLocaleString('en') });
    },
    stop: () => bar.stop(),
  };
}

const MAX_CELL = 60;

/** Rows as aligned columns for a person; numbers to the right. Control characters can't reach the terminal. */
export function alignedTable(columns: readonly string[], rows: readonly (readonly unknown[])[]): string {
  const lines = [columns, ...rows].map((row) => row.map(cell));
  const widths = columns.map((_, index) => Math.max(...lines.map((line) => (line[index] ?? '').length)));
  const isNumeric = columns.map(
    (_, index) =>
      rows.length > 0 && rows.every((row) => row[index] === null || /^-?[\d.]+$/.test(String(row[index]))),
  );
  const render = (line: readonly string[]) =>
    line
      .map((text, index) =>
        isNumeric[index] ? text.padStart(widths[index] ?? 0) : text.padEnd(widths[index] ?? 0),
      )
      .join('  ')
      .trimEnd();
  const [header = [], ...body] = lines;
  return [render(header), widths.map((width) => '-'.repeat(width)).join('  '), ...body.map(render)].join(
    '\n',
  );
}

function cell(value: unknown): string {
  const text = value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);
  const shown = visible(text);
  return shown.length > MAX_CELL ? `${shown.slice(0, MAX_CELL - 1)}…` : shown;
}

/** In one line, without what a terminal would obey. */
export function visible(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ');
}
