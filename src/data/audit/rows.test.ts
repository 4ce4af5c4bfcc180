/** Threat: the audit becomes the place where secrets and people's data are gathered. Closed here: neither gets into a record. */
import { expect, it } from 'vitest';
import type { CallRecord } from '../../kernel/audit.ts';
import { DatabaseError } from '../../kernel/errors.ts';
import { callEntry, eventEntry, maskedArguments, maskedMessage } from './rows.ts';

const SUBJECT = '0190a000-0000-7000-8000-000000000001';
const STORE = '0190A000-0000-7000-8000-00000000000B';

const CALL: CallRecord = {
  at: Date.UTC(2026, 10, 21, 19, 33, 33, 120),
  ...{ kind: 'tool', name: 'sales_report', args: { template: 'daily_sales', days: 30 } },
  context: {
    principal: {
      ...{ subject: SUBJECT, name: 'seattle', roles: ['store_manager'], permissions: new Set() },
      ...{ method: 'api_key', client: 'ak_12', store: STORE },
    },
    requestId: 'r-1',
    sessionId: 's-1',
    origin: { ip: '::ffff:10.0.0.1', userAgent: 'test', traceId: 'ab'.repeat(16) },
    signal: new AbortController().signal,
  },
  facts: { queries: new Set(['SELECT 1 FROM retail.orders o JOIN retail.stores s']), rows: 3 },
  ...{ status: 'ok', decision: 'allowed', durationMs: 1.5 },
};

it('a call is told whole', () => {
  const { createdAt, log, record } = callEntry(CALL);
  expect({ createdAt, log }).toEqual({ createdAt: '2026-11-21T19:33:33.120Z', log: 'tool_calls' });
  expect(JSON.parse(record)).toEqual({
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    created_at: '2026-11-21T19:33:33.120Z',
    ...{ kind: 'tool', tool_name: 'sales_report', arguments: { template: 'daily_sales', days: 30 } },
    ...{ status: 'ok', decision: 'allowed', duration_ms: 1.5, row_count: 3 },
    ...{ subject_id: SUBJECT, subject_name: 'seattle', roles: ['store_manager'], auth_method: 'api_key' },
    ...{ client: 'ak_12', store_id: STORE.toLowerCase(), tables: ['retail.orders', 'retail.stores'] },
    ...{ request_id: 'r-1', claude_session_id: 's-1', trace_id: 'ab'.repeat(16) },
    ...{ ip_address: '10.0.0.1', user_agent: 'test' },
  });
});

it('of a query it has the masked text, and what the guard found', () => {
  const sql = {
    text: "SELECT 'x'",
    fingerprint: () => '0123456789abcdef',
    masked: () => 'SELECT $1'.padEnd(3000, '.'),
  };
  const facts = { queries: new Set<string>(), sql, relations: ['retail.orders'] };
  const error = new DatabaseError('invalid input syntax for type integer: "ann@example.com"');
  const record = JSON.parse(callEntry({ ...CALL, facts, status: 'error', error }).record);
  expect(record).toMatchObject({
    ...{ sql_fingerprint: '0123456789abcdef', tables: ['retail.orders'] },
    ...{ error_code: 'DATABASE_ERROR', error: 'invalid input syntax for type integer: "…"' },
  });
  expect(record.sql_text).toHaveLength(2000);
});

it('a parser that is starting again costs a record its fingerprint and nothing else', () => {
  const fail = () => {
    throw new RangeError('starting');
  };
  const facts = {
    queries: new Set<string>(),
    sql: { text: '', fingerprint: fail, masked: () => 'SELECT $1' },
  };
  const record = JSON.parse(callEntry({ ...CALL, facts }).record);
  expect(record.sql_text).toBe('SELECT $1');
  expect(record).not.toHaveProperty('sql_fingerprint');
});

it.each([
  [undefined, undefined],
  [
    { store_id: 'seattle', start: '2026-01-31', id: SUBJECT, n: 20 },
    { store_id: 'seattle', start: '2026-01-31', id: SUBJECT, n: 20 },
  ],
  [{ postgresql_query: "SELECT 'Ann'" }, { postgresql_query: '[12 characters]' }],
  [
    { name: 'Ann', mail: 'ann@example.com', phone: '14255550100', n: 4111111111111111 },
    { name: '[3 characters]', mail: '[15 characters]', phone: '[11 characters]', n: '[long number]' },
  ],
  [{ deep: [{ api_key: 'abcdefghijklmnop' }] }, { deep: [{ api_key: 'ab***op' }] }],
  [{ many: Array.from({ length: 100 }, () => 'aaaa-'.repeat(12)) }, { omitted: '6310 characters' }],
])('of the arguments %j it keeps %j', (args, kept) => {
  expect(maskedArguments(args)).toEqual(kept);
});

it.each([
  ["Unknown field 'ann'. Did you mean 'name'?", 'Unknown field "…"?'],
  ['syntax error at or near "\'Ann"', 'syntax error at or near "…"'],
  ["not closed: 'Ann", 'not closed: "…"'],
  ['Required: read:audit', 'Required: read:audit'],
])('of the message %j it keeps %j', (message, kept) => {
  expect(maskedMessage(message)).toBe(kept);
});

it('an event is told whole, without what is malformed or secret', () => {
  const { record } = eventEntry(
    {
      ...{ type: 'authentication_failed', action: 'authenticate', success: false, severity: 'WARNING' },
      ...{
        reason: 'bearer abcdef is not ours',
        subject: 'no uuid',
        name: 'ann',
        storeId: STORE,
        requestId: 'r',
      },
      ...{ origin: { ip: 'nonsense' }, details: { token: 'abcdefghijklmnop', tries: 2 } },
    },
    CALL.at,
  );
  expect(JSON.parse(record)).toEqual({
    id: expect.any(String),
    created_at: '2026-11-21T19:33:33.120Z',
    ...{ event_type: 'authentication_failed', action: 'authenticate', success: false, severity: 'WARNING' },
    ...{ failure_reason: 'bearer *** is not ours', user_name: 'ann', store_id: STORE.toLowerCase() },
    ...{ request_id: 'r', details: { token: 'ab***op', tries: 2 } },
  });
});
