import type { FastifyRequest } from 'fastify';
import type { RequestOrigin } from '../kernel/request-context.ts';
import { withoutPort } from '../resilience/address-key.ts';
import { readTraceContext } from '../telemetry/trace-context.ts';

const MAX_USER_AGENT = 200;

/** Where a request came from. What its headers say is bounded and free of control characters, and still only said. */
export function originOf({ ip, headers }: FastifyRequest): RequestOrigin {
  const { traceparent, tracestate, 'user-agent': userAgent } = headers;
  return {
    ip: withoutPort(ip),
    userAgent: userAgent?.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, MAX_USER_AGENT),
    ...readTraceContext(traceparent, tracestate),
  };
}
