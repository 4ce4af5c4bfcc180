import type { LoadValue } from '../../data/database.ts';

type Row = readonly LoadValue[];

/** Rows of the file that go to the database together. */
export interface Segment {
  readonly rows: readonly Row[];
  /** Begins to read the next one. To be called when PostgreSQL is about to be busy: reading keeps this thread so. */
  readAhead(): void;
}

/** Gathers rows into segments of about `size` lines. Holds two at most. */
export async function* segments(
  rows: AsyncIterable<Row>,
  size: number,
  linesOf: (row: Row) => number,
): AsyncGenerator<Segment> {
  const iterator = rows[Symbol.asyncIterator]();
  let next: Promise<readonly Row[]> | undefined;

  async function gather(): Promise<readonly Row[]> {
    const gathered: Row[] = [];
    for (let lines = 0; lines < size; ) {
      const row = await iterator.next();
      if (row.done === true) break;
      gathered.push(row.value);
      lines += linesOf(row.value);
    }
    return gathered;
  }

  function readAhead(): void {
    next ??= gather();
    // A failure to read is told when its turn comes, not as an unhandled rejection in between.
    next.catch(() => {});
  }

  try {
    for (;;) {
      const gathered = await (next ?? gather());
      next = undefined;
      if (gathered.length === 0) return;
      yield { rows: gathered, readAhead };
    }
  } finally {
    await next?.catch(() => {});
    await iterator.return?.();
  }
}
