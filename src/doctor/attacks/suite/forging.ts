import { type Attack, attacks, type Sql } from '../attack.ts';
import type { Canaries } from '../canaries.ts';

const NIL = '00000000-0000-0000-0000-000000000000';

/** The classic: one plain SELECT changes the setting in a MATERIALIZED CTE and reads after it by LATERAL. */
const forged =
  (setting: string, value: (canaries: Canaries) => string): Sql =>
  (canaries) =>
    `WITH forged AS MATERIALIZED (SELECT set_config('${setting}', '${value(canaries)}', true) AS c)
     SELECT r.* FROM forged, LATERAL (SELECT * FROM retail.customers
       WHERE forged.c IS NOT NULL AND store_id = '${canaries.other.storeId}') r`;

const context = (value: (canaries: Canaries) => string) => forged('aisle.context', value);
const subject = ({ other }: Canaries) => other.subject;
const selfMade = (of: string) => `${'0'.repeat(12)}.${of}.9999999999.1.${'0'.repeat(64)}`;
const readOther = ({ other }: Canaries) =>
  `SELECT * FROM retail.customers WHERE store_id = '${other.storeId}'`;

/** Closes: a context that SQL text can make up is no boundary. */
export const FORGING: readonly Attack[] = attacks(
  'forging the context',
  'Policies must trust nothing that SQL can set: use access.visible_stores(), which verifies a signature (migrations/0018_one_look_at_keys_and_grants.sql).',
  [
    {
      name: 'a self-made token, by set_config in a MATERIALIZED CTE',
      sql: context((c) => selfMade(subject(c))),
    },
    { name: 'a self-made token for the all-zero id', sql: context(() => selfMade(NIL)) },
    { name: 'an empty context', sql: context(() => '') },
    { name: 'the bare subject as context', sql: context(subject) },
    { name: 'a genuine token, expired', sql: context((c) => c.tokens.expired) },
    { name: 'a genuine token of another session', sql: context((c) => c.tokens.foreign) },
    { name: 'a genuine token cut short by one digit', sql: context((c) => c.tokens.truncated) },
    { name: 'a genuine token without its signature', sql: context((c) => c.tokens.unsigned) },
    { name: 'a genuine token with one digit changed', sql: context((c) => c.tokens.flipped) },
    { name: 'a token signed with a key of the forger', sql: context((c) => c.tokens.otherKey) },
    {
      name: "the caller's own token with the other subject put into it",
      sql: (c) => `WITH forged AS MATERIALIZED (SELECT set_config('aisle.context',
          replace(current_setting('aisle.context'), '${c.own.subject}', '${c.other.subject}'), true) AS c)
        SELECT r.* FROM forged, LATERAL (SELECT * FROM retail.customers WHERE forged.c IS NOT NULL AND store_id = '${c.other.storeId}') r`,
    },
    {
      name: "the other store's token, confined to the caller's store",
      sql: context((c) => c.tokens.narrowed),
    },
    {
      name: "the other store's token, its confinement taken out",
      sql: context((c) => c.tokens.narrowed.replace(`.${c.own.storeId}.`, '..')),
    },
    {
      name: "the caller's own token with the other store put into it",
      sql: (c) => `WITH forged AS MATERIALIZED (SELECT set_config('aisle.context',
          regexp_replace(current_setting('aisle.context'), '^(([^.]*\\.){4})[^.]*', '\\1${c.other.storeId}'), true) AS c)
        SELECT r.* FROM forged, LATERAL (SELECT * FROM retail.customers WHERE forged.c IS NOT NULL AND store_id = '${c.other.storeId}') r`,
    },
    {
      name: 'a token without rights with the right to personal data put into it',
      sql: (c) => `WITH forged AS MATERIALIZED (SELECT set_config('aisle.context',
          regexp_replace('${c.tokens.rightless}', '^(([^.]*\\.){5})', '\\1p'), true) AS c)
        SELECT access.sees_customer_pii() FROM forged WHERE forged.c IS NOT NULL`,
      sign: 'value',
      mend: 'Masks must ask access.sees_customer_pii(), which verifies a signature (migrations/0010_narrowing_and_masking.sql).',
    },
    {
      name: 'a token without rights reads personal data',
      sql: (
        c,
      ) => `WITH rightless AS MATERIALIZED (SELECT set_config('aisle.context', '${c.tokens.rightless}', true) AS c)
        SELECT r.* FROM rightless, LATERAL (SELECT 1 FROM retail.customers
          WHERE rightless.c IS NOT NULL AND strpos(concat_ws(' ', first_name, last_name, email, phone), '${c.own.tag}') > 0) r`,
      sign: 'value',
      mend: 'Personal data must be masked inside the database (migrations/0010_narrowing_and_masking.sql).',
    },
    { name: 'the setting app.current_rls_user_id', sql: forged('app.current_rls_user_id', subject) },
    { name: 'the all-zero id in app.current_rls_user_id', sql: forged('app.current_rls_user_id', () => NIL) },
    { name: 'an empty app.current_rls_user_id', sql: forged('app.current_rls_user_id', () => '') },
    { name: 'the setting app.user_id', sql: forged('app.user_id', subject) },
    { name: 'the setting app.tenant_id', sql: forged('app.tenant_id', (c) => c.other.storeId) },
    { name: 'the setting app.current_store_id', sql: forged('app.current_store_id', (c) => c.other.storeId) },
    {
      name: 'the claims in request.jwt.claims',
      sql: forged('request.jwt.claims', (c) => `{"sub":"${c.other.subject}","role":"admin"}`),
    },
    {
      name: 'set_config in a recursive CTE, read by its recursive term',
      sql: (c) => `WITH RECURSIVE r(n, found) AS (
          SELECT 1, set_config('app.current_rls_user_id', '${c.other.subject}', true)
          UNION ALL SELECT n + 1, (SELECT string_agg(last_name, ' ') FROM retail.customers WHERE store_id = '${c.other.storeId}')
          FROM r WHERE n < 3) SELECT * FROM r`,
    },
    {
      name: 'set_config in the first branch of a UNION ALL',
      sql: (c) =>
        `SELECT set_config('app.current_rls_user_id', '${c.other.subject}', true) UNION ALL SELECT last_name FROM retail.customers WHERE store_id = '${c.other.storeId}'`,
    },
    {
      name: 'set_config in VALUES, read by LATERAL',
      sql: (c) =>
        `SELECT r.* FROM (VALUES (set_config('aisle.context', '${selfMade(c.other.subject)}', true))) v(c), LATERAL (SELECT * FROM retail.orders WHERE v.c IS NOT NULL AND store_id = '${c.other.storeId}') r`,
    },
    {
      name: 'set_config under its schema-qualified, quoted and escaped name',
      sql: (c) =>
        `WITH forged AS MATERIALIZED (SELECT "pg_catalog".U&"set\\005fconfig"('app.current_rls_user_id', '${c.other.subject}', true) AS c)
         SELECT r.* FROM forged, LATERAL (SELECT * FROM retail.payments WHERE forged.c IS NOT NULL AND store_id = '${c.other.storeId}') r`,
    },
    {
      name: 'SET LOCAL of the naive setting, and a read after it',
      sql: ['BEGIN', (c) => `SET LOCAL app.current_rls_user_id = '${c.other.subject}'`, readOther],
    },
    {
      name: 'SET LOCAL of the context, and a read after it',
      sql: ['BEGIN', (c) => `SET LOCAL aisle.context = '${selfMade(c.other.subject)}'`, readOther],
    },
    { name: 'RESET ALL, and a read after it', sql: ['RESET ALL', readOther] },
    { name: 'DISCARD ALL, and a read after it', sql: ['DISCARD ALL', readOther] },
    {
      name: "the verifier called with the other store's subject in the naive setting",
      sql: (c) =>
        `SELECT set_config('app.current_rls_user_id', '${c.other.subject}', true), access.visible_stores()`,
    },
    {
      name: 'the caller’s own token read back',
      sql: `SELECT current_setting('aisle.context')`,
    },
    {
      name: 'row security switched off for the session',
      sql: ['BEGIN', 'SET LOCAL row_security = off', 'SELECT * FROM retail.customers'],
    },
  ],
);
