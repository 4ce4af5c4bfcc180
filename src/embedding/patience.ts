import { setTimeout as pauseFor } from 'node:timers/promises';
import type { Clock } from '../kernel/clock.ts';
import { type AisleError, TimeoutError } from '../kernel/errors.ts';
import { abortError } from './time-limit.ts';

/** Waits so many milliseconds; rejects when the signal aborts. */
export type Pause = (ms: number, signal: AbortSignal) => Promise<unknown>;

export const realPause: Pause = (ms, signal) => pauseFor(ms, undefined, { signal });

/** All waiting for one call, together. */
const LONGEST_WAIT_MS = 600_000;
const FIRST_BACKOFF_MS = 500;
const LONGEST_BACKOFF_MS = 30_000;

export interface PatienceOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly deadline?: number | undefined;
  readonly pause: Pause;
}

/** How much longer one call waits for what may pass. */
export class Patience {
  readonly signal: AbortSignal;
  private readonly clock: Clock;
  private readonly deadline: number;
  private readonly pause: Pause;
  private waitedMs = 0;

  constructor({ clock, signal, deadline = Number.POSITIVE_INFINITY, pause }: PatienceOptions) {
    this.clock = clock;
    this.signal = signal;
    this.deadline = deadline;
    this.pause = pause;
  }

  /** Until the call must have been answered. */
  leftMs(): number {
    return this.deadline - this.clock.monotonic();
  }

  /** Throws `givingUp` at once when that is longer than there is patience for, `TimeoutError` when it ends past the deadline. */
  async wait(ms: number, givingUp: () => AisleError): Promise<void> {
    if (this.waitedMs + ms > LONGEST_WAIT_MS) throw givingUp();
    if (ms >= this.leftMs())
      throw new TimeoutError('The embedding provider took too long for these texts.', {
        cause: givingUp(),
      });
    this.waitedMs += ms;
    await this.pause(ms, this.signal).catch(() => {
      throw abortError(this.signal);
    });
  }
}

/** After so many tries that failed, the first of them 1. Grows exponentially; half of it is chance, so that many who failed together don't return together. */
export function backoffMs(tries: number, random: () => number = Math.random): number {
  const full = Math.min(FIRST_BACKOFF_MS * 2 ** (tries - 1), LONGEST_BACKOFF_MS);
  return full * (0.5 + random() / 2);
}
