import type { LoaderSession } from '../../data/database.ts';
import type { CanaryStore } from './canaries.ts';

/** Digest of each part of the database that no attack may change. */
export type Snapshot = Readonly<Record<string, string>>;

const digest = (expression: string, from: string) =>
  `SELECT md5(coalesce(string_agg(${expression}, E'\\n' ORDER BY ${expression}), '')) AS digest FROM ${from}`;

const OPERATORS = `n.nspname !~ '^pg_(toast|temp|catalog)' AND n.nspname <> 'information_schema'`;

/** By the loader's search path: the table of customers, and not a view that masks it. */
const TENANT_TABLES = 'stores customers orders order_items inventory support_tickets payments'.split(' ');

/** Of roles only those that Aisle uses, and the one that attacks try to make: roles belong to the cluster. */
const ROLES = `rolname IN ('aisle_owner', 'aisle_loader', 'aisle_verifier', 'aisle_masker', 'aisle_reader', 'aisle_writer',
  'aisle_auditor', 'aisle_audit_reader', 'aisle_canary', $1)`;

const PARTS: Readonly<Record<string, string>> = {
  relations: digest(
    `concat_ws('|', c.oid, c.relname, c.relkind, c.relowner, c.relacl, c.relrowsecurity, c.relforcerowsecurity)`,
    `pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ${OPERATORS} AND $1::text IS NOT NULL`,
  ),
  functions: digest(
    `concat_ws('|', p.oid, p.proname, p.proowner, p.proacl, p.proconfig, p.prosrc)`,
    `pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE ${OPERATORS} AND $1::text IS NOT NULL`,
  ),
  schemas: digest(
    `concat_ws('|', n.oid, n.nspname, n.nspowner, n.nspacl)`,
    `pg_namespace n WHERE ${OPERATORS} AND $1::text IS NOT NULL`,
  ),
  policies: digest('p::text', 'pg_policies p WHERE $1::text IS NOT NULL'),
  extensions: digest('e.extname', 'pg_extension e WHERE $1::text IS NOT NULL'),
  'large objects': digest('l.oid::text', 'pg_largeobject_metadata l WHERE $1::text IS NOT NULL'),
  roles: digest(
    `concat_ws('|', rolname, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin, rolbypassrls, rolconnlimit, rolconfig)`,
    `pg_roles WHERE ${ROLES}`,
  ),
  memberships: digest(
    `concat_ws('|', m.roleid, m.member)`,
    `pg_auth_members m JOIN pg_roles r ON r.oid = m.member WHERE ${ROLES}`,
  ),
};

/** Looks at the canaries' rows and at everything that is not rows. `reader` is the role that model SQL runs as. */
export async function snapshot(
  session: LoaderSession,
  stores: readonly CanaryStore[],
  reader: string,
): Promise<Snapshot> {
  const seen: Record<string, string> = {};
  const look = async (part: string, sql: string, value: unknown) => {
    const [row] = await session.query<{ digest: string }>(sql, [value]);
    seen[part] = row?.digest ?? '';
  };
  const ids = stores.map(({ storeId }) => storeId);
  for (const table of TENANT_TABLES)
    await look(`rows of ${table}`, digest('t::text', `${table} t WHERE t.store_id = ANY ($1::uuid[])`), ids);
  const subjects = stores.map(({ subject }) => subject);
  await look('grants', digest('g::text', 'access.grants g WHERE g.subject_id = ANY ($1::uuid[])'), subjects);
  for (const [part, sql] of Object.entries(PARTS)) await look(part, sql, reader);
  return seen;
}

/** The parts that are not what they were. */
export function changed(before: Snapshot, after: Snapshot): readonly string[] {
  return Object.keys(before).filter((part) => before[part] !== after[part]);
}
