import type { LoaderSession } from '../../data/database.ts';
import { type ImportOptions, type ImportPlan, planImport } from './import-options.ts';
import type { LineReader } from './line-reader.ts';
import { SalesReading } from './read-sales.ts';
import { countDistinct, countStored, type Figures, type StoreFigures } from './reconcile.ts';
import { rejectConflicts } from './reject-conflicts.ts';
import { RejectsFile } from './rejects-file.ts';
import { openSalesSource, type SalesInput, type SalesSource } from './sales-source.ts';
import { settleCatalogue } from './settle-catalogue.ts';
import { storeLines } from './settle-lines.ts';
import { judgeOrders, type Verdict } from './settle-orders.ts';
import { settleStores } from './settle-stores.ts';
import { prepareStaging, stage } from './staging.ts';

export interface ImportProgress {
  readonly phase: 'reading' | 'storing' | 'checking';
  readonly bytes: number;
  /** Undefined for a stream: nobody knows its end. */
  readonly totalBytes: number | undefined;
  /** Lines done in this phase. */
  readonly lines: number;
  /** Undefined while reading: lines are told by bytes. */
  readonly totalLines: number | undefined;
}

export interface ImportReport {
  readonly source: string;
  /** `linesRead` = `added` + `known` + `rejected`. */
  readonly linesRead: number;
  readonly added: number;
  /** In the database before, just so. */
  readonly known: number;
  readonly rejected: number;
  /** Those of the rejected that could be read and contradict what is known. */
  readonly conflicts: number;
  /** Where the rejected lines are; null when there are none. */
  readonly rejectsFile: string | null;
  /** Over all lines that could be read, counted while reading. */
  readonly file: Figures;
  /** Over the same lines in the final tables. */
  readonly database: Figures;
  readonly stores: readonly {
    readonly store: string;
    readonly file: StoreFigures;
    readonly database: StoreFigures;
  }[];
  /** Whether the two agree in every figure. They can't when there are conflicts. */
  readonly matches: boolean;
}

/**
 * Imports a sales export within the session's transaction, in constant memory. Importing the same lines again, in the same
 * or another file that holds their orders from the beginning, changes nothing. Throws `ValidationError` when the file as a
 * whole can't be imported; a line that can't goes to the rejects file.
 */
export async function importSales(
  session: LoaderSession,
  input: SalesInput,
  options: ImportOptions,
  onProgress: (progress: ImportProgress) => void = () => {},
): Promise<ImportReport> {
  const plan = planImport(options);
  const source = await openSalesSource(input);
  const rejects = new RejectsFile(plan.rejectsFile);
  try {
    await rejects.begin();
    const report = await importFrom(session, source, plan, rejects, onProgress);
    await rejects.flush(true);
    return report;
  } finally {
    await rejects.close();
    await source.dispose();
  }
}

async function importFrom(
  session: LoaderSession,
  source: SalesSource,
  plan: ImportPlan,
  rejects: RejectsFile,
  onProgress: (progress: ImportProgress) => void,
): Promise<ImportReport> {
  const reading = new SalesReading(plan, rejects);
  const tell = (phase: ImportProgress['phase'], lines: number, totalLines?: number) =>
    onProgress({ phase, bytes: source.bytesRead, totalBytes: source.totalBytes, lines, totalLines });

  await prepareStaging(session);
  const rows = reading.rows(source, () => tell('reading', reading.lines?.lines ?? 0));
  await stage(session, rows, reading.facts);
  const read = reading.finished(source.name);
  const total = read.lines;
  tell('storing', 0, total);
  await settleStores(session, {
    names: plan.store === null ? storesWithLines(reading, read) : new Map([[plan.store, plan.store]]),
    currency: plan.currency,
    namesMustAgree: plan.store === null,
  });
  const verdict = await judgeOrders(session);
  await settleCatalogue(session, verdict.conflicts > 0);
  await storeLines(session, plan.cancellationPrefix, reading.lastLine, (line) => {
    tell('storing', Math.min(line, total), total);
  });
  if (verdict.conflicts > 0) await rejectConflicts(session, source, plan.delimiter, rejects);
  tell('checking', 0, total);
  const report = await reconcile(session, source, plan, read, verdict);
  await record(session, source, report);
  tell('checking', total, total);
  return report;
}

function storesWithLines(reading: SalesReading, read: LineReader): Map<string, string> {
  return new Map([...reading.slugs.names].filter(([slug]) => read.sums.has(slug)));
}

async function reconcile(
  session: LoaderSession,
  source: SalesSource,
  plan: ImportPlan,
  read: LineReader,
  { added, conflicts }: Verdict,
): Promise<ImportReport> {
  const file: Figures = {
    lines: read.lines,
    sum: read.total.toString(),
    negativeLines: read.negativeLines,
    ...(await countDistinct(session)),
  };
  const stored = await countStored(session);
  const byStore = new Map(stored.stores.map((figures) => [figures.store, figures]));
  const stores = [...read.sums].map(([store, { lines, sum }]) => ({
    store,
    file: { store, lines, sum: sum.toString() },
    database: byStore.get(store) ?? { store, lines: 0, sum: '0' },
  }));
  const same = <T extends object>(a: T, b: T) =>
    (Object.keys(a) as (keyof T)[]).every((name) => a[name] === b[name]);
  const rejected = read.rejected + conflicts;
  return {
    source: source.name,
    linesRead: read.lines + read.rejected,
    added,
    known: read.lines - conflicts - added,
    rejected,
    conflicts,
    rejectsFile: rejected === 0 ? null : plan.rejectsFile,
    file,
    database: stored.figures,
    stores,
    matches: same(file, stored.figures) && stores.every((store) => same(store.file, store.database)),
  };
}

async function record(session: LoaderSession, source: SalesSource, report: ImportReport): Promise<void> {
  await session.query(
    `INSERT INTO audit.imports (source_name, sha256, lines_read, lines_added, lines_known, lines_rejected)
     VALUES ($1, $2, $3, $4, $5, $6)`,
    [report.source, source.sha256(), report.linesRead, report.added, report.known, report.rejected],
  );
}
