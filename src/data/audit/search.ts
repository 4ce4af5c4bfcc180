import type { ClientBase } from 'pg';
import { ValidationError } from '../../kernel/errors.ts';
import { isUuid } from '../../kernel/uuid.ts';

/** What to look for; everything given must hold. Times are ISO, `to` is exclusive. */
export interface AuditSearch {
  readonly from: string;
  readonly to: string;
  /** Id or name of who called. */
  readonly subject?: string | undefined;
  readonly tool?: string | undefined;
  readonly eventType?: string | undefined;
  readonly decision?: 'allowed' | 'denied' | undefined;
  /** Confined to this store. */
  readonly storeId?: string | undefined;
  /** The same, as a bound that whoever searches is held to. */
  readonly onlyStoreId?: string | undefined;
  readonly requestId?: string | undefined;
  readonly limit: number;
  /** Of the page before. */
  readonly cursor?: string | undefined;
}

/** A record of either log: a call has `tool`, an event has `event_type`. */
interface AuditFound {
  readonly at: string;
  readonly log: 'call' | 'event';
  readonly tool: string | null;
  readonly event_type: string | null;
  readonly subject: string | null;
  readonly store_id: string | null;
  readonly decision: 'allowed' | 'denied';
  readonly status: string;
  readonly reason: string | null;
  readonly sql: string | null;
  readonly tables: readonly string[] | null;
  readonly rows: number | null;
  readonly duration_ms: number | null;
  readonly ip: string | null;
  readonly request_id: string | null;
}

export interface AuditPage {
  /** Newest first. */
  readonly records: readonly AuditFound[];
  /** Given when there are more. */
  readonly next?: string;
}

/** Each filter in terms of either log; a filter that a log can't meet finds nothing in it. */
const FILTERS = {
  subject: ['(subject_id::text = ? OR subject_name = ?)', '(user_id::text = ? OR user_name = ?)'],
  tool: ['tool_name = ?', 'false'],
  eventType: ['false', 'event_type = ?'],
  decision: ['decision = ?', `CASE WHEN success THEN 'allowed' ELSE 'denied' END = ?`],
  storeId: ['store_id = ?::uuid', 'store_id = ?::uuid'],
  onlyStoreId: ['store_id = ?::uuid', 'store_id = ?::uuid'],
  requestId: ['request_id = ?', 'request_id = ?'],
} as const satisfies Partial<Record<keyof AuditSearch, readonly [calls: string, events: string]>>;

const CALLS = `SELECT created_at, id, 'call' AS log, tool_name AS tool, NULL AS event_type, subject_name AS subject, store_id,
    decision, status, coalesce(error_code || ': ' || error, error_code) AS reason, sql_text AS sql, tables,
    row_count::integer AS rows, duration_ms, host(ip_address) AS ip, request_id FROM audit.tool_calls`;
const EVENTS = `SELECT created_at, id, 'event', NULL, event_type, coalesce(user_name, user_id::text), store_id,
    CASE WHEN success THEN 'allowed' ELSE 'denied' END, lower(severity), failure_reason, NULL, NULL::text[],
    NULL::integer, NULL::double precision, host(ip_address), request_id FROM audit.security_audit_log`;

type Row = AuditFound & { readonly id: string };

/** One page, newest first. Throws `ValidationError` for a cursor that no page gave. */
export async function searchRecords(client: ClientBase, search: AuditSearch): Promise<AuditPage> {
  const values: unknown[] = [search.from, search.to];
  const conditions: [string[], string[]] = [[], []];
  const both = (calls: string, events: string, value: string) => {
    const place = `$${values.push(value)}`;
    conditions[0].push(calls.replaceAll('?', place));
    conditions[1].push(events.replaceAll('?', place));
  };
  for (const [name, [calls, events]] of Object.entries(FILTERS)) {
    const value = search[name as keyof typeof FILTERS];
    if (value !== undefined) both(calls, events, value);
  }
  if (search.cursor !== undefined) {
    const [at, id] = readCursor(search.cursor);
    const before = `(created_at, id) < ($${values.push(at)}::timestamptz, $${values.push(id)}::uuid)`;
    conditions[0].push(before);
    conditions[1].push(before);
  }
  const where = (extra: readonly string[]) =>
    ['created_at >= $1::timestamptz', 'created_at < $2::timestamptz', ...extra].join(' AND ');
  const { rows } = await client.query<Row>(
    `SELECT to_char(created_at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at, found.* FROM (
       (${CALLS} WHERE ${where(conditions[0])} ORDER BY created_at DESC, id DESC LIMIT ${search.limit + 1})
       UNION ALL
       (${EVENTS} WHERE ${where(conditions[1])} ORDER BY created_at DESC, id DESC LIMIT ${search.limit + 1})
     ) found ORDER BY created_at DESC, id DESC LIMIT ${search.limit + 1}`,
    values,
  );
  const records = rows.slice(0, search.limit);
  const last = records.at(-1);
  const hasMore = rows.length > search.limit && last !== undefined;
  return { records: records.map(shown), ...(hasMore && { next: cursorOf(last) }) };
}

function shown(row: Row & { readonly created_at?: unknown }): AuditFound {
  const { id: _, created_at: __, ...found } = row;
  return found;
}

function cursorOf({ at, id }: Row): string {
  return Buffer.from(`${at} ${id}`).toString('base64url');
}

function readCursor(cursor: string): readonly [at: string, id: string] {
  const text = Buffer.from(cursor, 'base64url').toString();
  const parts = /^(\d{4}-[\d:.TZ-]{20,24}) ([0-9a-f-]{36})$/.exec(text);
  const [, at = '', id = ''] = parts ?? [];
  // As the page wrote it: the day 31 of a month of 30 would be read as another.
  const isOurs = new Date(Date.parse(at)).toJSON()?.slice(0, 19) === at.slice(0, 19) && isUuid(id);
  if (isOurs) return [at, id];
  throw new ValidationError('Unknown cursor: take the "next" of the page before, or leave it out.');
}
