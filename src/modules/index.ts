import type { Module } from '../kernel/module.ts';
import { type AnalyticsDeps, createAnalyticsModule } from './analytics/index.ts';
import { type AuditDeps, createAuditModule } from './audit/index.ts';
import { type CatalogDeps, createCatalogModule } from './catalog/index.ts';

/** Everything that some module needs, from the composition root. */
export type ModuleDeps = AnalyticsDeps & AuditDeps & CatalogDeps;

/** The domains that Aisle serves: one line each. */
export function createModules(deps: ModuleDeps): readonly Module[] {
  return [createAnalyticsModule(deps), createCatalogModule(deps), createAuditModule(deps)];
}
