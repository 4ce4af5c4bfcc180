import { z } from 'zod';
import { OF_EXTENSION } from '../../data/walls/wall-check.ts';
import { type Check, fail, listed, ok, rowsCheck, sqlName, warn } from '../check.ts';

const group = 'public';

const NAMES = z.object({ name: z.string() });

/** aclexplode tells PUBLIC as grantee 0; a missing ACL means the defaults, which acldefault spells out. */
export const schemas = rowsCheck({
  group,
  name: 'create in schemas',
  query: `SELECT nspname AS name FROM pg_namespace n, aclexplode(COALESCE(nspacl, acldefault('n', nspowner))) acl
    WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' AND acl.grantee = 0 AND acl.privilege_type = 'CREATE'
    ORDER BY 1`,
  row: NAMES,
  judge: (rows) =>
    rows.length === 0
      ? ok('nobody may create anything without being told so')
      : fail(
          `everybody may create in schema ${listed(rows.map(({ name }) => name))}, and so plant functions that others call`,
          rows.map(({ name }) => `REVOKE CREATE ON SCHEMA ${sqlName(name)} FROM PUBLIC;`).join(' '),
        ),
});

export const databaseRights = rowsCheck({
  group,
  name: 'rights on the database',
  query: `SELECT privilege_type AS name FROM pg_database d, aclexplode(COALESCE(datacl, acldefault('d', datdba))) acl
    WHERE datname = current_database() AND acl.grantee = 0 ORDER BY 1`,
  row: NAMES,
  judge(rows, { facts: { database } }) {
    const rights = rows.map(({ name }) => name);
    const mend = `REVOKE ALL ON DATABASE ${sqlName(database)} FROM PUBLIC;`;
    if (rights.some((right) => right !== 'CONNECT'))
      return fail(
        `everybody has ${listed(rights)}: the reader can make temporary tables and functions`,
        mend,
      );
    return rights.length > 0 ? warn('every role of the cluster may connect', mend) : ok('none for everybody');
  },
});

export const objects = rowsCheck({
  group,
  name: 'objects in schema public',
  query: `SELECT c.relname::text AS name FROM pg_class c
    WHERE c.relnamespace = to_regnamespace('public') AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
      AND NOT ${OF_EXTENSION}
    UNION ALL SELECT p.proname || '()' FROM pg_proc p
    WHERE p.pronamespace = to_regnamespace('public')
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
    ORDER BY 1`,
  row: NAMES,
  judge: (rows) =>
    rows.length === 0
      ? ok('none')
      : warn(
          `${rows.length} that Aisle did not make: ${listed(rows.map(({ name }) => name))}`,
          'Give them a schema of their own, which the reader has no rights in, or a database of their own.',
        ),
});

export const PUBLIC_ACCESS: readonly Check[] = [schemas, databaseRights, objects];
