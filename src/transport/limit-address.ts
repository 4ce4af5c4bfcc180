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
 * Throws `RateLimitedError`. What is left is said to who is refused only: several callers may share an address, and would
 * read from it how much the others do.
 */
export async function limitAddress(
  { limiter, report }: AddressLimits,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const key = `ip:${addressKey(request.ip)}`;
  const allowance = await limiter.consume(key);
  if (allowance.allowed) return;
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
