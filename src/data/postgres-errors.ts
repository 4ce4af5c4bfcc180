import {
  AisleError,
  BusyError,
  CancelledError,
  DatabaseError,
  InternalError,
  QueryTimeoutError,
  ResultTooLargeError,
  UnavailableError,
  ValidationError,
} from '../kernel/errors.ts';

/** What PostgreSQL tells of a failure; the fields of pg's DatabaseError that are read here. */
interface ServerError {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly position?: string;
}

function isServerError(error: unknown): error is ServerError {
  return sqlstateOf(error) !== undefined;
}

/** What PostgreSQL calls a failure; undefined when it had no say in it. The system's EPIPE has as many letters. */
export function sqlstateOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || 'syscall' in error) return undefined;
  return typeof error.code === 'string' && /^[0-9A-Z]{5}$/.test(error.code) ? error.code : undefined;
}

/** Messages of our own where PostgreSQL's text would carry a value out of a row. */
const OWN_WORDS: ReadonlyMap<string, string> = new Map([
  ['22012', 'Division by zero. Guard the divisor: x / NULLIF(y, 0).'],
  ['22003', 'A number is out of range for its type. Cast to numeric before multiplying or summing.'],
  [
    '22P02',
    'A text could not be read as the type it was cast to. Filter the rows with a pattern first, or compare as text.',
  ],
  ['22021', 'A text has a character in it that the database can not store, such as NUL. Take it out.'],
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

/** No connection (08), no right to one (28), no such database (3D), no resources (53), shut down or cancelled (57), a broken disk (58). */
const UNAVAILABLE_CLASSES = new Set(['08', '28', '3D', '53', '57', '58']);
/** An idle transaction was ended; two transactions stood in each other's way. */
const UNAVAILABLE_CODES = new Set(['25P03', '40001', '40P01']);

/**
 * Turns whatever a query of a caller failed with into an error that a caller may see: PostgreSQL's own text passes only
 * where it can hold nothing but names from the query and the schema.
 */
export function fromPostgres(error: unknown, query: string, timeoutMs: number): AisleError {
  if (error instanceof AisleError) return error;
  if (!isServerError(error)) return withoutServer(error);
  if (error.code === '57014') return timedOut(timeoutMs, error);
  if (error.code === '55P03') return locked(error);
  if (!OWN_WORDS.has(error.code) && isUnavailable(error.code))
    return new UnavailableError('The database can not take the query at the moment. Try again shortly.', {
      cause: error,
    });
  const position = error.position === undefined ? {} : { position: Number(error.position) - 1 };
  return new DatabaseError(explain(error, query), {
    cause: error,
    data: { sqlstate: error.code, ...position },
  });
}

/** What the values of a statement of our own can be refused for. */
const REFUSED_VALUES: ReadonlyMap<string, string> = new Map([
  ['23505', 'The database has that already.'],
  ['23503', 'The database has nothing of that name to refer to.'],
  ['22', 'The database does not take one of these values. Check its characters, its length and its range.'],
  ['23', 'The database does not take one of these values. Check its characters, its length and its range.'],
]);

/**
 * The same for a statement of our own, whose text no caller wrote: a database that can't answer is worth another try, a
 * value that it refuses is the asker's to mend, and the rest is a fault of ours, to be found in the log by its cause.
 */
export function fromOwnStatement(error: unknown): AisleError {
  if (error instanceof AisleError) return error;
  if (!isServerError(error)) return withoutServer(error);
  if (error.code === '55P03') return locked(error);
  if (isUnavailable(error.code))
    return new UnavailableError('The database can not answer at the moment. Try again shortly.', {
      cause: error,
    });
  const refused = REFUSED_VALUES.get(error.code) ?? REFUSED_VALUES.get(error.code.slice(0, 2));
  if (refused === undefined) return unforeseen(error);
  return new ValidationError(refused, { cause: error, data: { sqlstate: error.code } });
}

function isUnavailable(code: string): boolean {
  return UNAVAILABLE_CLASSES.has(code.slice(0, 2)) || UNAVAILABLE_CODES.has(code);
}

/** Failures in which PostgreSQL had no say: of the connection, or of the code around it. */
function withoutServer(error: unknown): AisleError {
  if (!isOfConnection(error)) return unforeseen(error);
  return new UnavailableError('The database is out of reach at the moment. Try again shortly.', {
    cause: error,
  });
}

/** The system's errors name a call of its; pg's own about a connection are plain. Whatever has a class (TypeError, a schema's) is a fault in code. */
function isOfConnection(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const isPlain = Object.getPrototypeOf(error) === Error.prototype;
  return isPlain || 'syscall' in error || error instanceof AggregateError;
}

function unforeseen(cause: unknown): InternalError {
  return new InternalError('Internal server error. The request id identifies it in the log.', { cause });
}

function locked(cause: unknown): BusyError {
  return new BusyError('a table is locked for the moment', LOCKED_RETRY_SECONDS, { cause });
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
