import type { LoaderSession } from '../../data/database.ts';
import { CsvRecords } from './csv-records.ts';
import type { RejectsFile } from './rejects-file.ts';
import type { SalesSource } from './sales-source.ts';

/** Conflicts held at a time: more than there can be lines in what is read of the file at a time. */
const PAGE = 200_000;

interface Conflict {
  readonly line: string;
  readonly reason: string;
}

export async function countConflicts(session: LoaderSession): Promise<number> {
  const [count] = await session.query<{ lines: string }>('SELECT count(*) AS lines FROM import_conflicts');
  return Number(count?.lines);
}

/** Reads the file once more and writes the lines of `import_conflicts` to the rejects file, as they stand there. */
export async function rejectConflicts(
  session: LoaderSession,
  source: SalesSource,
  delimiter: string,
  rejects: RejectsFile,
): Promise<void> {
  let waiting: Conflict[] = [];
  let next = 0;
  let last = 0;

  async function refill(): Promise<void> {
    if (waiting.length - next > PAGE / 2) return;
    const more = await session.query<Conflict>(
      `SELECT line, reason FROM import_conflicts WHERE line > $1 ORDER BY line LIMIT ${PAGE}`,
      [last],
    );
    waiting = [...waiting.slice(next), ...more];
    next = 0;
    last = Number(more.at(-1)?.line ?? last);
  }

  const records = new CsvRecords(
    {
      record: (_fields, line, _lastLine, raw) => {
        const conflict = waiting[next];
        if (conflict === undefined || Number(conflict.line) !== line) return;
        rejects.add(line, conflict.reason, raw());
        next += 1;
      },
      reject: () => {},
    },
    delimiter,
  );
  await session.query('CREATE INDEX ON import_conflicts (line)');
  for await (const chunk of source.read()) {
    await refill();
    records.write(chunk);
    await rejects.flush();
  }
  await refill();
  records.end();
}
