import type { LoadValue } from '../../data/database.ts';

type Row = readonly LoadValue[];

/**
 * Gathers rows into segments of about `size` lines, reading ahead by one segment: while PostgreSQL stores one, the next is
 * being read. Holds at most two.
 */
export async function* segments(
  rows: AsyncIterable<Row>,
  size: number,
  linesOf: (row: Row) => number,
): AsyncGenerator<readonly Row[]> {
  const iterator = rows[Symbol.asyncIterator]();

  async function gather(): Promise<readonly Row[]> {
    const gathered: Row[] = [];
    let lines = 0;
    while (lines < size) {
      const next = await iterator.next();
      if (next.done === true) break;
      gathered.push(next.value);
      lines += linesOf(next.value);
    }
    return gathered;
  }

  let ahead = gather();
  try {
    for (;;) {
      const segment = await ahead;
      if (segment.length === 0) return;
      ahead = gather();
      // A failure to read is told when its turn comes, not as an unhandled rejection in between.
      ahead.catch(() => {});
      yield segment;
    }
  } finally {
    await ahead.catch(() => {});
    await iterator.return?.();
  }
}
