/**
 * Every failure that Aisle reports is one of these classes, each with a stable `code`.
 * `message` is safe to show to the caller: it says what was wrong and what to do, and never carries stored data,
 * secrets or the text of an underlying exception (that goes into `cause`, for the log only).
 * Only `src/protocol/` turns them into wire answers.
 */
export interface ErrorDetails {
  /** Facts for the caller, safe to send: names, limits, positions. */
  readonly data?: Readonly<Record<string, unknown>>;
  /** What really happened; logged, never sent. */
  readonly cause?: unknown;
}

export abstract class AisleError extends Error {
  abstract readonly code: string;
  readonly data: Readonly<Record<string, unknown>>;

  constructor(message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.data = details.data ?? {};
  }
}

/** An argument, a setting, a line of a file: the caller can mend it. */
export class ValidationError extends AisleError {
  readonly code = 'VALIDATION_ERROR';
}

/** The SQL guard or the server refused the text of a query. `code` says why. */
export class QueryRefusedError extends AisleError {
  readonly code: string;
  constructor(code: string, message: string, details?: ErrorDetails) {
    super(message, details);
    this.code = code;
  }
}

/** Who is calling could not be established. */
export class AuthenticationError extends AisleError {
  readonly code: string = 'UNAUTHENTICATED';
}

/** A credential was sent and does not hold: another one may. */
export class InvalidCredentialError extends AuthenticationError {
  override readonly code = 'INVALID_CREDENTIAL';
}

/** Credentials were sent in a way that leaves open which is meant, or that is no way to send one. */
export class MalformedCredentialError extends AuthenticationError {
  override readonly code = 'INVALID_REQUEST';
}

/** Known caller, but not allowed to do this or to see that. */
export class AuthorizationError extends AisleError {
  readonly code: string = 'AUTHORIZATION_ERROR';
}

/** The caller's roles would allow it, the credential's scopes do not: one with `scope` would pass. */
export class InsufficientScopeError extends AuthorizationError {
  override readonly code = 'INSUFFICIENT_SCOPE';
  readonly scope: string;
  constructor(what: string, scope: string) {
    super(`${what} needs the scope ${scope}. Ask the authorization server for a token that has it.`, {
      data: { scope },
    });
    this.scope = scope;
  }
}

/** The thing asked for does not exist, or not for this caller: the two are never told apart. */
export class NotFoundError extends AisleError {
  readonly code: string;
  constructor(
    code: 'TOOL_NOT_FOUND' | 'RESOURCE_NOT_FOUND' | 'PROMPT_NOT_FOUND' | 'NOT_FOUND',
    message: string,
    details?: ErrorDetails,
  ) {
    super(message, details);
    this.code = code;
  }
}

/** The database answered with an error the caller can act on; `data.sqlstate` names it. */
export class DatabaseError extends AisleError {
  readonly code: string = 'DATABASE_ERROR';
}

/** The query ran past its time. Nothing was changed; a narrower query may pass. */
export class QueryTimeoutError extends DatabaseError {
  override readonly code = 'QUERY_TIMEOUT';
}

/** The result is larger than the server takes in. Fewer or shorter columns may pass. */
export class ResultTooLargeError extends DatabaseError {
  override readonly code = 'RESULT_TOO_LARGE';
}

/** The whole call ran past its deadline. */
export class TimeoutError extends AisleError {
  readonly code = 'TIMEOUT';
}

/** The caller went away or cancelled. */
export class CancelledError extends AisleError {
  readonly code = 'CANCELLED';
}

/**
 * Aisle can't answer now: starting, draining, or the database is out of reach. Trying again may help: `retryAfterSeconds`,
 * also in `data`, says when, where that is known.
 */
export class UnavailableError extends AisleError {
  readonly code = 'UNAVAILABLE';
  readonly retryAfterSeconds: number | undefined;
  constructor(
    message: string,
    { retryAfterSeconds, ...details }: ErrorDetails & { readonly retryAfterSeconds?: number } = {},
  ) {
    const known = retryAfterSeconds !== undefined;
    super(known ? `${message} Try again in ${retryAfterSeconds} s.` : message, {
      ...details,
      ...(known && { data: { ...details.data, retry_after_seconds: retryAfterSeconds } }),
    });
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** The call needs answers of the client first. No failure: it runs again when they are there. */
export class InputRequiredError extends AisleError {
  readonly code = 'INPUT_REQUIRED';
}

/** The client did not say that it can be asked this: `ability` of `ClientLink.can`. */
export class ClientAbilityError extends AisleError {
  readonly code = 'CLIENT_ABILITY_MISSING';
  readonly ability: string;
  constructor(ability: string) {
    super(`This needs a client that offers ${ability}, and this one did not say that it does.`, {
      data: { ability },
    });
    this.ability = ability;
  }
}

/** Too much at once, and nothing has been run: `retryAfterSeconds`, also in `data`, says when to try again. */
export class BusyError extends AisleError {
  readonly code = 'BUSY';
  readonly retryAfterSeconds: number;
  constructor(why: string, retryAfterSeconds: number, details: ErrorDetails = {}) {
    super(`Busy: ${why}. Try again in ${retryAfterSeconds} s.`, {
      ...details,
      data: { ...details.data, retry_after_seconds: retryAfterSeconds },
    });
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** The caller has used up what it may ask for in a while: `retryAfterSeconds`, also in `data`, says when to try again. */
export class RateLimitedError extends AisleError {
  readonly code = 'RATE_LIMITED';
  readonly retryAfterSeconds: number;
  constructor(message: string, retryAfterSeconds: number, details: ErrorDetails = {}) {
    super(`${message} Try again in ${retryAfterSeconds} s.`, {
      ...details,
      data: { ...details.data, retry_after_seconds: retryAfterSeconds },
    });
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** The installation is wrong: a setting, a file, a database newer than the code. Stops the start. */
export class ConfigurationError extends AisleError {
  readonly code = 'CONFIGURATION_ERROR';
}

/** Something unforeseen. The message says nothing about it; `cause` is logged under the request id. */
export class InternalError extends AisleError {
  readonly code = 'INTERNAL_ERROR';
}
