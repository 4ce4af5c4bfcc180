import type { Clock } from '../kernel/clock.ts';
import { AisleError, CancelledError, TimeoutError } from '../kernel/errors.ts';
import { linkSignals } from '../kernel/linked-signal.ts';
import type { Call, Concern, Handler } from './call.ts';

/**
 * Ends a call when its time is up or its caller is gone: the signal that the tool sees aborts, and the answer
 * does not wait for a tool that ignores it. The time counts from arrival, waiting for a slot included; the context says
 * when it ends, so that whatever has limits of its own sets them below.
 */
export function deadline(options: { readonly timeoutMs: number; readonly clock: Clock }): Concern {
  return (next) => async (call) => {
    const timeoutMs = call.target.timeoutMs ?? options.timeoutMs;
    const { signal, abort, release } = linkSignals(call.context.signal);
    const timer = setTimeout(() => abort(timeoutError(call.target.name, timeoutMs)), timeoutMs);
    try {
      const context = { ...call.context, signal, deadline: options.clock.monotonic() + timeoutMs };
      return await race(next, { ...call, context }, signal);
    } finally {
      clearTimeout(timer);
      release();
    }
  };
}

/** The abort listener is the first on the signal, so the reason wins over whatever the tool then throws. */
function race(next: Handler, call: Call, signal: AbortSignal): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => reject(reasonOf(signal));
    if (signal.aborted) {
      giveUp();
      return;
    }
    signal.addEventListener('abort', giveUp, { once: true });
    next(call)
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', giveUp));
  });
}

function timeoutError(name: string, timeoutMs: number): TimeoutError {
  return new TimeoutError(`${name} exceeded ${timeoutMs / 1000}s timeout`, {
    data: { timeout_ms: timeoutMs },
  });
}

/** Whoever aborts may say why with an AisleError (the drain does); everything else is the caller having gone. */
function reasonOf(signal: AbortSignal): AisleError {
  const { reason } = signal;
  return reason instanceof AisleError
    ? reason
    : new CancelledError('The call was cancelled.', { cause: reason });
}
