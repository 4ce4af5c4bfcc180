import { MASKED_TABLES } from '../tables.ts';
import { OF_EXTENSION, OWN_SCHEMA, type WallCheck } from './wall-check.ts';

const SEES = '( SELECT access.sees_customer_pii() AS sees_customer_pii)';
const masked = (column: string, mask: string) =>
  `CASE WHEN ${SEES} THEN ${column} ELSE ${mask} END AS ${column}`;

/** As PostgreSQL prints them with a bare search path, but for blanks and the table's name, which later versions leave out. */
const VIEWS: Readonly<Record<string, string>> = {
  'retail.customers': `SELECT store_id, customer_id, customer_number, ${masked('first_name', 'access.mask_name(first_name)')}, ${masked('last_name', 'access.mask_name(last_name)')}, ${masked('email', 'access.mask_email(email)')}, ${masked('phone', 'access.mask_phone(phone)')}, tier, status, ${masked('metadata', `'{}'::jsonb`)}, created_at, updated_at FROM private.customers;`,
};

const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;
const list = (names: readonly string[]) => names.map(literal).join(', ');

const VIEW_NAMES = list(Object.keys(MASKED_TABLES));
const DEFINITIONS = Object.entries(VIEWS).map(([name, text]) => `(${literal(name)}, ${literal(text)})`);

/** `c` is a view that masks, and looks with the eyes of the role whom row security confines for that: no other may. */
export const IS_MASKING_VIEW = `(n.nspname || '.' || c.relname IN (${VIEW_NAMES})
    AND c.relowner = (SELECT oid FROM pg_roles WHERE rolname = 'aisle_masker'))`;

/** Personal data reaches a reader through the masks or not at all. */
export const MASKING_CHECKS: readonly WallCheck[] = [
  {
    name: 'masking views',
    sql: `SELECT wanted.name AS breach FROM (VALUES ${DEFINITIONS.join(', ')}) AS wanted (name, definition)
      WHERE NOT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname || '.' || c.relname = wanted.name AND c.relkind = 'v' AND ${IS_MASKING_VIEW}
          AND btrim(regexp_replace(regexp_replace(pg_get_viewdef(c.oid), '\\m' || c.relname || '\\.', '', 'g'), '\\s+', ' ', 'g'))
            = wanted.definition) ORDER BY 1`,
    wrong: 'The views that mask personal data are not as they were made',
    mend: 'They belong to aisle_masker and mask first_name, last_name, email, phone and metadata: see migrations/0010_narrowing_and_masking.sql.',
  },
  {
    name: 'masking role',
    sql: `SELECT attribute AS breach FROM pg_roles,
        LATERAL (VALUES ('SUPERUSER', rolsuper), ('BYPASSRLS', rolbypassrls), ('CREATEROLE', rolcreaterole),
          ('CREATEDB', rolcreatedb), ('REPLICATION', rolreplication), ('LOGIN', rolcanlogin)) AS has (attribute, present)
      WHERE rolname = 'aisle_masker' AND present
      UNION ALL SELECT 'member of ' || more.rolname FROM pg_roles masker, pg_roles more
      WHERE masker.rolname = 'aisle_masker' AND NOT masker.rolsuper AND more.oid <> masker.oid
        AND pg_has_role(masker.oid, more.oid, 'MEMBER')
      UNION ALL SELECT 'reads ' || n.nspname || '.' || c.relname
      FROM pg_roles masker, pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE masker.rolname = 'aisle_masker' AND NOT masker.rolsuper AND ${OWN_SCHEMA} AND NOT ${OF_EXTENSION}
        AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND has_any_column_privilege(masker.oid, c.oid, 'SELECT')
        AND NOT has_any_column_privilege('public', c.oid, 'SELECT')
        AND n.nspname || '.' || c.relname NOT IN (${VIEW_NAMES}, ${list(Object.values(MASKED_TABLES))})
      ORDER BY 1`,
    wrong: 'The role that looks through the masking views can do more than that',
    mend: 'ALTER ROLE aisle_masker NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB NOREPLICATION; REVOKE whatever else it was given.',
  },
];
