import type { Database } from '../data/database.ts';
import { pacificDate } from '../demo/calendar.ts';
import { DEFAULT_DEMO } from '../demo/demo-options.ts';
import { parseFieldMap } from '../ingest/sales/fields.ts';
import type { ImportOptions } from '../ingest/sales/import-options.ts';
import { type ImportProgress, type ImportReport, importSales } from '../ingest/sales/import-sales.ts';
import { type SeedSummary, seedDemo } from '../ingest/seed.ts';

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

/** Imports a sales export (`-`: standard input) in one transaction: all of it or nothing. */
export function importSalesFile(
  database: Database,
  file: string,
  options: ImportOptions,
  onProgress: (progress: ImportProgress) => void,
  signal: AbortSignal,
): Promise<ImportReport> {
  return database.asLoader(signal, (session) => importSales(session, file, options, onProgress));
}
