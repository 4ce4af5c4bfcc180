import { z } from 'zod';
import { type Check, fail, listed, ok, rowsCheck, sqlName, warn } from '../check.ts';

const group = 'roles';

const ROLES = [
  ...['aisle_owner', 'aisle_loader', 'aisle_verifier', 'aisle_masker', 'aisle_reader', 'aisle_writer'],
  ...['aisle_auditor', 'aisle_audit_reader'],
];

const ROLE = z.object({
  name: z.string(),
  isSuperuser: z.boolean(),
  bypassesRls: z.boolean(),
  createsRoles: z.boolean(),
  createsDatabases: z.boolean(),
  replicates: z.boolean(),
  logsIn: z.boolean(),
});

const ATTRIBUTES = `rolname AS name, rolsuper AS "isSuperuser", rolbypassrls AS "bypassesRls", rolcreaterole AS "createsRoles",
  rolcreatedb AS "createsDatabases", rolreplication AS replicates, rolcanlogin AS "logsIn"`;

/** Attributes that no role of Aisle has, by the word that takes them away. */
function tooMuch(role: Omit<z.output<typeof ROLE>, 'name' | 'logsIn'>): string[] {
  return [
    ...(role.isSuperuser ? ['SUPERUSER'] : []),
    ...(role.bypassesRls ? ['BYPASSRLS'] : []),
    ...(role.createsRoles ? ['CREATEROLE'] : []),
    ...(role.createsDatabases ? ['CREATEDB'] : []),
    ...(role.replicates ? ['REPLICATION'] : []),
  ];
}

const without = (attributes: readonly string[]) => attributes.map((attribute) => `NO${attribute}`).join(' ');

export const groupRoles = rowsCheck({
  group,
  name: 'group roles',
  query: `SELECT ${ATTRIBUTES} FROM pg_roles WHERE rolname = ANY ($1) ORDER BY 1`,
  values: () => [ROLES],
  row: ROLE,
  judge(roles) {
    const missing = ROLES.filter((name) => !roles.some((role) => role.name === name));
    if (missing.length > 0) return fail(`missing: ${listed(missing)}`, 'Run "aisle migrate": it makes them.');
    const wrong = roles
      .map((role) => ({ name: role.name, attributes: [...tooMuch(role), ...(role.logsIn ? ['LOGIN'] : [])] }))
      .filter(({ attributes }) => attributes.length > 0);
    if (wrong.length === 0) return ok(`all ${ROLES.length}; none logs in, none has an attribute`);
    return fail(
      listed(wrong.map(({ name, attributes }) => `${name} has ${attributes.join(', ')}`)),
      wrong.map(({ name, attributes }) => `ALTER ROLE ${name} ${without(attributes)};`).join(' '),
    );
  },
});

/** What it may do is a matter of the walls; here, whether it can do its work. */
export const queryLogin = rowsCheck({
  group,
  name: 'query login',
  needs: 'server',
  query: `SELECT rolcanlogin AS "logsIn", COALESCE(rolvaliduntil < now(), false) AS "isExpired",
      COALESCE(pg_has_role(oid, to_regrole('aisle_reader'), 'USAGE'), false) AS "isReader"
    FROM pg_roles WHERE rolname = $1`,
  values: ({ facts }) => [facts.reader],
  row: z.object({ logsIn: z.boolean(), isExpired: z.boolean(), isReader: z.boolean() }),
  judge([login], { facts: { reader } }) {
    if (login === undefined) return fail(`${reader} does not exist`, 'Run "aisle migrate": it makes it.');
    const wrong = [
      ...(login.logsIn ? [] : ['may not log in']),
      ...(login.isExpired ? ['has expired'] : []),
      ...(login.isReader ? [] : ['is no member of aisle_reader']),
    ];
    return wrong.length === 0
      ? ok(reader)
      : fail(
          `${reader} ${wrong.join(', ')}`,
          `ALTER ROLE ${sqlName(reader)} LOGIN VALID UNTIL 'infinity'; GRANT aisle_reader TO ${sqlName(reader)};`,
        );
  },
});

export const databaseUser = rowsCheck({
  group,
  name: 'database user',
  needs: 'server',
  query: `SELECT rolsuper AS "isSuperuser", rolcreaterole AS "createsRoles",
      pg_has_role(current_user, datdba, 'USAGE') AS "ownsDatabase",
      COALESCE(pg_has_role(current_user, to_regrole('aisle_owner'), 'MEMBER'), false) AS "isOwner"
    FROM pg_roles, pg_database WHERE rolname = current_user AND datname = current_database()`,
  row: z.object({
    isSuperuser: z.boolean(),
    createsRoles: z.boolean(),
    ownsDatabase: z.boolean(),
    isOwner: z.boolean(),
  }),
  judge([row], { facts: { user, database } }) {
    if (row?.isSuperuser === true) {
      return warn(
        `${user} is a superuser: whoever gets hold of DATABASE_URL has the whole server`,
        'In production give Aisle a user that owns this one database and has CREATEROLE; docs/security.md says what only a superuser can harden.',
      );
    }
    if (row?.ownsDatabase === true && (row.createsRoles || row.isOwner))
      return ok(`${user} owns the database and is no superuser`);
    return fail(
      `${user} can not migrate: it must own the database and may create roles`,
      `As an administrator: ALTER DATABASE ${sqlName(database)} OWNER TO ${sqlName(user)}; ALTER ROLE ${sqlName(user)} CREATEROLE;`,
    );
  },
});

/** The embedded session is a superuser's that takes the reader's role for each query: what could give it back is taken away. */
export const embeddedSession = rowsCheck({
  group,
  name: 'embedded session',
  needs: 'embedded',
  query: `SELECT array_remove(ARRAY[
      CASE WHEN has_function_privilege(oid, 'pg_catalog.set_config(text, text, boolean)', 'EXECUTE') THEN 'set_config' END,
      CASE WHEN has_language_privilege(oid, 'plpgsql', 'USAGE') THEN 'DO' END], NULL) AS has
    FROM pg_roles WHERE rolname = $1`,
  values: ({ facts }) => [facts.reader],
  row: z.object({ has: z.array(z.string()) }),
  judge([row], { facts: { reader } }) {
    const has = row?.has ?? ['no role'];
    return has.length === 0
      ? ok(`takes the role ${reader} for each query, which can not give it back`)
      : fail(
          `${reader} has ${listed(has)}, and can take the superuser's role back`,
          'Run "aisle migrate" on a new data directory, and import the data again.',
        );
  },
});

export const ROLE_CHECKS: readonly Check[] = [groupRoles, queryLogin, databaseUser, embeddedSession];
