import type { Principal } from './principal.ts';

/** Everything that is true of one call, from the transport to the database. */
export interface RequestContext {
  readonly principal: Principal;
  /** Unique per call, `[A-Za-z0-9._-]{1,64}`; taken from the caller when it is well-formed, else made. */
  readonly requestId: string;
  /** The client's own name for its conversation, well-formed as a request id; for logs only. */
  readonly sessionId?: string | undefined;
  /** When the call must have been answered, in `Clock.monotonic()` milliseconds; absent: whenever. */
  readonly deadline?: number | undefined;
  /** Aborts when the caller goes away, cancels, or the deadline passes. */
  readonly signal: AbortSignal;
}
