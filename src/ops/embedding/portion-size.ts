/** How long a transaction that saves vectors may last: the embedded database answers nobody else meanwhile. */
const TARGET_MS = 250;
const FIRST_ROWS = 10;
const MOST_ROWS = 100;

/**
 * Rows that take about a quarter of a second to save. Each goes into a graph of neighbours, which takes a millisecond on one
 * machine and a tenth of a second on another, and longer the more there are.
 */
export class PortionSize {
  rows = FIRST_ROWS;

  /** The last portion of `rows` took `ms` milliseconds, with the wait for a connection. */
  took(rows: number, ms: number): void {
    const fitting = Math.floor((rows * TARGET_MS) / Math.max(ms, 1));
    this.rows = Math.max(1, Math.min(fitting, this.rows * 2, MOST_ROWS));
  }
}
