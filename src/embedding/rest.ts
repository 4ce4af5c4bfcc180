import type { Clock } from '../kernel/clock.ts';
import { type AisleError, ConfigurationError, UnavailableError } from '../kernel/errors.ts';
import type { Failure } from './failure.ts';

/** A provider that can't be used as it is set up is looked at again after this, so that what was mended there is noticed. */
const MISCONFIGURED_REST_MS = 60_000;
/** One that asks to be tried again at once, and again, would be asked without a pause. */
const SHORTEST_REST_MS = 250;
/** Of one that does not say how long, doubled each time. */
const FIRST_REST_MS = 1000;
const LONGEST_UNASKED_REST_MS = 60_000;

/**
 * The time in which one model is left alone, by everybody at once: because its provider asks for it, or because another
 * request could only fail in the same way.
 */
export class Rest {
  private readonly clock: Clock;
  private until = 0;
  private latest: Failure | undefined;
  /** Times in a row that it was too much. */
  private limited = 0;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Why nobody may ask now. */
  reason(): Failure | undefined {
    return this.leftMs() > 0 ? this.latest : undefined;
  }

  leftMs(): number {
    return Math.max(0, this.until - this.clock.monotonic());
  }

  answered(): void {
    this.limited = 0;
  }

  failed(failure: Failure): void {
    const ms = this.lengthOf(failure);
    if (ms === undefined || this.leftMs() >= ms) return;
    this.until = this.clock.monotonic() + ms;
    this.latest = failure;
  }

  private lengthOf({ kind, retryAfterMs }: Failure): number | undefined {
    if (kind === 'misconfigured') return MISCONFIGURED_REST_MS;
    if (kind === 'exhausted') return retryAfterMs ?? LONGEST_UNASKED_REST_MS;
    if (kind !== 'limited') return retryAfterMs;
    // Ten batches that were refused together are one refusal: it counts when the rest that it began is over.
    if (this.leftMs() === 0) this.limited += 1;
    return retryAfterMs === undefined
      ? Math.min(FIRST_REST_MS * 2 ** (this.limited - 1), LONGEST_UNASKED_REST_MS)
      : Math.max(retryAfterMs, SHORTEST_REST_MS);
  }
}

/** What a caller is told. `restMs`: how long nobody asks, where that is known. */
export function errorOf({ kind, what, mend, cause }: Failure, restMs: number): AisleError {
  if (kind === 'misconfigured')
    return new ConfigurationError(`The embedding provider can't be used (${what}). ${mend}`, { cause });
  const known = restMs > 0 ? { retryAfterSeconds: Math.ceil(restMs / 1000) } : {};
  return new UnavailableError(`${SAYINGS[kind]} (${what}).`, { ...known, cause });
}

const SAYINGS: Readonly<Record<Exclude<Failure['kind'], 'misconfigured'>, string>> = {
  limited: 'The embedding provider takes no more requests for now',
  exhausted: 'What may be asked of the embedding provider is used up: an operator has to raise it there',
  transient: 'The embedding provider failed',
  refused: 'The embedding provider does not take this text',
};
