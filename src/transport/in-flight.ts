import type { ServerResponse } from 'node:http';

/** Counts the requests that are being answered, so that a drain knows when the last one is. */
export interface InFlight {
  /**
   * Counts one until its response has gone out or its client has. The signal aborts in the second case. A response that
   * `lasts`, as a stream that waits for events does, is not waited for.
   */
  track(response: ServerResponse, lasts: boolean): AbortSignal;
  /** Resolves with true when nothing is in flight, with false when `timeoutMs` have passed before. */
  idle(timeoutMs: number): Promise<boolean>;
}

export function createInFlight(): InFlight {
  const responses = new Set<ServerResponse>();
  const waiting = new Set<() => void>();

  const leave = (response: ServerResponse): void => {
    responses.delete(response);
    if (responses.size > 0) return;
    for (const resolve of waiting) resolve();
    waiting.clear();
  };

  return {
    track(response, lasts) {
      const gone = disconnection(response);
      if (lasts || response.destroyed) return gone;
      responses.add(response);
      response.once('close', () => leave(response));
      return gone;
    },
    async idle(timeoutMs) {
      if (responses.size === 0) return true;
      const { promise, resolve } = Promise.withResolvers<boolean>();
      const timer = setTimeout(() => resolve(false), timeoutMs);
      waiting.add(() => resolve(true));
      return promise.finally(() => clearTimeout(timer));
    },
  };
}

/** Aborts when the connection ends before the response has, or has ended already: who calls was looked up meanwhile. */
function disconnection(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  if (response.destroyed) controller.abort();
  response.once('close', () => {
    if (!response.writableFinished) controller.abort();
  });
  return controller.signal;
}
