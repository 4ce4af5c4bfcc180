import { z } from 'zod';
import { READABLE_TABLES } from '../../data/tables.ts';
import { OWN_SCHEMA, READABLE, RELATIONS } from '../../data/walls/wall-check.ts';
import { type Check, fail, listed, ok, rowsCheck, warn } from '../check.ts';

const group = 'rights of the reader';

/** What belongs to an extension is its own affair. */
const ownObject = (catalogue: 'pg_class' | 'pg_proc', oid: string) =>
  `NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = '${catalogue}'::regclass AND d.objid = ${oid} AND d.deptype = 'e')`;

const NAMES = z.object({ name: z.string() });
const namesOf = (rows: readonly z.output<typeof NAMES>[]) => rows.map(({ name }) => name);

export const tables = rowsCheck({
  group,
  name: 'tables',
  needs: 'reader',
  query: `SELECT breach AS name FROM (${RELATIONS}
    WHERE ${OWN_SCHEMA} AND c.relkind IN ('r', 'p') AND ${READABLE} AND ${ownObject('pg_class', 'c.oid')}) readable ORDER BY 1`,
  values: ({ facts }) => [facts.reader],
  row: NAMES,
  judge(rows, { facts }) {
    const readable = namesOf(rows);
    const more = readable.filter((name) => !READABLE_TABLES.includes(name));
    if (more.length > 0) {
      return fail(
        `readable and not on the list: ${listed(more)}`,
        'REVOKE ALL ON … FROM aisle_reader, PUBLIC; or put it on the list in src/data/tables.ts, with its walls.',
      );
    }
    const missing = READABLE_TABLES.filter((name) => !readable.includes(name));
    if (missing.length > 0 && facts.migrations?.applied.length) {
      return fail(
        `on the list and not readable: ${listed(missing)}`,
        'Grant it as migrations/0004_row_security.sql does: GRANT SELECT ON … TO aisle_reader;',
      );
    }
    return ok(`the ${readable.length} on the list and no other`);
  },
});

/** security_invoker is a matter of the walls; a barrier keeps a cheap function from seeing rows that the view leaves out. */
export const viewBarriers = rowsCheck({
  group,
  name: 'view barriers',
  needs: 'reader',
  query: `SELECT breach AS name FROM (${RELATIONS}
    WHERE ${OWN_SCHEMA} AND c.relkind = 'v' AND ${READABLE} AND ${ownObject('pg_class', 'c.oid')}
      AND NOT EXISTS (SELECT FROM pg_options_to_table(c.reloptions)
        WHERE option_name = 'security_barrier' AND option_value::boolean)) leaky ORDER BY 1`,
  values: ({ facts }) => [facts.reader],
  row: NAMES,
  judge: (rows) =>
    rows.length === 0
      ? ok('every view that the reader can read has one')
      : warn(
          `none: ${listed(namesOf(rows))}; a condition of a query may be asked before the condition of the view`,
          'ALTER VIEW … SET (security_barrier = true);',
        ),
});

/** Those with the rights of their owner are a matter of the walls. */
export const functions = rowsCheck({
  group,
  name: 'functions',
  needs: 'reader',
  query: `SELECT p.oid::regprocedure::text AS name FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE ${OWN_SCHEMA} AND NOT p.prosecdef AND ${ownObject('pg_proc', 'p.oid')}
      AND (n.nspname || '.' || p.proname) <> ALL ($2) AND p.proname <> ALL ($2)
      AND has_schema_privilege($1::name, n.oid, 'USAGE') AND has_function_privilege($1::name, p.oid, 'EXECUTE')
    ORDER BY 1`,
  values: ({ facts, settings }) => [facts.reader, settings.SQL_EXTRA_FUNCTIONS],
  row: NAMES,
  judge: (rows) =>
    rows.length === 0
      ? ok('none but those of SQL_EXTRA_FUNCTIONS')
      : warn(
          `may be called, and are not on SQL_EXTRA_FUNCTIONS: ${listed(namesOf(rows))}`,
          `REVOKE EXECUTE ON FUNCTION ${namesOf(rows).join(', ')} FROM aisle_reader, PUBLIC;`,
        ),
});

export const READER_RIGHTS: readonly Check[] = [tables, viewBarriers, functions];
