import { distance } from 'fastest-levenshtein';
import { DatabaseError } from '../../kernel/errors.ts';
import type { TableStructure } from './queries/table-structures.ts';

const UNDEFINED_COLUMN = '42703';
const MOST_NAMES = 3;

/** Whether a query failed for a column that is not there, and PostgreSQL had no hint which was meant. */
export function isMissingColumn(error: unknown): error is DatabaseError {
  return (
    error instanceof DatabaseError &&
    error.data.sqlstate === UNDEFINED_COLUMN &&
    !error.message.includes('Perhaps')
  );
}

/** The same error, with the nearest columns of the tables that the query names. */
export function withNearestColumns(error: DatabaseError, tables: readonly TableStructure[]): DatabaseError {
  const missing = /column "?(?:\w+\.)?(\w+)"? does not exist/.exec(error.message)?.[1] ?? '';
  const nearest = tables
    .flatMap((table) =>
      table.columns.map(({ name }) => ({
        name: `${table.name.split('.').at(-1)}.${name}`,
        far: name.includes(missing) ? 0 : distance(name, missing.slice(0, 63)),
      })),
    )
    .sort((a, b) => a.far - b.far)
    .slice(0, MOST_NAMES)
    .map(({ name }) => name);
  if (nearest.length === 0) return error;
  const message = `${error.message} Nearest: ${nearest.join(', ')}. get_multiple_table_schemas lists all.`;
  return new DatabaseError(message, { cause: error.cause, data: { ...error.data, nearest } });
}
