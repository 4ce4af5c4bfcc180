import { z } from 'zod';
import { SEARCH_PATH } from '../../data/tables.ts';
import { type Check, fail, listed, ok, rowsCheck, warn } from '../check.ts';

const group = 'functions';

/** What SQL_EXTRA_FUNCTIONS lets queries call; an unqualified name is looked for where a query would find it. */
export const extraFunctions = rowsCheck({
  group,
  name: 'extra functions',
  query: `SELECT wanted AS name, p.oid IS NOT NULL AS exists, p.provolatile = 'v' AS "isVolatile", p.prosecdef AS "isDefiner",
      has_function_privilege(r.oid, p.oid, 'EXECUTE') AND has_schema_privilege(r.oid, n.oid, 'USAGE') AS "isCallable"
    FROM unnest($1::text[]) wanted
    LEFT JOIN (pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace)
      ON wanted = n.nspname || '.' || p.proname OR (wanted = p.proname AND n.nspname = ANY ($2))
    LEFT JOIN pg_roles r ON r.rolname = $3 ORDER BY 1`,
  values: ({ settings, facts }) => [
    settings.SQL_EXTRA_FUNCTIONS,
    [...SEARCH_PATH, 'pg_catalog'],
    facts.reader,
  ],
  row: z.object({
    name: z.string(),
    exists: z.boolean(),
    isVolatile: z.boolean().nullable(),
    isDefiner: z.boolean().nullable(),
    isCallable: z.boolean().nullable(),
  }),
  judge(rows) {
    const mend =
      'Take it off SQL_EXTRA_FUNCTIONS, unless you know that no argument of a model can do harm with it.';
    const namesOf = (such: (row: (typeof rows)[number]) => boolean) =>
      listed([...new Set(rows.filter(such).map(({ name }) => name))]);
    const definer = namesOf(({ isDefiner }) => isDefiner === true);
    if (definer !== '') return fail(`runs with the rights of its owner: ${definer}`, mend);
    const isVolatile = namesOf((row) => row.isVolatile === true);
    if (isVolatile !== '') return warn(`may have side effects (VOLATILE): ${isVolatile}`, mend);
    const missing = namesOf(({ exists }) => !exists);
    if (missing !== '')
      return warn(`does not exist: ${missing}`, 'Take it off SQL_EXTRA_FUNCTIONS, or make it.');
    const closed = namesOf(({ isCallable }) => isCallable !== true);
    if (closed !== '')
      return warn(`the reader may not call: ${closed}`, 'GRANT EXECUTE ON FUNCTION … TO aisle_reader;');
    return ok(rows.length === 0 ? 'none' : listed(rows.map(({ name }) => name)));
  },
});

/** Extensions whose functions reach files, other servers or the shell. */
const REACHING = `adminpack dblink file_fdw lo plperlu plpython3u plsh pltclu postgres_fdw http pg_net`.split(
  ' ',
);

export const extensions = rowsCheck({
  group,
  name: 'extensions',
  query: `SELECT extname AS name FROM pg_extension WHERE extname = ANY ($1) ORDER BY 1`,
  values: () => [REACHING],
  row: z.object({ name: z.string() }),
  judge: (rows) =>
    rows.length === 0
      ? ok('none that reaches out of the database')
      : warn(
          `${listed(rows.map(({ name }) => name))}: functions that reach files, other servers or the shell`,
          'DROP EXTENSION …, if nobody needs it in this database.',
        ),
});

export const FUNCTIONS: readonly Check[] = [extraFunctions, extensions];
