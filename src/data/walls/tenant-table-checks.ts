import { OWN_SCHEMA, READABLE, RELATIONS, TENANT_TABLE, type WallCheck } from './wall-check.ts';

/**
 * Permissive policies `p` on `c` that show the reader rows: one that does not confine is enough to show all. Into the
 * schema private it looks with the eyes of the role that owns the masking views.
 */
const POLICIES_THAT_SHOW = `FROM pg_policy p WHERE p.polrelid = c.oid AND p.polpermissive AND p.polcmd IN ('r', '*')
    AND EXISTS (SELECT FROM unnest(p.polroles) AS whom JOIN pg_roles eyes
        ON eyes.rolname = CASE n.nspname WHEN 'private' THEN 'aisle_masker' ELSE $1::name END
      WHERE whom = 0 OR pg_has_role(eyes.oid, whom, 'MEMBER'))`;

/** As PostgreSQL prints it with a bare search path; the sub-select is what makes it an InitPlan. */
const CONFINES = '(store_id = ANY (( SELECT access.visible_stores() AS visible_stores)::uuid[]))';

const SHOWN_POLICY = `store_id = ANY ((SELECT access.visible_stores())::uuid[])`;

/** `store_id` of the relation `relation` as the first column of the key `key`. */
const ledByStore = (relation: string, key: string) =>
  `EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = ${relation} AND a.attnum = ${key} AND a.attname = 'store_id')`;

/** A tenant table is complete when all of these are silent. */
export const TENANT_TABLE_CHECKS: readonly WallCheck[] = [
  {
    name: 'forced row security',
    sql: `${RELATIONS} WHERE ${TENANT_TABLE} AND NOT (c.relrowsecurity AND c.relforcerowsecurity) ORDER BY 1`,
    wrong: 'Tenant tables without forced row security',
    mend: 'ALTER TABLE … ENABLE ROW LEVEL SECURITY; ALTER TABLE … FORCE ROW LEVEL SECURITY.',
  },
  {
    name: 'policy for the reader',
    sql: `${RELATIONS} WHERE ${TENANT_TABLE} AND NOT EXISTS (SELECT ${POLICIES_THAT_SHOW}) ORDER BY 1`,
    wrong: 'Tenant tables without a policy that lets readers see the rows of their stores',
    mend: `CREATE POLICY tenant_reads ON … FOR SELECT TO aisle_reader, aisle_writer USING (${SHOWN_POLICY}); in the schema private TO aisle_masker, aisle_writer.`,
  },
  {
    name: 'policies confine',
    sql: `SELECT n.nspname || '.' || c.relname || ': ' || policy.name AS breach
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace,
        LATERAL (SELECT p.polname AS name, pg_get_expr(p.polqual, p.polrelid) AS condition ${POLICIES_THAT_SHOW}) policy
      WHERE ${TENANT_TABLE} AND policy.condition IS DISTINCT FROM '${CONFINES}' ORDER BY 1`,
    wrong:
      'Policies that show readers rows by another rule than the signed context, or verify it for each row',
    mend: `DROP POLICY … ON …; the one policy for readers is USING (${SHOWN_POLICY}). To show fewer rows, add one AS RESTRICTIVE.`,
  },
  {
    name: 'no policy for everybody',
    sql: `SELECT n.nspname || '.' || c.relname || ': ' || p.polname AS breach
      FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE ${TENANT_TABLE} AND p.polpermissive AND 0 = ANY (p.polroles) ORDER BY 1`,
    wrong: 'Policies TO PUBLIC on tenant tables, which hold for readers too',
    mend: 'ALTER POLICY … ON … TO the roles that are meant.',
  },
  {
    name: 'tenant tables live in retail',
    sql: `${RELATIONS} WHERE ${OWN_SCHEMA} AND n.nspname <> 'retail' AND c.relkind IN ('r', 'p') AND ${READABLE}
        AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'store_id' AND NOT a.attisdropped)
      ORDER BY 1`,
    wrong:
      'The reader can read tables with a store_id outside of the schema retail, whose walls nobody checks',
    mend: 'ALTER TABLE … SET SCHEMA retail, or REVOKE SELECT ON … FROM PUBLIC, aisle_reader.',
  },
  {
    name: 'primary keys led by store_id',
    sql: `${RELATIONS} WHERE ${TENANT_TABLE} AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid
        AND i.indisprimary AND ${ledByStore('c.oid', 'i.indkey[0]')}) ORDER BY 1`,
    wrong: 'Tenant tables whose primary key does not begin with store_id',
    mend: 'ALTER TABLE … ADD PRIMARY KEY (store_id, …).',
  },
  {
    name: 'unique keys led by store_id',
    sql: `SELECT n.nspname || '.' || u.relname AS breach
      FROM pg_index i JOIN pg_class u ON u.oid = i.indexrelid
        JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE ${TENANT_TABLE} AND i.indisunique AND has_table_privilege('aisle_writer', c.oid, 'INSERT, UPDATE')
        AND NOT ${ledByStore('c.oid', 'i.indkey[0]')} ORDER BY 1`,
    wrong:
      'Unique indexes over all stores on tables that callers write: a conflict tells what another store has',
    mend: 'Begin them with store_id: UNIQUE (store_id, …).',
  },
  {
    name: 'foreign keys led by store_id',
    sql: `SELECT n.nspname || '.' || c.relname || ': ' || k.conname AS breach
      FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE k.contype = 'f' AND ${TENANT_TABLE}
        AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = k.confrelid AND a.attname = 'store_id' AND NOT a.attisdropped)
        AND NOT (${ledByStore('k.conrelid', 'k.conkey[1]')} AND ${ledByStore('k.confrelid', 'k.confkey[1]')}) ORDER BY 1`,
    wrong: 'Foreign keys that can point into another store; checking them ignores row security',
    mend: 'Begin both sides with store_id: FOREIGN KEY (store_id, …) REFERENCES … (store_id, …).',
  },
];
