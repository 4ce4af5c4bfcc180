/** Of a W3C Trace Context: the trace's id, 32 hex digits, and what its vendors add. */
export interface TraceContext {
  readonly traceId: string;
  readonly traceState?: string;
}

const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;
/** The characters of W3C's lists of `key=value`, and the length that every vendor must pass on. */
const TRACESTATE = /^[\x21-\x7e](?:[\x20-\x7e]{0,510}[\x21-\x7e])?$/;

/** Undefined without a well-formed `traceparent`; a malformed `tracestate` is left out, as the standard says. */
export function readTraceContext(traceparent: unknown, tracestate?: unknown): TraceContext | undefined {
  const traceId = typeof traceparent === 'string' ? TRACEPARENT.exec(traceparent)?.[1] : undefined;
  if (traceId === undefined) return undefined;
  const isState = typeof tracestate === 'string' && TRACESTATE.test(tracestate);
  return { traceId, ...(isState && { traceState: tracestate }) };
}
