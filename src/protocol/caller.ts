import type { Principal } from '../kernel/principal.ts';

/** Who speaks over a connection or in an HTTP request, as the transport has established it. */
export interface Caller {
  readonly principal: Principal;
  /** A fresh id for each call: the first is the request's own. */
  nextRequestId(): string;
  /** The client's name for its conversation, if it gave a well-formed one. */
  readonly sessionId?: string | undefined;
  /** Told when a call is refused as too much at once, for transports that can say so beside the answer. */
  onBusy?(retryAfterSeconds: number): void;
  /** Aborts what this caller has running; its reason may be an AisleError to answer with. */
  readonly signal: AbortSignal;
}
