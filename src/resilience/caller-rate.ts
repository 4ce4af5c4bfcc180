import { type Allowance, resetSeconds } from '../kernel/allowance.ts';
import { RateLimitedError } from '../kernel/errors.ts';
import type { RequestContext } from '../kernel/request-context.ts';
import type { RateLimiter } from './rate-limiter.ts';
import type { RefusalReport } from './refusal-report.ts';

/** What bounds how much one principal may ask for in a while, however many connections, addresses and servers it uses. */
export interface CallerRate {
  readonly limiter: RateLimiter;
  readonly report?: RefusalReport | undefined;
}

export interface Spending {
  /** Default 1. A single thing that costs more than the limit takes all of it; several must fit. */
  readonly points?: number | undefined;
  readonly several?: boolean;
  /** For the report: `call`, `request`. */
  readonly action: string;
  readonly resourceType?: string;
  readonly resourceId?: string;
}

type Spender = Pick<
  RequestContext,
  'principal' | 'requestId' | 'sessionId' | 'origin' | 'prepaid' | 'onAllowance'
>;

/** Takes the points that are not paid yet from the caller's rate. Throws `RateLimitedError` when they were not there, once that is reported. */
export async function spend(rate: CallerRate, spender: Spender, spending: Spending): Promise<void> {
  const { principal, requestId, sessionId, origin, prepaid = 0, onAllowance } = spender;
  const { points = 1, several = false, ...what } = spending;
  if (points <= prepaid) return;
  const allowance = await rate.limiter.consume(principal.subject, points, prepaid);
  onAllowance?.(allowance);
  if (allowance.allowed && !(several && points > allowance.policy.limit)) return;
  await rate.report?.refused(principal.subject, {
    ...{ ...what, reason: 'more calls than the caller may make', subject: principal.subject },
    ...{ name: principal.name, requestId, sessionId, origin },
  });
  throw rateLimited(allowance);
}

function rateLimited(allowance: Allowance): RateLimitedError {
  const { limit, periodSeconds } = allowance.policy;
  return new RateLimitedError(
    `Too many calls: you may make ${limit} in ${periodSeconds} s, of which expensive tools count as several.`,
    resetSeconds(allowance),
  );
}
