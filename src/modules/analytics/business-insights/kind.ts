import type { TenantSession } from '../../../data/database.ts';
import type { Table } from '../outputs.ts';
import type { ComparedPeriods } from '../period.ts';

interface Question {
  readonly periods: ComparedPeriods;
  readonly days: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

interface Findings {
  /** Sentences made of numbers and the server's own words. */
  readonly insights: readonly string[];
  readonly tables: Readonly<Record<string, Table>>;
}

/** One kind of business insight. No findings: there is nothing in the period. */
export type Analysis = (tenant: TenantSession, question: Question) => Promise<Findings | undefined>;

/** Groups by currency, so that no sum ever crosses currencies. */
export function perCurrency<Row extends { readonly currency: string }>(
  rows: readonly Row[],
): [currency: string, rows: Row[]][] {
  return [...Map.groupBy(rows, ({ currency }) => currency)];
}
