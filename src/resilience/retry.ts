import { setTimeout as pause } from 'node:timers/promises';
import { ExponentialBackoff } from 'cockatiel';
import { type Clock, systemClock } from '../kernel/clock.ts';
import { CancelledError } from '../kernel/errors.ts';

export interface RetryOptions {
  /** Whether it may well pass when it is tried again. */
  readonly isTransient: (error: unknown) => boolean;
  readonly signal?: AbortSignal | undefined;
  /** When the call must have been answered, in `Clock.monotonic()` milliseconds. Default: whenever. */
  readonly deadline?: number | undefined;
  readonly clock?: Clock;
}

/** With the first, which has failed already. */
const TRIES = 3;
/** Grows exponentially, with decorrelated jitter: about 200 ms, then about 300 ms. */
const BACKOFF = new ExponentialBackoff({ initialDelay: 250, maxDelay: 2000 });

/**
 * Does again what has failed with `error`, and may be done any number of times: nothing else belongs here. Throws the last
 * failure when it is not transient, when the tries are used up, or when the deadline comes before the next one would;
 * throws `CancelledError` when the caller leaves meanwhile. What succeeds at once never gets here and pays nothing.
 */
export async function retry<Result>(
  error: unknown,
  work: () => Promise<Result>,
  { isTransient, signal, deadline = Number.POSITIVE_INFINITY, clock = systemClock }: RetryOptions,
): Promise<Result> {
  let failure = error;
  let backoff = BACKOFF.next();
  for (let tries = 1; tries < TRIES && isTransient(failure); tries += 1) {
    const { duration } = backoff;
    if (clock.monotonic() + duration >= deadline) break;
    await pause(duration, undefined, signal && { signal }).catch(() => {
      throw new CancelledError('The call was cancelled before it finished.', { cause: signal?.reason });
    });
    try {
      return await work();
    } catch (again) {
      failure = again;
    }
    backoff = backoff.next(undefined);
  }
  throw failure;
}
