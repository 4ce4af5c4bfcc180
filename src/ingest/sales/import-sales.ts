import type { LoaderSession } from '../../data/database.ts';
import { ensureHeadOffice, ensureStores } from './ensure-stores.ts';
import { type ImportOptions, type ImportPlan, planImport } from './import-options.ts';
import { withoutLineIndexes } from './line-indexes.ts';
import type { LineReader } from './line-reader.ts';
import { FRAGMENT_COLUMNS, fragmentOf } from './order-fragments.ts';
import { placeOrders } from './place-orders.ts';
import { readAhead } from './read-ahead.ts';
import { emptySource, SalesReading } from './read-sales.ts';
import { countDistinct, countStored, type Figures, type StoreFigures } from './reconcile.ts';
import { countConflicts, rejectConflicts } from './reject-conflicts.ts';
import { RejectsFile } from './rejects-file.ts';
import { openSalesSource, type SalesInput, type SalesSource } from './sales-source.ts';
import { emptySegment, FACT_COLUMNS, prepareStaging } from './staging.ts';
import { storeKnownOrders } from './store-known.ts';
import { maySkipForeignKeys, storeOrders } from './store-orders.ts';
import { finishProducts, prepareCategory, storeProducts } from './store-products.ts';

export interface ImportProgress {
  /** Reading and storing go on together; checking comes last and takes about a tenth of the time. */
  readonly phase: 'loading' | 'checking';
  /** Read so far, as they stand in the file. */
  readonly bytes: number;
  /** Undefined while a stream is read: nobody knows its end. */
  readonly totalBytes: number | undefined;
  /** Stored so far. */
  readonly lines: number;
}

export interface ImportReport {
  readonly source: string;
  /** `linesRead` = `added` + `known` + `rejected`. */
  readonly linesRead: number;
  readonly added: number;
  /** In the database before, just so. */
  readonly known: number;
  readonly rejected: number;
  /** Those of the rejected that could be read, but contradict what is known or belong to a known order that does. */
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
 * Whether there is something to import, told without a database. Standard input can be read only once, and is not looked at.
 * Throws `ValidationError` as `importSales` does.
 */
export async function checkSalesInput(input: string, options: ImportOptions): Promise<void> {
  planImport(options);
  if (input === '-') return;
  const source = await openSalesSource(input);
  try {
    for await (const bytes of source.read()) if (bytes.length > 0) return;
    throw emptySource(source.name);
  } finally {
    await source.dispose();
  }
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
    await rejects.begin(typeof input === 'string' ? input : undefined);
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
  await prepareStaging(session);
  await prepareCategory(session);
  await ensureHeadOffice(session);
  await withoutLineIndexes(session, () => storeSegments(session, source, plan, reading, onProgress));
  const read = reading.finished(source.name);
  const progress = { bytes: source.bytesRead, totalBytes: source.bytesRead, lines: read.lines };
  onProgress({ phase: 'checking', ...progress });
  const early = await countConflicts(session);
  const { compared, added } = await storeKnownOrders(session);
  const conflicts = await countConflicts(session);
  await finishProducts(session, conflicts > 0);
  if (conflicts > 0) await rejectConflicts(session, source, plan.delimiter, rejects);
  const verdict = { added: read.lines - early - compared + added, conflicts };
  const report = await reconcile(session, source, plan, read, verdict);
  await record(session, source, report);
  return report;
}

/** Stores what is new, a segment of the file at a time, while the next one is being read. */
async function storeSegments(
  session: LoaderSession,
  source: SalesSource,
  plan: ImportPlan,
  reading: SalesReading,
  onProgress: (progress: ImportProgress) => void,
): Promise<void> {
  const { totalBytes } = source;
  const maySkip = await maySkipForeignKeys(session);
  const ensured = new Set<string>();
  let segment = 0;
  let lines = 0;
  const tell = () => onProgress({ phase: 'loading', bytes: source.bytesRead, totalBytes, lines });
  for await (const { rows, facts } of readAhead(reading.segments(source, tell))) {
    await session.load('import_segment', FRAGMENT_COLUMNS, rows);
    await session.load('import_new_facts', FACT_COLUMNS, facts);
    const fragments = rows.map(fragmentOf).filter(({ readable }) => readable);
    const stores = new Set(fragments.map(({ store }) => store).filter((store) => !ensured.has(store)));
    const named = new Map([...stores].map((store) => [store, reading.slugs.names.get(store) ?? store]));
    await ensureStores(session, named, { currency: plan.currency, namesMustAgree: plan.store === null });
    for (const store of stores) ensured.add(store);
    await placeOrders(session, segment);
    await storeProducts(session);
    await storeOrders(session, segment, plan.cancellationPrefix, maySkip);
    await emptySegment(session);
    lines += fragments.reduce((sum, { places }) => sum + places, 0);
    segment += 1;
    tell();
  }
}

async function reconcile(
  session: LoaderSession,
  source: SalesSource,
  plan: ImportPlan,
  read: LineReader,
  { added, conflicts }: { readonly added: number; readonly conflicts: number },
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
