/** How often a call that tells nothing of itself is said to be running still. */
const BEAT_MS = 1000;

export interface Heartbeat {
  stop(): void;
}

/**
 * Tells, each second, for how many seconds a call has been running, so that a client which resets its timeout on progress waits
 * on. A beat that can't be sent is lost: the connection has ended, and ends the call by itself.
 */
export function startHeartbeat(tell: (seconds: number) => Promise<void>): Heartbeat {
  let seconds = 0;
  const timer = setInterval(() => {
    seconds += BEAT_MS / 1000;
    void tell(seconds).catch(() => undefined);
  }, BEAT_MS).unref();
  return { stop: () => clearInterval(timer) };
}
