import { type Allowance, resetSeconds } from '../kernel/allowance.ts';
import { RateLimitedError } from '../kernel/errors.ts';
import type { RateLimiter } from '../resilience/rate-limiter.ts';
import type { RefusalReport } from '../resilience/refusal-report.ts';
import type { Call, Concern } from './call.ts';

export interface RateLimits {
  readonly limiter: RateLimiter;
  readonly report?: RefusalReport | undefined;
}

/**
 * Bounds what one principal may call in a while, however many connections, credentials and servers it uses. A call takes
 * what its tool costs.
 */
export function limitRate({ limiter, report }: RateLimits): Concern {
  return (next) => async (call) => {
    const { subject } = call.context.principal;
    const allowance = await limiter.consume(subject, call.target.cost);
    call.context.onAllowance?.(allowance);
    if (allowance.allowed) return next(call);
    await report?.refused(subject, eventOf(call));
    throw rateLimited(allowance);
  };
}

function rateLimited(allowance: Allowance): RateLimitedError {
  const { limit, periodSeconds } = allowance.policy;
  return new RateLimitedError(
    `Too many calls: you may make ${limit} in ${periodSeconds} s, of which expensive tools count as several.`,
    resetSeconds(allowance),
  );
}

function eventOf({ target, context }: Call) {
  const { principal, requestId, sessionId, origin } = context;
  return {
    ...{ action: 'call', reason: 'more calls than the caller may make', subject: principal.subject },
    ...{ name: principal.name, resourceType: target.kind, resourceId: target.name },
    ...{ requestId, sessionId, origin },
  };
}
