import { type Clock, systemClock } from '../kernel/clock.ts';
import { UnavailableError } from '../kernel/errors.ts';

export type CircuitState = 'closed' | 'open' | 'half-open';

export interface CircuitBreakerOptions {
  /** What is guarded, as a refusal names it: "The database". */
  readonly part: string;
  /** What a refusal says of it. Default "is out of reach": for what fails in other ways too that may be wrong. */
  readonly plight?: string;
  /** Failures in a row that open it. Default 5. */
  readonly failures?: number;
  /** Probes in a row that must succeed before it closes. Default 2. */
  readonly successes?: number;
  /** Milliseconds without a failure after which an open one lets a probe through. Default 60,000. */
  readonly resetMs?: number;
  /** Each probe that fails doubles that time, up to this. Default `resetMs`: it stays. */
  readonly longestResetMs?: number;
  /** Told of each change, once. */
  readonly onChange?: (state: CircuitState, before: CircuitState) => void;
  readonly clock?: Clock;
}

/** What the end of an attempt says of the part. */
export type Meaning = 'succeeded' | 'failed' | 'abandoned';

/** Of one attempt: in which state's time it was begun. What comes back from an earlier time says nothing of now. */
export type Pass = number;

/**
 * Keeps callers away from a part that does not answer, so that they hear at once and it is left alone. Each attempt asks
 * for a pass, and ends with exactly one of `succeeded`, `failed`, and `abandoned`, which is for an end that says nothing of
 * the part: a caller that left, a mistake of the caller's. No timers: time is looked at when somebody asks.
 */
export class CircuitBreaker {
  private readonly options: CircuitBreakerOptions;
  private readonly clock: Clock;
  private readonly resetMs: number;
  private readonly longestResetMs: number;
  private current: CircuitState = 'closed';
  private era = 0;
  /** In a row, in the state that it is in. */
  private count = 0;
  private isProbing = false;
  private waitMs: number;
  private lastFailureAt = 0;

  constructor(options: CircuitBreakerOptions) {
    this.options = options;
    this.clock = options.clock ?? systemClock;
    this.resetMs = options.resetMs ?? 60_000;
    this.longestResetMs = options.longestResetMs ?? this.resetMs;
    this.waitMs = this.resetMs;
  }

  get state(): CircuitState {
    return this.current;
  }

  /** Throws what `work` throws, and `UnavailableError` in its place where the part is left alone. */
  async run<Result>(
    work: () => Promise<Result>,
    meaningOf: (error: unknown) => Meaning = () => 'failed',
  ): Promise<Result> {
    const pass = this.enter();
    if (pass === undefined) throw this.refusal();
    try {
      const result = await work();
      this.succeeded(pass);
      return result;
    } catch (error) {
      this[meaningOf(error)](pass);
      throw error;
    }
  }

  /** Undefined: not now. */
  enter(): Pass | undefined {
    if (this.current === 'closed') return this.era;
    if (this.leftMs() > 0 || this.isProbing) return undefined;
    if (this.current === 'open') this.become('half-open');
    this.isProbing = true;
    return this.era;
  }

  succeeded(pass: Pass): void {
    if (pass !== this.era) return;
    if (this.current === 'closed') {
      this.count = 0;
      return;
    }
    this.isProbing = false;
    this.count += 1;
    if (this.count < (this.options.successes ?? 2)) return;
    this.waitMs = this.resetMs;
    this.become('closed');
  }

  failed(pass: Pass): void {
    // One that was on its way when it opened: the part is still failing.
    if (this.current === 'open') this.lastFailureAt = this.clock.monotonic();
    if (pass !== this.era || this.current === 'open') return;
    this.count += 1;
    if (this.current === 'closed' && this.count < (this.options.failures ?? 5)) return;
    if (this.current === 'half-open') this.waitMs = Math.min(this.waitMs * 2, this.longestResetMs);
    this.lastFailureAt = this.clock.monotonic();
    this.become('open');
  }

  abandoned(pass: Pass): void {
    if (pass === this.era) this.isProbing = false;
  }

  /** For whoever got no pass. */
  refusal(): UnavailableError {
    const retryAfterSeconds = Math.max(1, Math.ceil(this.leftMs() / 1000));
    const { part, plight = 'is out of reach' } = this.options;
    return new UnavailableError(`${part} ${plight}, so nothing was tried.`, { retryAfterSeconds });
  }

  private leftMs(): number {
    return this.current === 'open' ? this.lastFailureAt + this.waitMs - this.clock.monotonic() : 0;
  }

  private become(state: CircuitState): void {
    const before = this.current;
    this.current = state;
    this.era += 1;
    this.count = 0;
    this.isProbing = false;
    this.options.onChange?.(state, before);
  }
}
