import type { Database } from '../../data/database.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Module } from '../../kernel/module.ts';
import { searchAuditLog } from './tools/search-audit-log.ts';

export interface AuditDeps {
  readonly database: { readonly audit: Pick<Database['audit'], 'search'> };
  readonly clock: Clock;
}

/** What was done with Aisle, for auditors. */
export function createAuditModule({ database, clock }: AuditDeps): Module {
  return { name: 'audit', tools: [searchAuditLog(database.audit, clock)], resources: [] };
}
