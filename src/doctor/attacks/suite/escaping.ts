import { type Attack, attacks, type Sql } from '../attack.ts';
import type { Canaries } from '../canaries.ts';

const readAll = 'SELECT * FROM retail.customers';
const readOther = ({ other }: Canaries) => `${readAll} WHERE store_id = '${other.storeId}'`;

/** Takes a role inside of a query, then has SQL that is text planned under it. */
const roleInside =
  (setting: 'role' | 'session_authorization', role: string): Sql =>
  ({ other }) =>
    `WITH taken AS MATERIALIZED (SELECT set_config('${setting}', '${role}', true) AS r)
     SELECT query_to_xml('SELECT * FROM retail.customers WHERE store_id = ''${other.storeId}''', true, true, '') FROM taken WHERE r IS NOT NULL`;

/** A block of code ends the governed transaction and goes on in one of its own; what it finds it leaves in a setting. */
const committed =
  (body: (canaries: Canaries) => string): Sql =>
  (canaries) =>
    `DO $$ DECLARE n bigint; BEGIN COMMIT; SET TRANSACTION READ WRITE; ${body(canaries)} END $$`;
// A setting would be gone: each query ends with RESET ALL. A statement's name stays until the session is cleaned.
const found = `SELECT substr(name, 7) FROM pg_prepared_statements WHERE name LIKE 'found %'`;
const keep = (expression: string) =>
  `EXECUTE format('PREPARE %I AS SELECT 1', 'found ' || left((${expression})::text, 50));`;

const DO_RESIDUE =
  'A DO block runs with the rights of the reader, outside of the read-only transaction. Only a superuser can take it from PUBLIC.';

/** Closes: a role, a session user or a transaction that a statement leaves behind, or trades for another. */
export const ESCAPING: readonly Attack[] = attacks(
  'escaping role and transaction',
  'The session of model SQL must be able to become nobody else, and send one statement only: a login of its own that is a member of aisle_reader alone, the extended protocol.',
  [
    ...['postgres', 'aisle_owner', 'aisle_loader', 'aisle_verifier', 'aisle_masker', 'none'].map((role) => ({
      name: `set_config of the role to ${role}, then SQL as text`,
      sql: roleInside('role', role),
    })),
    {
      name: 'set_config of the session authorization, then SQL as text',
      sql: roleInside('session_authorization', 'postgres'),
    },
    ...[
      'SET ROLE aisle_loader',
      'SET ROLE aisle_owner',
      'SET ROLE aisle_writer',
      'SET ROLE NONE',
      'RESET ROLE',
    ].map((statement) => ({ name: `${statement}, and a read after it`, sql: [statement, readOther] })),
    {
      name: 'SET SESSION AUTHORIZATION, and a read after it',
      sql: ['SET SESSION AUTHORIZATION postgres', readOther],
    },
    {
      name: 'RESET SESSION AUTHORIZATION, and a read after it',
      sql: ['RESET SESSION AUTHORIZATION', readOther],
    },
    { name: 'COMMIT and a read in one text', sql: (c) => `COMMIT; ${readOther(c)}` },
    {
      name: 'ROLLBACK and a change in one text',
      sql: (c) => `ROLLBACK; DELETE FROM retail.payments WHERE store_id = '${c.own.storeId}'`,
      sign: 'success',
    },
    { name: 'COMMIT, then a read', sql: ['BEGIN', 'COMMIT', readOther] },
    { name: 'ROLLBACK, then a read', sql: ['BEGIN', 'ROLLBACK', readOther] },
    { name: 'COMMIT AND CHAIN, then a read', sql: ['BEGIN', 'COMMIT AND CHAIN', readOther] },
    {
      name: 'a savepoint rolled back to, then a read',
      sql: ['BEGIN', 'SAVEPOINT s', 'ROLLBACK TO SAVEPOINT s', readOther],
    },
    {
      name: 'BEGIN READ WRITE, then a change',
      sql: [
        'BEGIN READ WRITE',
        (c) => `UPDATE retail.customers SET tier = 'pro' WHERE store_id = '${c.own.storeId}'`,
      ],
      sign: 'success',
    },
    { name: 'SET TRANSACTION READ WRITE', sql: 'SET TRANSACTION READ WRITE', sign: 'success' },
    {
      name: 'set_config of transaction_read_only to off',
      sql: `SELECT set_config('transaction_read_only', 'off', true)`,
      sign: 'success',
    },
    {
      name: 'read-write made the default of the session, then a change',
      sql: [
        'SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE',
        'COMMIT',
        (c) => `UPDATE retail.customers SET tier = 'pro' WHERE store_id = '${c.own.storeId}'`,
      ],
      sign: 'success',
    },
    { name: 'a snapshot exported', sql: 'SELECT pg_export_snapshot()' },
    {
      name: 'DO that commits, then reads as whoever it is',
      bare: true,
      sql: [
        committed((c) =>
          keep(
            `SELECT string_agg(last_name, ' ') FROM retail.customers WHERE store_id = '${c.other.storeId}'`,
          ),
        ),
        found,
      ],
      residue: DO_RESIDUE,
    },
    {
      name: 'DO that commits, then reads under a forged context',
      bare: true,
      sql: [
        committed(
          (c) => `PERFORM set_config('app.current_rls_user_id', '${c.other.subject}', true);
            ${keep(`SELECT string_agg(last_name, ' ') FROM retail.customers WHERE store_id = '${c.other.storeId}'`)}`,
        ),
        found,
      ],
      residue: DO_RESIDUE,
    },
    {
      name: "DO that commits, then changes the caller's own rows (rolled back)",
      bare: true,
      sql: [
        committed(
          (c) => `PERFORM set_config('app.current_rls_user_id', '${c.own.subject}', true);
            UPDATE retail.customers SET tier = 'pro' WHERE store_id = '${c.own.storeId}'; GET DIAGNOSTICS n = ROW_COUNT; ROLLBACK;
            ${keep('n')}`,
        ),
        found,
      ],
      sign: 'value',
      mend: 'Readers need SELECT on the listed tables and nothing more: REVOKE INSERT, UPDATE, DELETE … FROM the reader and its groups.',
    },
    {
      name: 'DO that commits, then alters its own role (rolled back)',
      bare: true,
      sql: committed(() => `ALTER ROLE CURRENT_USER SET application_name = 'canary'; ROLLBACK;`),
      sign: 'success',
      mend: 'REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC, as a superuser (migrations/0001_schemas.sql).',
      residue: `${DO_RESIDUE} So it may change the reader's own password and defaults; the next start of Aisle mends them.`,
    },
    {
      name: 'DO that commits, then makes a temporary table (rolled back)',
      bare: true,
      sql: committed(() => 'CREATE TEMP TABLE canary (a int); ROLLBACK;'),
      sign: 'success',
      mend: 'REVOKE TEMPORARY ON DATABASE … FROM PUBLIC, and from the reader.',
    },
    {
      name: 'DO that commits, then makes a table in public (rolled back)',
      bare: true,
      sql: committed(() => 'CREATE TABLE public.aisle_canary (a int); ROLLBACK;'),
      sign: 'success',
      mend: 'REVOKE ALL ON SCHEMA public FROM PUBLIC.',
    },
  ],
);
