import { z } from 'zod';
import { READABLE_TABLES } from '../../data/tables.ts';
import { type Check, fail, listed, ok, rowsCheck, warn } from '../check.ts';

const group = 'reach of the reader';

/** Relations of these kinds that the reader can select from, as `c` and `n`; what belongs to an extension is its own affair. */
const reachable = (kinds: string) => `FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_roles r ON r.rolname = $1
  WHERE c.relkind IN (${kinds}) AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND has_schema_privilege(r.oid, n.oid, 'USAGE') AND has_any_column_privilege(r.oid, c.oid, 'SELECT')
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')`;

const NAMES = z.object({ name: z.string() });
const namesOf = (rows: readonly z.output<typeof NAMES>[]) => rows.map(({ name }) => name);
const ofReader = ({ facts }: { readonly facts: { readonly reader: string } }) => [facts.reader];

export const tables = rowsCheck({
  group,
  name: 'tables',
  needs: 'reader',
  query: `SELECT n.nspname || '.' || c.relname AS name ${reachable("'r', 'p'")} ORDER BY 1`,
  values: ofReader,
  row: NAMES,
  judge(rows, { facts }) {
    const readable = new Set(namesOf(rows));
    const more = [...readable].filter((name) => !READABLE_TABLES.includes(name));
    if (more.length > 0) {
      return fail(
        `readable and not on the list: ${listed(more)}`,
        'REVOKE ALL ON … FROM aisle_reader, PUBLIC; or put it on the list in src/data/tables.ts, with its walls.',
      );
    }
    const missing = READABLE_TABLES.filter((name) => !readable.has(name));
    if (missing.length > 0 && facts.migrations?.applied.length) {
      return fail(
        `on the list and not readable: ${listed(missing)}`,
        'Grant it as migrations/0004_row_security.sql does: GRANT SELECT ON … TO aisle_reader;',
      );
    }
    return ok(`the ${readable.size} on the list and no other`);
  },
});

export const writing = rowsCheck({
  group,
  name: 'writing',
  needs: 'reader',
  query: `SELECT n.nspname || '.' || c.relname AS name
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_roles r ON r.rolname = $1
    WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
      AND CASE WHEN c.relkind = 'S' THEN has_sequence_privilege(r.oid, c.oid, 'USAGE, UPDATE')
        WHEN c.relkind IN ('r', 'p', 'v', 'm', 'f') THEN has_table_privilege(r.oid, c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')
          OR has_any_column_privilege(r.oid, c.oid, 'INSERT, UPDATE, REFERENCES')
        ELSE false END
    ORDER BY 1`,
  values: ofReader,
  row: NAMES,
  judge: (rows) =>
    rows.length === 0
      ? ok('nothing')
      : fail(
          `has more than SELECT on ${listed(namesOf(rows))}`,
          'REVOKE INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON … FROM aisle_reader, PUBLIC;',
        ),
});

export const making = rowsCheck({
  group,
  name: 'making and owning',
  needs: 'reader',
  query: `SELECT name FROM pg_roles r CROSS JOIN LATERAL (
      SELECT 'may create in schema ' || n.nspname AS name FROM pg_namespace n
        WHERE n.nspname !~ '^pg_(temp|toast)' AND has_schema_privilege(r.oid, n.oid, 'CREATE')
      UNION ALL SELECT 'may ' || verb || ' the database' FROM (VALUES ('CREATE', 'create schemas in'), ('TEMPORARY', 'make temporary tables in')) v(right_, verb)
        WHERE has_database_privilege(r.oid, current_database(), right_)
      UNION ALL SELECT 'owns ' || c.oid::regclass FROM pg_class c WHERE pg_has_role(r.oid, c.relowner, 'MEMBER')
      UNION ALL SELECT 'owns ' || p.oid::regprocedure FROM pg_proc p WHERE pg_has_role(r.oid, p.proowner, 'MEMBER')
      UNION ALL SELECT 'owns schema ' || n.nspname FROM pg_namespace n WHERE pg_has_role(r.oid, n.nspowner, 'MEMBER')
    ) may WHERE r.rolname = $1 AND NOT r.rolsuper ORDER BY 1`,
  values: ofReader,
  row: NAMES,
  judge: (rows, { facts }) =>
    rows.length === 0
      ? ok('nothing')
      : fail(
          `${facts.reader} ${listed(namesOf(rows))}`,
          'REVOKE it FROM aisle_reader, PUBLIC and the login; give what it owns to aisle_owner: ALTER … OWNER TO aisle_owner;',
        ),
});

export const views = rowsCheck({
  group,
  name: 'views',
  needs: 'reader',
  query: `SELECT c.oid::regclass::text AS name, COALESCE('security_invoker=true' = ANY (o) OR 'security_invoker=on' = ANY (o), false) AS "isInvoker",
      COALESCE('security_barrier=true' = ANY (o) OR 'security_barrier=on' = ANY (o), false) AS "isBarrier"
    FROM (SELECT c.oid, c.reloptions AS o ${reachable("'v'")}) c ORDER BY 1`,
  values: ofReader,
  row: NAMES.extend({ isInvoker: z.boolean(), isBarrier: z.boolean() }),
  judge(rows) {
    const mend = (names: readonly string[]) =>
      names
        .map((name) => `ALTER VIEW ${name} SET (security_invoker = true, security_barrier = true);`)
        .join(' ');
    const asOwner = namesOf(rows.filter(({ isInvoker }) => !isInvoker));
    if (asOwner.length > 0)
      return fail(`read with the rights of their owner: ${listed(asOwner)}`, mend(asOwner));
    const leaky = namesOf(rows.filter(({ isBarrier }) => !isBarrier));
    if (leaky.length > 0) return warn(`no security barrier: ${listed(leaky)}`, mend(leaky));
    return ok(rows.length === 0 ? 'none' : `${rows.length}, with the rights of who asks`);
  },
});

/** Neither knows row security: what the owner or the other server could read is in them. */
export const copies = rowsCheck({
  group,
  name: 'materialized and foreign',
  needs: 'reader',
  query: `SELECT c.oid::regclass::text AS name ${reachable("'m', 'f'")} ORDER BY 1`,
  values: ofReader,
  row: NAMES,
  judge: (rows) =>
    rows.length === 0
      ? ok('none')
      : fail(
          `rows of all stores, which no policy filters: ${listed(namesOf(rows))}`,
          `REVOKE ALL ON ${namesOf(rows).join(', ')} FROM aisle_reader, PUBLIC;`,
        ),
});

/** Functions of the database's own that the reader can call, what belongs to an extension left out. */
const CALLABLE = `SELECT p.oid::regprocedure::text AS name, p.prosecdef AS "isDefiner"
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_roles r ON r.rolname = $1
  WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND p.oid IS DISTINCT FROM to_regprocedure('access.visible_stores()')
    AND (n.nspname || '.' || p.proname) <> ALL ($2) AND p.proname <> ALL ($2)
    AND has_schema_privilege(r.oid, n.oid, 'USAGE') AND has_function_privilege(r.oid, p.oid, 'EXECUTE')
    AND (p.prosecdef OR NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'))
  ORDER BY 1`;

export const callable = rowsCheck({
  group,
  name: 'functions',
  needs: 'reader',
  query: CALLABLE,
  values: ({ facts, settings }) => [facts.reader, settings.SQL_EXTRA_FUNCTIONS],
  row: NAMES.extend({ isDefiner: z.boolean() }),
  judge(rows) {
    const mend = (names: readonly string[]) =>
      `REVOKE EXECUTE ON FUNCTION ${names.join(', ')} FROM aisle_reader, PUBLIC;`;
    const definers = namesOf(rows.filter(({ isDefiner }) => isDefiner));
    if (definers.length > 0)
      return fail(
        `run with the rights of their owner (SECURITY DEFINER): ${listed(definers)}`,
        mend(definers),
      );
    const others = namesOf(rows);
    if (others.length > 0)
      return warn(`may be called, and are not on SQL_EXTRA_FUNCTIONS: ${listed(others)}`, mend(others));
    return ok('access.visible_stores() is the only one with the rights of its owner');
  },
});

export const READER_REACH: readonly Check[] = [tables, writing, making, views, copies, callable];
