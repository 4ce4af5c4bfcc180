import { OWN_SCHEMA, RELATIONS, type WallCheck } from './wall-check.ts';

/** Whom queries run as. Row security counts for nobody who fails one of these, so the others need not be asked then. */
export const READER_CHECKS: readonly WallCheck[] = [
  {
    name: 'reader attributes',
    sql: `SELECT attribute AS breach FROM pg_roles,
        LATERAL (VALUES ('SUPERUSER', rolsuper), ('BYPASSRLS', rolbypassrls), ('CREATEROLE', rolcreaterole),
          ('CREATEDB', rolcreatedb), ('REPLICATION', rolreplication)) AS has (attribute, present)
      WHERE rolname = $1::name AND present`,
    wrong: 'The role that queries run as has attributes that put it above row security',
    mend: 'ALTER ROLE … NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB NOREPLICATION.',
  },
  {
    name: 'reader memberships',
    sql: `SELECT more.rolname AS breach FROM pg_roles reader, pg_roles more
      WHERE reader.rolname = $1::name AND NOT reader.rolsuper AND more.rolname NOT IN ($1::name, 'aisle_reader')
        AND pg_has_role(reader.oid, more.oid, 'MEMBER') ORDER BY 1`,
    wrong: 'The role that queries run as may become somebody else',
    mend: 'REVOKE those roles FROM it: it is a member of aisle_reader and of nothing else.',
  },
  {
    name: 'reader owns nothing',
    sql: `${RELATIONS} JOIN pg_roles o ON o.oid = c.relowner
      WHERE ${OWN_SCHEMA} AND o.rolname IN ($1::name, 'aisle_reader') AND c.relkind NOT IN ('i', 'I', 't') ORDER BY 1`,
    wrong: 'The role that queries run as owns relations, and so may do with them what it likes',
    mend: 'ALTER TABLE … OWNER TO aisle_owner.',
  },
];
