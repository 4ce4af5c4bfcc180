import type { ClientBase } from 'pg';
import type { AuditRow } from './canonical.ts';
import { AUDIT_LOGS, type AuditLogName } from './logs.ts';

export interface ExportedRecord {
  readonly log: AuditLogName;
  /** Every column by its name, `sequence`, `mac` and `key_id` included. */
  readonly row: AuditRow;
}

const PAGE = 2000;

/** Log by log in the order of time, page by page, each page in a transaction of its own: no snapshot is held for hours. */
export async function* exportRecords(
  asReader: <Result>(work: (client: ClientBase) => Promise<Result>) => Promise<Result>,
  since: Date,
): AsyncGenerator<ExportedRecord> {
  for (const log of AUDIT_LOGS) {
    let after: readonly [createdAt: string, id: string] = [
      since.toISOString(),
      '00000000-0000-0000-0000-000000000000',
    ];
    for (;;) {
      const page = await asReader((client) =>
        client.query<{ at: string; id: string; row: string }>(
          `SELECT created_at::text AS at, id, row_to_json(t)::text AS row FROM audit.${log} t
           WHERE (created_at, id) > ($1::timestamptz, $2::uuid) ORDER BY created_at, id LIMIT ${PAGE}`,
          [...after],
        ),
      );
      for (const { row } of page.rows) yield { log, row: JSON.parse(row) };
      const last = page.rows.at(-1);
      if (last === undefined || page.rows.length < PAGE) break;
      after = [last.at, last.id];
    }
  }
}
