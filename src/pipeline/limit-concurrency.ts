import { UnavailableError } from '../kernel/errors.ts';
import type { Concern } from './call.ts';

export interface ConcurrencyOptions {
  /** Calls that run at once. */
  readonly maxConcurrent: number;
  /** Calls that wait for their turn; further ones are refused at once. */
  readonly maxQueued: number;
}

/** Bounds the calls that run at once. A slot is held until the work has really ended, not until its caller gave up. */
export function limitConcurrency(options: ConcurrencyOptions): Concern {
  const waiting = new Set<() => void>();
  let running = 0;

  const release = (): void => {
    const [first] = waiting;
    if (first === undefined) running -= 1;
    else first();
  };

  const acquire = async (signal: AbortSignal): Promise<void> => {
    signal.throwIfAborted();
    if (running < options.maxConcurrent) {
      running += 1;
      return;
    }
    if (waiting.size >= options.maxQueued) {
      throw new UnavailableError('Too many calls at once. Try again in a moment.', {
        data: { running, waiting: waiting.size },
      });
    }
    await turn(waiting, signal);
  };

  return (next) => async (call) => {
    await acquire(call.context.signal);
    try {
      return await next(call);
    } finally {
      release();
    }
  };
}

/** Resolves when a slot is handed over, rejects when the signal aborts first. Set order is the order of arrival. */
function turn(waiting: Set<() => void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const granted = (): void => {
      signal.removeEventListener('abort', gaveUp);
      waiting.delete(granted);
      resolve();
    };
    const gaveUp = (): void => {
      waiting.delete(granted);
      reject(signal.reason);
    };
    waiting.add(granted);
    signal.addEventListener('abort', gaveUp, { once: true });
  });
}
