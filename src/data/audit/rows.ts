import { randomUUID } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { CallRecord, SecurityEvent } from '../../kernel/audit.ts';
import { ValidationError } from '../../kernel/errors.ts';
import type { CallFacts, RequestOrigin } from '../../kernel/request-context.ts';
import { isUuid } from '../../kernel/uuid.ts';
import { redact, redactText } from '../../telemetry/redact.ts';
import { READABLE_TABLES } from '../tables.ts';
import type { AuditEntry } from './append.ts';
import { type AuditRow, canonicalAddress, canonicalJson, canonicalRow, type Json } from './canonical.ts';
import { columnsOf } from './logs.ts';

const MAX_ERROR = 1000;
const MAX_SQL = 2000;
const MAX_TEXT = 500;
/** Characters of a JSON value; a longer one is stored as its length. */
const MAX_JSON = 4000;

/** Slugs, numbers of orders, dates, ids, names of enumerations. What people write has blanks, capitals, `@`, long numbers. */
const PLAIN_VALUE = /^(?!.*\d{9})[a-z0-9_.:-]{1,64}$/;
const LONGEST_PLAIN = 64;
/** Telephone and social security numbers, however they are set apart, have as many. */
const FEW_DIGITS = 7;
/** Of tokens and hashes. */
const LONG_RUN = /[a-z0-9]{24}/;
const DATE_TIME = /^\d{4}-\d\d-\d\d(?:T[\d:.]{5,15}(?:Z|[+-]\d\d:\d\d)?)?$/;
/** As src/telemetry/redact.ts leaves secrets. */
const MASKED = /^(?:\S\S)?\*\*\*(?:\S\S)?$/;
/** A card's, an account's, a telephone's. */
const LONG_NUMBER = 1e9;

const CALL_COLUMNS = columnsOf('tool_calls').toSorted();

/** What need not be found again, since queries come again and again: for whoever writes many records. */
export interface RowMemory {
  /** By masked text: what of it is put down. */
  readonly sql: LRUCache<string, string>;
  /** By text of one of Aisle's own queries: the tables that it names. */
  readonly tables: LRUCache<string, readonly string[]>;
}

export function rowMemory(): RowMemory {
  return { sql: new LRUCache({ max: 500 }), tables: new LRUCache({ max: 1000 }) };
}

export function callEntry(call: CallRecord, memory = rowMemory()): AuditEntry {
  const createdAt = new Date(call.at).toISOString();
  return {
    log: 'tool_calls',
    createdAt,
    record: canonicalRow(callRow(call, createdAt, memory), CALL_COLUMNS),
  };
}

function callRow(
  { context, facts, error, ...call }: CallRecord,
  createdAt: string,
  memory: RowMemory,
): AuditRow {
  const { principal } = context;
  return {
    id: randomUUID(),
    created_at: createdAt,
    kind: call.kind,
    tool_name: bounded(call.name),
    // What a tool has no schema for may be anything, its names included.
    arguments: error instanceof ValidationError ? undefined : maskedArguments(call.args),
    status: call.status,
    decision: call.decision,
    error_code: error?.code,
    error: error === undefined ? undefined : maskedMessage(error.message),
    subject_id: uuid(principal.subject),
    subject_name: bounded(principal.name),
    client: said(principal.client),
    auth_method: principal.method,
    roles: principal.roles,
    store_id: uuid(principal.store),
    sql_fingerprint: safely(() => facts.sql?.fingerprint()),
    sql_text: safely(() => facts.sql && saidSql(facts.sql.masked(), memory)),
    tables: tablesOf(facts, memory),
    row_count: facts.rows,
    duration_ms: call.durationMs,
    answered_from: facts.answeredFrom,
    request_id: said(context.requestId),
    claude_session_id: said(context.sessionId),
    ...originColumns(context.origin),
  };
}

export function eventEntry(event: SecurityEvent, at: number): AuditEntry {
  const createdAt = new Date(at).toISOString();
  const row: AuditRow = {
    id: randomUUID(),
    created_at: createdAt,
    event_type: bounded(event.type),
    action: bounded(event.action),
    success: event.success,
    severity: event.severity,
    failure_reason: event.reason === undefined ? undefined : redactText(event.reason).slice(0, MAX_ERROR),
    user_id: uuid(event.subject),
    user_name: said(event.name),
    store_id: uuid(event.storeId),
    resource_type: bounded(event.resourceType),
    resource_id: said(event.resourceId),
    details: event.details === undefined ? undefined : boundedJson(redact(event.details) as Json),
    request_id: said(event.requestId),
    session_id: said(event.sessionId),
    ...originColumns(event.origin),
  };
  return { log: 'security_audit_log', createdAt, record: canonicalRow(row) };
}

function originColumns(origin: RequestOrigin | undefined): AuditRow {
  if (origin === undefined) return {};
  return {
    trace_id: origin.traceId,
    ip_address: canonicalAddress(origin.ip),
    user_agent: said(origin.userAgent),
  };
}

function bounded(text: string | undefined): string | undefined {
  return text === undefined || text.length <= MAX_TEXT ? text : text.slice(0, MAX_TEXT);
}

/** What somebody outside said, who may have said a secret. */
function said(text: string | undefined): string | undefined {
  return text === undefined ? undefined : redactText(text.slice(0, MAX_TEXT)).slice(0, MAX_TEXT);
}

/** Names in quotation marks are left in a masked text, and may be anything. */
function saidSql(masked: string, { sql }: RowMemory): string {
  const known = sql.get(masked);
  if (known !== undefined) return known;
  const redacted = redactText(masked.slice(0, MAX_SQL));
  if (masked.length <= MAX_SQL) sql.set(masked, redacted); // what is longer would not be bounded by its number
  return redacted;
}

function uuid(text: string | undefined): string | undefined {
  const lower = text?.toLowerCase();
  return lower !== undefined && isUuid(lower) ? lower : undefined;
}

function safely<Value>(describe: () => Value | undefined): Value | undefined {
  try {
    return describe();
  } catch {
    return undefined; // the parser is starting again: the record goes without
  }
}

/** As the guard found them, or, of Aisle's own queries, those they name. */
function tablesOf({ relations, queries }: CallFacts, { tables }: RowMemory): readonly string[] | undefined {
  if (relations !== undefined) return relations;
  if (queries.size === 0) return undefined;
  return [...new Set([...queries].flatMap((query) => tablesNamed(query, tables)))].sort();
}

function tablesNamed(query: string, known: RowMemory['tables']): readonly string[] {
  const named = known.get(query) ?? READABLE_TABLES.filter((table) => query.includes(table));
  known.set(query, named);
  return named;
}

export function maskedArguments(args: unknown): Json | undefined {
  if (args === undefined || args === null) return undefined;
  return boundedJson(redact(withoutTexts(args)) as Json);
}

/** Values that tell what was asked for stay; free text, which may hold anybody's name or a whole query, does not. */
function withoutTexts(value: unknown): Json {
  if (typeof value === 'string') return isPlain(value) ? value : `[${value.length} characters]`;
  if (typeof value === 'number' && Math.abs(value) >= LONG_NUMBER) return '[long number]';
  if (typeof value !== 'object' || value === null) return (value ?? null) as Json;
  if (Array.isArray(value)) return value.map(withoutTexts);
  const entries = Object.entries(value).map(([key, item]) => [
    isPlain(key) ? key : `[${key.length} characters]`,
    withoutTexts(item),
  ]);
  return Object.fromEntries(entries);
}

function isPlain(text: string): boolean {
  if (text.length > LONGEST_PLAIN) return false;
  const isWord =
    PLAIN_VALUE.test(text) && !LONG_RUN.test(text) && text.replaceAll(/\D/g, '').length < FEW_DIGITS;
  return isWord || DATE_TIME.test(text) || isUuid(text) || MASKED.test(text);
}

function boundedJson(value: Json): Json {
  const text = canonicalJson(value);
  return text.length <= MAX_JSON ? value : { omitted: `${text.length} characters` };
}

/** What a message quotes may be a value of the caller's or of a row: it goes, from the first quotation mark to the last. */
export function maskedMessage(message: string): string {
  return redactText(message)
    .replace(/["'][\s\S]*["']|["'][\s\S]*$/, '"…"')
    .slice(0, MAX_ERROR);
}
