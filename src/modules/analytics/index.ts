import type { Database } from '../../data/database.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Module } from '../../kernel/module.ts';
import type { Guard } from '../../sql/guard.ts';
import { analyticsPrompts } from './prompts.ts';
import { analyticsResources } from './resources.ts';
import { createSchemaCatalogue } from './schema-catalogue.ts';
import { executeSalesQuery } from './tools/execute-sales-query.ts';
import { generateBusinessInsights } from './tools/generate-business-insights.ts';
import { getCurrentUtcDate } from './tools/get-current-utc-date.ts';
import { getMultipleTableSchemas } from './tools/get-multiple-table-schemas.ts';
import { getStorePerformance } from './tools/get-store-performance.ts';
import { salesReport } from './tools/sales-report.ts';

export interface AnalyticsDeps {
  readonly database: Pick<Database, 'withTenant'>;
  readonly guard: Pick<Guard, 'check' | 'fingerprint' | 'masked'>;
  readonly clock: Clock;
  /** Milliseconds after which the database stops a query. */
  readonly queryTimeoutMs: number;
}

/** Reading the business: schemas, governed SQL, reports and computed insights. */
export function createAnalyticsModule(deps: AnalyticsDeps): Module {
  const { database, guard, clock, queryTimeoutMs } = deps;
  const catalogue = createSchemaCatalogue();
  return {
    name: 'analytics',
    tools: [
      getCurrentUtcDate(clock),
      getMultipleTableSchemas(database, catalogue),
      executeSalesQuery(database, guard, catalogue, queryTimeoutMs),
      getStorePerformance(database, clock),
      salesReport(database, clock),
      generateBusinessInsights(database, clock),
    ],
    resources: analyticsResources(database, catalogue),
    prompts: analyticsPrompts(database),
  };
}
