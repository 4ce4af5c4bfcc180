import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import type { Allowance, RatePolicy } from '../kernel/allowance.ts';
import type { RedisLink, RedisState } from './redis-link.ts';

interface RateLimiterState {
  readonly policy: RatePolicy;
  /** Absent: there is no Redis, and this server counts alone. */
  readonly redis?: RedisState;
}

/** R points within P seconds for each key. The seconds begin with a key's first call, not with the clock's minute. */
export interface RateLimiter {
  /**
   * Counts `points` (default 1; no more than the limit, so that what is dear can be had at all) and says whether they were
   * there; `prepaid` of them were counted before. What does not fit is counted too. Never rejects for Redis: without it the server's own count decides.
   */
  consume(key: string, points?: number, prepaid?: number): Promise<Allowance>;
  state(): RateLimiterState;
}

/** Of Redis keys: `rate_limit:<client>`. */
const PREFIX = 'rate_limit';

/**
 * Counts in Redis, where all servers see it, in one script; and always here as well, so that the day Redis goes away
 * nobody begins anew.
 */
export function createRateLimiter(policy: RatePolicy, redis?: RedisLink): RateLimiter {
  const options = { keyPrefix: PREFIX, points: policy.limit, duration: policy.periodSeconds };
  const own = new RateLimiterMemory(options);
  let shared: RateLimiterRedis | undefined;
  return {
    async consume(key, points = 1, prepaid = 0) {
      const cost = Math.max(0, Math.min(points, policy.limit) - prepaid);
      const counted = settled(own.consume(key, cost));
      const agreed = await redis?.attempt((storeClient) => {
        shared ??= new RateLimiterRedis({ ...options, storeClient });
        return settled(shared.consume(key, cost));
      });
      return allowanceOf(policy, agreed ?? (await counted));
    },
    state: () => ({ policy, ...(redis !== undefined && { redis: redis.state() }) }),
  };
}

/** The library rejects with the same result that it resolves with. */
async function settled(consumed: Promise<RateLimiterRes>): Promise<RateLimiterRes> {
  try {
    return await consumed;
  } catch (result) {
    if (result instanceof RateLimiterRes) return result;
    throw result;
  }
}

function allowanceOf(policy: RatePolicy, result: RateLimiterRes): Allowance {
  return {
    policy,
    allowed: result.consumedPoints <= policy.limit,
    remaining: result.remainingPoints,
    resetMs: result.msBeforeNext,
  };
}
