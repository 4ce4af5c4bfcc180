import { type Clock, systemClock } from '../kernel/clock.ts';
import { AisleError, DatabaseError, QueryTimeoutError, UnavailableError } from '../kernel/errors.ts';
import type { Logger } from '../kernel/logger.ts';
import type { RequestContext } from '../kernel/request-context.ts';
import { CircuitBreaker, type CircuitState, type Meaning } from '../resilience/circuit-breaker.ts';
import { retry } from '../resilience/retry.ts';
import { sqlstateOf } from './postgres-errors.ts';

export interface OutagesOptions {
  /** Asks the database for nothing. Throws what `isAway` knows while it is away. */
  readonly look: () => Promise<void>;
  /** It is this server that brings the database back, and to connect is to wait for that: nobody is refused. */
  readonly isOurs?: boolean | undefined;
  readonly logger: Logger;
  readonly clock?: Clock;
}

/** A database that was restarted is found again this soon. To look costs little. */
const RESET_MS = 250;
const LONGEST_RESET_MS = 1000;

/** No connection (08, but for 08P01, which is said of a statement), too many of them, shut down, crashed, not up yet. */
const AWAY = /^(?:08(?!P01)...|53300|57P0[123])$/;

/** What pg's pool says to whom it had no connection to give: all are busy, which is no outage. */
const NO_FREE_CONNECTION = 'timeout exceeded when trying to connect';

/**
 * What becomes of queries while the database is away for a moment. They only read, so what was lost with a connection is
 * asked again on another one. When it stays away, whoever comes is refused at once, but one at a time, who looks whether it is
 * back: by a question of its own, since nobody knows how long a caller's query takes.
 */
export class Outages {
  private readonly breaker: CircuitBreaker;
  private readonly look: () => Promise<void>;

  constructor({ look, isOurs = false, logger, clock = systemClock }: OutagesOptions) {
    this.look = look;
    this.breaker = new CircuitBreaker({
      part: 'The database',
      ...(isOurs && { failures: Number.POSITIVE_INFINITY }),
      resetMs: RESET_MS,
      longestResetMs: LONGEST_RESET_MS,
      onChange: (state, before) => tell(logger, state, before),
      clock,
    });
  }

  /** Runs `work`, which may be run several times. Throws what it throws, and `UnavailableError`. */
  survive<Result>(
    { signal, deadline }: Partial<RequestContext>,
    work: () => Promise<Result>,
  ): Promise<Result> {
    return this.attempt(work).catch((error: unknown) => {
      if (!isAway(error)) throw error;
      return retry(error, () => this.attempt(work), {
        // A text that ends its own backend is not sent a third time.
        isTransient: (again) => again === error || isRefusal(again) || (isAway(again) && !wasSilent(again)),
        ...{ signal, deadline },
      });
    });
  }

  /** For those who have waited since they were let through: throws when the database has gone away meanwhile. */
  check(): void {
    if (this.breaker.state === 'open') throw this.breaker.refusal();
  }

  private attempt<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.breaker.state === 'closed') return this.breaker.run(work, meaningOf);
    return this.find().then(() => this.breaker.run(work, meaningOf));
  }

  private async find(): Promise<void> {
    while (this.breaker.state !== 'closed') await this.breaker.run(this.look, meaningOf);
  }
}

function tell(logger: Logger, state: CircuitState, before: CircuitState): void {
  if (state === 'closed') logger.info('database_circuit_closed');
  else if (state === 'open' && before === 'closed')
    logger.warn('database_circuit_open', { consequence: 'queries are refused until it answers again' });
  else logger.debug(`database_circuit_${state === 'open' ? 'open' : 'half_open'}`);
}

/** The database can't be asked. Never what a caller's statement caused, nor that there was no place or no time for it. */
function isAway(error: unknown): boolean {
  if (!(error instanceof UnavailableError) || error.cause === undefined) return false;
  const { cause } = error;
  if (cause instanceof AisleError || (cause instanceof Error && cause.message === NO_FREE_CONNECTION))
    return false;
  const sqlstate = sqlstateOf(cause);
  return sqlstate === undefined || AWAY.test(sqlstate);
}

/** The connection ended without a word in the middle of something, perhaps because of it. */
function wasSilent(error: unknown): boolean {
  const cause = error instanceof UnavailableError ? error.cause : undefined;
  if (sqlstateOf(cause) !== undefined || cause instanceof AggregateError) return false; // several addresses, all refused
  return !(cause instanceof Error && 'syscall' in cause && cause.syscall === 'connect');
}

function isRefusal(error: unknown): boolean {
  return error instanceof UnavailableError && error.retryAfterSeconds !== undefined;
}

function meaningOf(error: unknown): Meaning {
  if (isAway(error)) return 'failed';
  // Whatever it said of a statement, it is there. A timeout tells nothing: the statement may be slow, or the database gone.
  return error instanceof DatabaseError && !(error instanceof QueryTimeoutError) ? 'succeeded' : 'abandoned';
}
