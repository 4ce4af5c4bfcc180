import type { Allowance } from '../kernel/allowance.ts';
import type { AisleError } from '../kernel/errors.ts';
import type { Principal } from '../kernel/principal.ts';
import type { RequestOrigin } from '../kernel/request-context.ts';

/** Who speaks over a connection or in an HTTP request, as the transport has established it. */
export interface Caller {
  readonly principal: Principal;
  /** A fresh id for each call: the first is the request's own. */
  nextRequestId(): string;
  /** The client's name for its conversation, if it gave a well-formed one. */
  readonly sessionId?: string | undefined;
  readonly origin?: RequestOrigin | undefined;
  /** Points that have been counted for each message before it was read. Default 0. */
  readonly prepaid?: number | undefined;
  /** Told when a call is refused, for transports that can say so beside the answer or in its place. */
  onRefusal?(error: AisleError): void;
  /** Told what is left of the caller's rate, each time that a call is counted. */
  onAllowance?(allowance: Allowance): void;
  /** Aborts what this caller has running; its reason may be an AisleError to answer with. */
  readonly signal: AbortSignal;
}
