import type { FastifyReply, FastifyRequest } from 'fastify';
import { resetSeconds } from '../kernel/allowance.ts';
import { RateLimitedError } from '../kernel/errors.ts';
import { addressKey } from '../resilience/address-key.ts';
import type { RateLimiter } from '../resilience/rate-limiter.ts';
import type { RefusalReport } from '../resilience/refusal-report.ts';
import { originOf } from './origin.ts';
import { rateHeaders } from './rate-headers.ts';

export interface AddressLimits {
  readonly limiter: RateLimiter;
  readonly report?: RefusalReport | undefined;
}

/**
 * Bounds the requests of one address before anything is computed for them: who guesses credentials is not yet anybody.
 * `points` is how many messages are counted: those of a batch but the first, once it has been read. What is left is said
 * to who is refused only: several callers may share an address, and would read from it how much the others do. Throws
 * `RateLimitedError`.
 */
export async function limitAddress(
  { limiter, report }: AddressLimits,
  request: FastifyRequest,
  reply: FastifyReply,
  points = 1,
): Promise<void> {
  const key = `ip:${addressKey(request.ip)}`;
  const allowance = await limiter.consume(key, points);
  // The limiter takes no more than there can be, and a batch is not let through for that.
  if (allowance.allowed && points <= allowance.policy.limit) return;
  const { limit, periodSeconds } = allowance.policy;
  await report?.refused(key, {
    action: 'request',
    reason: 'more requests than one address may send',
    requestId: request.id,
    origin: originOf(request),
  });
  reply.headers(rateHeaders([allowance]));
  throw new RateLimitedError(
    `Too many requests from this address: ${limit} in ${periodSeconds} s are allowed.`,
    resetSeconds(allowance),
  );
}
