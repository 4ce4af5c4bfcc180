/** An audit on a test's database: a key that the database does not have, and what its tables hold. */
import { randomBytes } from 'node:crypto';
import type { AuditFinding } from '../../src/data/audit/verify.ts';
import { type AuditWriter, type AuditWriterOptions, createAuditWriter } from '../../src/data/audit/writer.ts';
import type { Database } from '../../src/data/database.ts';
import type { CallRecord } from '../../src/kernel/audit.ts';
import type { Principal } from '../../src/kernel/principal.ts';
import { silentLogger } from '../../src/telemetry/logger.ts';
import { NORTH } from './two-stores.ts';

const key = { id: 'test', key: randomBytes(32) };
export const TEST_KEYS = {
  ids: [key.id],
  current: () => key,
  byId: (_: string, id: string) => (id === key.id ? key : undefined),
};

export function auditOn(database: Database, options: Partial<AuditWriterOptions> = {}): AuditWriter {
  return createAuditWriter({ store: database.audit, keys: TEST_KEYS, logger: silentLogger, ...options });
}

export async function verified(database: Database): Promise<readonly AuditFinding[]> {
  return (await database.audit.verify(TEST_KEYS, {}, () => {})).findings;
}

/** A call of North's, answered now. */
export function callBy(principal: Principal = NORTH.principal, more: Partial<CallRecord> = {}): CallRecord {
  return {
    ...{ at: Date.now(), kind: 'tool', name: 'sales_report', args: { days: 30 } },
    context: { principal, requestId: 'r-1', signal: new AbortController().signal },
    facts: { queries: new Set() },
    ...{ status: 'ok', decision: 'allowed', durationMs: 1.25 },
    ...more,
  };
}
