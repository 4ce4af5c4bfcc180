import { AisleError, CancelledError } from '../kernel/errors.ts';
import { linkSignals } from '../kernel/linked-signal.ts';

/**
 * Does `work` with a signal that aborts with the caller's, or with the error that `late` makes once `ms` milliseconds have
 * passed. Then it rejects at once, with that error or with `CancelledError`, also where the work does not listen.
 */
export async function withinTime<Result>(
  work: (signal: AbortSignal) => Promise<Result>,
  signal: AbortSignal,
  ms: number,
  late: () => AisleError,
): Promise<Result> {
  if (signal.aborted) throw abortError(signal);
  if (ms <= 0) throw late();
  const linked = linkSignals(signal);
  const { promise: over, reject } = Promise.withResolvers<never>();
  const leave = () => reject(abortError(linked.signal));
  linked.signal.addEventListener('abort', leave, { once: true });
  // A timer takes no infinity: it would go off at once.
  const timer = Number.isFinite(ms) ? setTimeout(() => linked.abort(late()), ms) : undefined;
  try {
    return await Promise.race([work(linked.signal), over]);
  } finally {
    clearTimeout(timer);
    linked.release();
  }
}

/** What somebody who was stopped rejects with. */
export function abortError({ reason }: AbortSignal): AisleError {
  return reason instanceof AisleError
    ? reason
    : new CancelledError('The call was cancelled before it finished.', { cause: reason });
}
