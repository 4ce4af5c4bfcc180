import { type Attack, attacks } from '../attack.ts';

const CUSTOMERS = 'SELECT * FROM retail.customers';
const held = (which: string) => `SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid() AND ${which}`;

const listed = attacks(
  'session leftovers',
  'Sessions must be cleaned between two requests (src/data/governor.ts); a pooler in between must not hand them on uncleaned.',
  [
    {
      name: 'a cursor WITH HOLD',
      before: [`DECLARE canary CURSOR WITH HOLD FOR ${CUSTOMERS}`],
      sql: 'FETCH ALL FROM canary',
      sign: 'success',
    },
    {
      name: 'the text of a cursor WITH HOLD',
      before: [(c) => `DECLARE canary CURSOR WITH HOLD FOR SELECT '${c.other.lastName}'::text`],
      sql: 'SELECT * FROM pg_cursors',
    },
    {
      name: 'a prepared statement',
      before: [`PREPARE canary AS ${CUSTOMERS}`],
      sql: 'EXECUTE canary',
      sign: 'success',
    },
    {
      name: 'the text of a prepared statement',
      before: [(c) => `PREPARE canary AS SELECT '${c.other.lastName}'::text`],
      sql: 'SELECT * FROM pg_prepared_statements',
    },
    {
      name: 'a temporary table',
      before: [`CREATE TEMP TABLE canary AS ${CUSTOMERS}`],
      sql: 'SELECT * FROM pg_temp.canary',
      sign: 'success',
    },
    {
      name: 'a setting of the other store',
      before: [(c) => `SET canary.left = '${c.other.lastName}'`],
      sql: `SELECT current_setting('canary.left', true)`,
      sign: 'value',
    },
    {
      name: 'the naive setting of the other store',
      before: [(c) => `SET app.current_rls_user_id = '${c.other.subject}'`],
      sql: CUSTOMERS,
    },
    {
      name: 'the context of the other store',
      before: [`SELECT set_config('aisle.context', current_setting('aisle.context'), false)`],
      sql: [`SET LOCAL search_path = retail`, CUSTOMERS],
    },
    {
      name: 'the time limit taken away',
      before: ['SET statement_timeout = 0'],
      sql: `SELECT 1 WHERE current_setting('statement_timeout') = '0'`,
      sign: 'value',
    },
    {
      name: 'read-only taken away',
      before: ['SET default_transaction_read_only = off'],
      sql: `SELECT 1 WHERE current_setting('transaction_read_only') = 'off'`,
      sign: 'value',
    },
    {
      name: 'a search path',
      before: ['SET search_path = access'],
      sql: 'SELECT * FROM subjects',
      sign: 'value',
    },
    { name: 'a role', before: ['SET ROLE aisle_loader'], sql: CUSTOMERS },
    { name: 'a session user', before: ['SET SESSION AUTHORIZATION postgres'], sql: CUSTOMERS },
    {
      name: 'an open transaction and its locks',
      before: ['BEGIN', 'SELECT count(*) FROM retail.payments'],
      sql: held(`relation = (SELECT oid FROM pg_class WHERE relname = 'payments' AND relkind = 'r')`),
      sign: 'value',
    },
    {
      name: 'a listener',
      before: ['LISTEN canary'],
      sql: "SELECT count(*) FROM pg_listening_channels() AS channel WHERE channel = 'canary'",
      sign: 'value',
    },
    {
      name: 'an advisory lock',
      before: ['SELECT pg_advisory_lock(-7241186)'],
      sql: held(`locktype = 'advisory'`),
      sign: 'value',
    },
  ],
);

/** Closes: what the other store's request leaves in a session must not reach the caller, who gets the session next. */
export const LEFTOVERS: readonly Attack[] = listed.map((attack) => ({ ...attack, bare: true }));
