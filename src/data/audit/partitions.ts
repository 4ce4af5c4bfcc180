import type { ClientBase } from 'pg';
import type { PurposeKey } from '../../kernel/secret-keys.ts';
import { type AuditEntry, appendEntries } from './append.ts';
import { DROPPED } from './drops.ts';
import { AUDIT_LOGS, type AuditLogName, addMonths, partitionOf } from './logs.ts';
import { eventEntry } from './rows.ts';

const MONTH = /^\d{4}-(?:0[1-9]|1[0-2])$/;

/** Makes the partitions of a month (`2026-11`), where they are missing. In a transaction, as the owner. */
export async function makePartitions(client: ClientBase, month: string): Promise<void> {
  if (!MONTH.test(month)) return;
  for (const log of AUDIT_LOGS) {
    const partition = partitionOf(log, month);
    const { rows } = await client.query<{ exists: boolean }>('SELECT to_regclass($1) IS NOT NULL AS exists', [
      `audit.${partition}`,
    ]);
    if (rows[0]?.exists === true) continue;
    await client.query(`
      CREATE TABLE audit.${partition} PARTITION OF audit.${log}
        FOR VALUES FROM ('${month}-01T00:00:00Z') TO ('${addMonths(month, 1)}-01T00:00:00Z');
      CREATE UNIQUE INDEX ON audit.${partition} (sequence);
      CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON audit.${partition} EXECUTE FUNCTION audit.refuse_change();
      INSERT INTO audit.chain_heads (partition, log, month) VALUES ('${partition}', '${log}', '${month}-01')`);
  }
}

interface OldPartition {
  readonly partition: string;
  readonly log: AuditLogName;
  readonly length: string;
  readonly mac: Buffer;
  readonly key_id: string | null;
}

/**
 * Drops the partitions of months before `oldest` (`2024-11`), and says so in the security log, in the same transaction and
 * with the last mac of what is gone; returns their names. As the owner.
 */
export async function dropPartitions(
  client: ClientBase,
  oldest: string,
  key: PurposeKey,
  nowMs: number,
): Promise<readonly string[]> {
  const { rows } = await client.query<OldPartition>(
    `SELECT partition, log, length, mac, key_id FROM audit.chain_heads
     WHERE month < ($1 || '-01')::date ORDER BY partition FOR UPDATE`,
    [oldest],
  );
  const entries = rows.map((old) => droppedEntry(old, nowMs));
  if (entries.length > 0) await appendEntries(client, key, entries);
  for (const { partition } of rows) {
    await client.query(`DROP TABLE IF EXISTS audit.${partition}`);
    await client.query('DELETE FROM audit.chain_heads WHERE partition = $1', [partition]);
  }
  return rows.map(({ partition }) => partition);
}

function droppedEntry({ partition, length, mac, key_id }: OldPartition, nowMs: number): AuditEntry {
  return eventEntry(
    {
      ...{ type: DROPPED, action: 'drop', success: true, severity: 'INFO' as const },
      ...{ resourceType: 'partition', resourceId: partition },
      details: { records: Number(length), last_mac: mac.toString('hex'), mac_made_with: key_id },
    },
    nowMs,
  );
}
