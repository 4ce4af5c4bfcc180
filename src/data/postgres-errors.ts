import {
  type AisleError,
  BusyError,
  CancelledError,
  DatabaseError,
  QueryTimeoutError,
  ResultTooLargeError,
  UnavailableError,
} from '../kernel/errors.ts';

/** What PostgreSQL tells of a failure; the fields of pg's DatabaseError that are read here. */
interface ServerError {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly position?: string;
}

function isServerError(error: unknown): error is ServerError {
  return (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    /^[0-9A-Z]{5}$/.test(error.code)
  );
}

/** Messages of our own where PostgreSQL's text would carry a value out of a row. */
const OWN_WORDS: ReadonlyMap<string, string> = new Map([
  ['22012', 'Division by zero. Guard the divisor: x / NULLIF(y, 0).'],
  ['22003', 'A number is out of range for its type. Cast to numeric before multiplying or summing.'],
  [
    '22P02',
    'A text could not be read as the type it was cast to. Filter the rows with a pattern first, or compare as text.',
  ],
  ['22007', 'A text could not be read as a date or time. Use ISO 8601: 2024-05-31 or 2024-05-31T12:00:00Z.'],
  ['22008', 'A date or time is out of range. Use ISO 8601 dates between 0001 and 9999.'],
  ['2201B', 'The regular expression is not valid. Check its brackets and escapes.'],
  [
    '21000',
    'A subquery used as an expression returned more than one row. Add LIMIT 1, an aggregate, or use IN.',
  ],
  ['25006', 'Queries are read-only. Use SELECT.'],
  ['42501', 'That is not readable. Use the tables that database://schema lists.'],
  [
    '53200',
    'The query needs more memory than there is. Aggregate or filter earlier, and build no long texts or arrays.',
  ],
  ['53400', 'The query needs more temporary space than it may take. Aggregate or filter earlier.'],
  ['54001', 'The query is nested too deeply. Split it into common table expressions.'],
]);

/** A first load or a migration takes about as long. */
const LOCKED_RETRY_SECONDS = 5;

const BY_CLASS: ReadonlyMap<string, string> = new Map([
  ['22', 'A value did not fit the operation. Check casts, ranges and formats.'],
  ['54', 'The query is too large or too complex for the database. Simplify it.'],
]);

/** True when all that the message quotes was in the query's own text, so that repeating it tells nothing new. */
function quotesOnlyTheQuery(message: string, query: string): boolean {
  const text = query.toLowerCase();
  return [...message.matchAll(/"([^"]*)"/g)].every(([, quoted]) =>
    text.includes((quoted ?? '').toLowerCase().split('.').at(-1) ?? ''),
  );
}

function explain(error: ServerError, query: string): string {
  const own = OWN_WORDS.get(error.code);
  if (own !== undefined) return own;
  const speaksOfTheText = error.code.startsWith('42') || error.code === '0A000';
  if (speaksOfTheText && quotesOnlyTheQuery(error.message, query)) {
    // A hint of class 42 names columns and functions of the schema, which every caller may read.
    return `${error.message}.${error.hint === undefined ? '' : ` ${error.hint}`}`;
  }
  return (
    BY_CLASS.get(error.code.slice(0, 2)) ??
    `The database could not run the query (SQLSTATE ${error.code}). Simplify it or try again.`
  );
}

/**
 * Turns whatever a query failed with into an error that a caller may see: PostgreSQL's own text passes only where it can
 * hold nothing but names from the query and the schema.
 */
export function fromPostgres(error: unknown, query: string, timeoutMs: number): AisleError {
  if (!isServerError(error)) {
    return new UnavailableError('The database is out of reach at the moment. Try again shortly.', {
      cause: error,
    });
  }
  const sqlClass = error.code.slice(0, 2);
  const tooLarge = OWN_WORDS.has(error.code);
  if (error.code === '57014') return timedOut(timeoutMs, error);
  if (error.code === '55P03')
    return new BusyError('a table is locked for the moment', LOCKED_RETRY_SECONDS, { cause: error });
  if (
    sqlClass === '08' ||
    sqlClass === '57' ||
    (sqlClass === '53' && !tooLarge) ||
    sqlClass === '28' ||
    error.code === '25P03'
  ) {
    return new UnavailableError('The database can not take the query at the moment. Try again shortly.', {
      cause: error,
    });
  }
  const position = error.position === undefined ? {} : { position: Number(error.position) - 1 };
  return new DatabaseError(explain(error, query), {
    cause: error,
    data: { sqlstate: error.code, ...position },
  });
}

/** The one wording of "took too long". */
export function timedOut(timeoutMs: number, cause?: unknown): QueryTimeoutError {
  return new QueryTimeoutError(
    `The query ran past ${timeoutMs / 1000} s and was stopped. Narrow it: filter on order_date, aggregate earlier, or join fewer tables.`,
    { cause, data: { timeout_ms: timeoutMs } },
  );
}

/** A result of which more than `maxBytes` arrived; none of it is kept. */
export function tooLarge(maxBytes: number, cause: unknown): ResultTooLargeError {
  return new ResultTooLargeError(
    `The result is larger than ${maxBytes} bytes and was not read. Select fewer or shorter columns (left(column, 200)), aggregate, or ask for fewer rows.`,
    { cause, data: { max_bytes: maxBytes } },
  );
}

export function cancelled(signal: AbortSignal): CancelledError {
  return new CancelledError('The call was cancelled before it finished; nothing was changed.', {
    cause: signal.reason,
  });
}
