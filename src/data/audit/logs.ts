/** The two logs, and the columns of each besides those of the chain, with their types. */
const CHAIN_COLUMNS = { sequence: 'bigint', mac: 'bytea', key_id: 'text' } as const;

const LOGS = {
  tool_calls: {
    ...CHAIN_COLUMNS,
    ...{ id: 'uuid', created_at: 'timestamptz', kind: 'text', tool_name: 'text', arguments: 'jsonb' },
    ...{ status: 'text', decision: 'text', error_code: 'text', error: 'text' },
    ...{ subject_id: 'uuid', subject_name: 'text', client: 'text', auth_method: 'text', roles: 'text[]' },
    ...{ store_id: 'uuid', sql_fingerprint: 'text', sql_text: 'text', tables: 'text[]', row_count: 'bigint' },
    ...{
      duration_ms: 'double precision',
      answered_from: 'text',
      request_id: 'text',
      trace_id: 'text',
      claude_session_id: 'text',
    },
    ...{ ip_address: 'inet', user_agent: 'text' },
  },
  security_audit_log: {
    ...CHAIN_COLUMNS,
    ...{ id: 'uuid', created_at: 'timestamptz', event_type: 'text', action: 'text', success: 'boolean' },
    ...{ severity: 'text', failure_reason: 'text', user_id: 'uuid', user_name: 'text', store_id: 'uuid' },
    ...{ resource_type: 'text', resource_id: 'text', details: 'jsonb', request_id: 'text' },
    ...{ session_id: 'text', trace_id: 'text', ip_address: 'inet', user_agent: 'text' },
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, string>>>>;

export type AuditLogName = keyof typeof LOGS;

export const AUDIT_LOGS = Object.keys(LOGS) as readonly AuditLogName[];

export function columnsOf(log: AuditLogName): readonly string[] {
  return Object.keys(LOGS[log]);
}

/** Appends the records of `$1`, a JSON array, and moves the head of partition `$5` to length `$2`, mac `$3`, key `$4`. */
export function appendStatement(log: AuditLogName): string {
  const columns = columnsOf(log).join(', ');
  const definition = Object.entries(LOGS[log]).map(([name, type]) => `${name} ${type}`);
  return `WITH added AS (
      INSERT INTO audit.${log} (${columns}) SELECT ${columns} FROM json_to_recordset($1::json) AS r(${definition.join(', ')})
    )
    UPDATE audit.chain_heads SET length = $2, mac = $3, key_id = $4, updated_at = now() WHERE partition = $5`;
}

/** `2026-11` of an ISO time: partitions are months of UTC. */
export function monthOf(time: string): string {
  return time.slice(0, 7);
}

/** The log and the month of a partition by its name; undefined for a name that `partitionOf` does not give. */
export function placeOf(
  partition: string,
): { readonly log: AuditLogName; readonly month: string } | undefined {
  const [, name, year, month] = /^(\w+)_(\d{4})_(0[1-9]|1[0-2])$/.exec(partition) ?? [];
  const log = AUDIT_LOGS.find((each) => each === name);
  return log === undefined ? undefined : { log, month: `${year}-${month}` };
}

/** `addMonths('2026-12', 1)` is `2027-01`. */
export function addMonths(month: string, count: number): string {
  const [year = 0, ordinal = 1] = month.split('-').map(Number);
  return new Date(Date.UTC(year, ordinal - 1 + count, 1)).toISOString().slice(0, 7);
}

export function partitionOf(log: AuditLogName, month: string): string {
  return `${log}_${month.replace('-', '_')}`;
}
