import { z } from 'zod';
import { type Check, fail, ok, rowsCheck, sqlName, warn } from '../check.ts';
import { loginSettings } from './limits.ts';

const group = 'logging';

/** Settings that write what a query said, or the values bound to it, and when they do not. */
const TELLING: Readonly<Record<string, (value: string) => boolean>> = {
  log_statement: (value) => value !== 'all',
  log_min_duration_statement: (value) => value === '-1',
  log_min_duration_sample: (value) => value === '-1',
  log_transaction_sample_rate: (value) => Number(value) === 0,
  log_parameter_max_length_on_error: (value) => value === '0',
  'auto_explain.log_min_duration': (value) => value === '' || value === '-1',
};

export const statements = loginSettings(
  { group, name: 'statements in the log', settings: Object.keys(TELLING) },
  (value, reader) => {
    const telling = Object.entries(TELLING).filter(
      ([name, isQuiet]) => value(name) !== '' && !isQuiet(value(name)),
    );
    if (telling.length === 0) return ok('queries that succeed are not written to the log of the server');
    return warn(
      `${telling.map(([name]) => `${name} = ${value(name)}`).join(', ')}: the SQL of tenants, or what was bound to it, stands in the log of the server`,
      `As a superuser: ${telling.map(([name]) => `ALTER ROLE ${sqlName(reader)} SET ${name} = ${name === 'log_statement' ? 'none' : (QUIET[name] ?? '-1')};`).join(' ')}`,
    );
  },
);

const QUIET: Readonly<Record<string, string>> = {
  log_transaction_sample_rate: '0',
  log_parameter_max_length_on_error: '0',
};

/** All tenants' queries run as one login, so each may see the texts of the others where the view can be read at all. */
export const statementStatistics = rowsCheck({
  group,
  name: 'pg_stat_statements',
  query: `SELECT n.nspname AS schema, COALESCE(has_schema_privilege(r.oid, n.oid, 'USAGE')
      AND has_table_privilege(r.oid, c.oid, 'SELECT'), false) AS "isReadable"
    FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
    JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = 'pg_stat_statements'
    LEFT JOIN pg_roles r ON r.rolname = $1 WHERE e.extname = 'pg_stat_statements'`,
  values: ({ facts }) => [facts.reader],
  row: z.object({ schema: z.string(), isReadable: z.boolean() }),
  judge([view]) {
    if (view === undefined) return ok('not installed');
    return view.isReadable
      ? fail(
          'the reader can read it, and in it the queries of all tenants',
          `REVOKE SELECT ON ${sqlName(view.schema)}.pg_stat_statements FROM PUBLIC; or move it: ALTER EXTENSION pg_stat_statements SET SCHEMA …, to one the reader has no USAGE on.`,
        )
      : ok('installed, out of the reach of the reader');
  },
});

export const LOGGING: readonly Check[] = [statements, statementStatistics];
