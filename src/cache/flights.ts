import { AisleError, BusyError, CancelledError, QueryTimeoutError, TimeoutError } from '../kernel/errors.ts';

interface Flight<Value> {
  readonly since: number;
  readonly landed: Promise<Value>;
  readonly ending: AbortController;
  waiting: number;
}

/** How one caller fared, which another need not. */
const OWN_FATES = [BusyError, CancelledError, QueryTimeoutError, TimeoutError];

/** Of several who want the same at once, one does the work. It goes on while anybody waits for it, and ends when all have left. */
export class Flights<Value> {
  private readonly flights = new Map<string, Flight<Value>>();

  /**
   * Joins the work for `key` that was begun at the same count of changes (`since`), so that nobody gets an answer from
   * before a change that was heard before it asked; else begins it. Rejects with the signal's reason when the caller
   * leaves, or with the error of the work, unless that is another's own.
   */
  async join(
    key: string,
    since: number,
    signal: AbortSignal,
    work: (signal: AbortSignal) => Promise<Value>,
  ): Promise<{ readonly value: Value; readonly isOwn: boolean }> {
    for (;;) {
      const running = this.flights.get(key);
      if (running?.since !== since)
        return { value: await this.wait(key, this.begin(key, since, work), signal), isOwn: true };
      try {
        return { value: await this.wait(key, running, signal), isOwn: false };
      } catch (error) {
        if (signal.aborted || !OWN_FATES.some((fate) => error instanceof fate)) throw error;
      }
    }
  }

  private begin(key: string, since: number, work: (signal: AbortSignal) => Promise<Value>): Flight<Value> {
    const ending = new AbortController();
    const landed = work(ending.signal).finally(() => this.forget(key, flight));
    const flight: Flight<Value> = { since, landed, ending, waiting: 0 };
    landed.catch(() => {}); // whoever waits is told; when all have left nobody is
    this.flights.set(key, flight);
    return flight;
  }

  private async wait(key: string, flight: Flight<Value>, signal: AbortSignal): Promise<Value> {
    flight.waiting += 1;
    const { promise: left, reject } = Promise.withResolvers<never>();
    const leave = () => reject(reasonOf(signal));
    signal.addEventListener('abort', leave, { once: true });
    if (signal.aborted) leave();
    try {
      return await Promise.race([flight.landed, left]);
    } finally {
      signal.removeEventListener('abort', leave);
      flight.waiting -= 1;
      if (flight.waiting === 0) {
        this.forget(key, flight);
        flight.ending.abort(signal.reason);
      }
    }
  }

  /** Nobody joins it from here on. */
  private forget(key: string, flight: Flight<Value>): void {
    if (this.flights.get(key) === flight) this.flights.delete(key);
  }
}

function reasonOf({ reason }: AbortSignal): AisleError {
  return reason instanceof AisleError
    ? reason
    : new CancelledError('The call was cancelled.', { cause: reason });
}
