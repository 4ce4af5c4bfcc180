import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';

export type Figures = Readonly<Record<string, number | string>>;

/** Prints a table and writes `bench/results/<name>.json`. */
export function report(name: string, rows: Readonly<Record<string, Figures>>): void {
  printTable(name, rows);
  writeResults(name, { rows });
}

export function printTable(title: string, rows: Readonly<Record<string, Figures>>): void {
  process.stdout.write(`\n${title}\n`);
  console.table(rows);
}

/** Writes `bench/results/<name>.json`: these results, of which machine they are and of when. */
export function writeResults(name: string, results: Readonly<Record<string, unknown>>): void {
  mkdirSync('bench/results', { recursive: true });
  const machine = { cpu: cpus()[0]?.model, cores: cpus().length, node: process.version };
  writeFileSync(
    `bench/results/${name}.json`,
    `${JSON.stringify({ name, machine, date: new Date().toISOString(), ...results }, null, 2)}\n`,
  );
}

/** The middle one, of an even number the upper of both; 0 of none. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
