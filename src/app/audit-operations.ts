import type { Config } from '../config.ts';
import { type AuditAnchor, anchorText, parseAnchor } from '../data/audit/anchors.ts';
import type { ExportedRecord } from '../data/audit/export.ts';
import { columnsOf } from '../data/audit/logs.ts';
import type { AuditFinding, AuditVerification, VerifyScope } from '../data/audit/verify.ts';
import { asOperator } from './as-operator.ts';

export type { AuditAnchor, AuditFinding, AuditVerification, ExportedRecord, VerifyScope };
export { anchorText, columnsOf, parseAnchor };

/** Recomputes every mac of the months in the scope. */
export function verifyAudit(
  config: Config,
  scope: Omit<VerifyScope, 'retentionMonths'>,
  onProgress: (records: number) => void,
): Promise<AuditVerification> {
  const whole = { ...scope, retentionMonths: config.AUDIT_RETENTION_MONTHS };
  return asOperator(config, ({ database }) => database.audit.verify(database.secretKeys, whole, onProgress));
}

/**
 * Gives every record of both logs since a time to `take`, which may slow it down, and by false end it. Returns where the chains
 * end; nothing when it was ended.
 */
export async function exportAudit(
  config: Config,
  since: Date,
  take: (exported: ExportedRecord) => Promise<boolean>,
): Promise<readonly AuditAnchor[]> {
  return asOperator(config, async ({ database: { audit }, change }) => {
    const details = { since: since.toISOString() };
    const exporting = async () => {
      let records = 0;
      for await (const exported of audit.export(since)) {
        if (!(await take(exported))) return { records, complete: false, ends: [] };
        records += 1;
      }
      return { records, complete: true, ends: await audit.ends() };
    };
    const { ends } = await change(
      { type: 'audit_exported', action: 'export', details },
      exporting,
      ({ records, complete }) => ({ details: { records, complete } }),
    );
    return ends;
  });
}
