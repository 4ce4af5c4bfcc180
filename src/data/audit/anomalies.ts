import type { ClientBase } from 'pg';
import type { SecurityEvent } from '../../kernel/audit.ts';
import type { PurposeKey } from '../../kernel/secret-keys.ts';
import { appendEntries } from './append.ts';
import { eventEntry } from './rows.ts';

/** Something that one subject does more of within an hour than anybody ordinarily does. */
interface AnomalyRule {
  readonly name: string;
  /** More than this is one. */
  readonly limit: number;
  /** Gives `who` (id, name or address), `subject` (id or NULL) and `count` of the last hour before `$1`. */
  readonly sql: string;
}

const LAST_HOUR = `created_at > $1::timestamptz - interval '1 hour' AND created_at <= $1::timestamptz`;

const ANOMALY_RULES: readonly AnomalyRule[] = [
  {
    name: 'failed_authentications_of_subject',
    limit: 5,
    sql: `SELECT coalesce(user_id::text, user_name) AS who, user_id::text AS subject, count(*) AS count
      FROM audit.security_audit_log WHERE event_type = 'authentication_failed' AND ${LAST_HOUR}
        AND coalesce(user_id::text, user_name) IS NOT NULL GROUP BY 1, 2`,
  },
  {
    name: 'failed_authentications_from_address',
    limit: 5,
    sql: `SELECT host(ip_address) AS who, NULL AS subject, count(*) AS count
      FROM audit.security_audit_log WHERE event_type = 'authentication_failed' AND ${LAST_HOUR}
        AND ip_address IS NOT NULL GROUP BY 1`,
  },
  {
    name: 'addresses_of_subject',
    limit: 3,
    sql: `SELECT subject_id::text AS who, subject_id::text AS subject, count(DISTINCT ip_address) AS count
      FROM audit.tool_calls WHERE ${LAST_HOUR} GROUP BY 1`,
  },
  {
    name: 'calls_of_subject',
    limit: 1000,
    sql: `SELECT subject_id::text AS who, subject_id::text AS subject, count(*) AS count
      FROM audit.tool_calls WHERE ${LAST_HOUR} AND status <> 'begun' GROUP BY 1`,
  },
];

/** Those that have no record yet in this hour of the clock. */
const newOnes = (sql: string) => `SELECT who, subject, count::integer AS count FROM (${sql}) seen
  WHERE count > $2 AND NOT EXISTS (
    SELECT FROM audit.security_audit_log e WHERE e.event_type = 'anomaly' AND e.resource_type = $3 AND e.resource_id = seen.who
      AND e.created_at >= date_trunc('hour', $1::timestamptz)
  ) ORDER BY who`;

/** Records an event `anomaly` for each new one; returns how many. In a transaction, as the owner, one server at a time. */
export async function recordAnomalies(client: ClientBase, key: PurposeKey, nowMs: number): Promise<number> {
  const now = new Date(nowMs).toISOString();
  const entries = [];
  for (const { name, limit, sql } of ANOMALY_RULES) {
    const { rows } = await client.query<{ who: string; subject: string | null; count: number }>(
      newOnes(sql),
      [now, limit, name],
    );
    for (const { who, subject, count } of rows) {
      const event: SecurityEvent = {
        ...{ type: 'anomaly', action: 'watch', success: false, severity: 'WARNING' as const },
        ...{ reason: `${name}: ${count} within an hour, more than ${limit}` },
        ...{ subject: subject ?? undefined, resourceType: name, resourceId: who, details: { count, limit } },
      };
      entries.push(eventEntry(event, nowMs));
    }
  }
  if (entries.length > 0) await appendEntries(client, key, entries);
  return entries.length;
}
