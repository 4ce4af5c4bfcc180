import type { Config } from '../config.ts';
import type { Database } from '../data/database.ts';
import { pacificDate } from '../demo/calendar.ts';
import { DEFAULT_DEMO } from '../demo/demo-options.ts';
import { parseFieldMap } from '../ingest/sales/fields.ts';
import type { ImportOptions } from '../ingest/sales/import-options.ts';
import {
  checkSalesInput,
  type ImportProgress,
  type ImportReport,
  importSales,
} from '../ingest/sales/import-sales.ts';
import { type SeedSummary, seedDemo } from '../ingest/seed.ts';
import { asOperator } from './as-operator.ts';

export type { ImportOptions, ImportProgress, ImportReport, SeedSummary };
export { parseFieldMap };

export interface SeedRequest {
  readonly customers?: number | undefined;
  readonly orders?: number | undefined;
  readonly seed?: number | undefined;
  /** Pacific day (ISO) on which the data ends, exclusive; today if absent. */
  readonly until?: string | undefined;
}

/** Fills a database with the demo retailer, all of it or nothing; one that has it already stays as it is. */
export function seedDatabase(
  database: Database,
  request: SeedRequest,
  onProgress: (done: number, total: number) => void,
  signal: AbortSignal,
): Promise<SeedSummary> {
  const options = {
    seed: request.seed ?? DEFAULT_DEMO.seed,
    customers: request.customers ?? DEFAULT_DEMO.customers,
    orders: request.orders ?? DEFAULT_DEMO.orders,
    until: request.until ?? pacificDate(Date.now()),
  };
  return database.asLoader(signal, (session) => seedDemo(session, options, onProgress));
}

/** `seedDatabase`, as an operator asks for it. */
export function seedAsOperator(
  config: Config,
  request: SeedRequest,
  onProgress: (done: number, total: number) => void,
): Promise<SeedSummary> {
  return asOperator(
    config,
    ({ database, change }) =>
      change(
        { type: 'demo_seeded', action: 'seed', details: { ...request } },
        () => seedDatabase(database, request, onProgress, new AbortController().signal),
        (details) => ({ details: { ...details } }),
      ),
    { mayCreate: true },
  );
}

/**
 * Imports a sales export (`-`: standard input) in one transaction: all of it or nothing. A file that can't be one makes no
 * database.
 */
export async function importSalesFile(
  config: Config,
  file: string,
  options: ImportOptions,
  onProgress: (progress: ImportProgress) => void,
  signal: AbortSignal,
): Promise<ImportReport> {
  await checkSalesInput(file, options);
  const { profile, store, storeBy } = options;
  const told = { resourceType: 'file', resourceId: file, details: { profile, store, storeBy } };
  return asOperator(
    config,
    ({ database, change }) =>
      change(
        { type: 'sales_imported', action: 'import', ...told },
        () => database.asLoader(signal, (session) => importSales(session, file, options, onProgress)),
        ({ linesRead, added, known, rejected, matches }) => ({
          details: { linesRead, added, known, rejected, matches },
        }),
      ),
    { mayCreate: true },
  );
}
