import type { Config } from '../config.ts';
import type { SecurityLog } from '../kernel/audit.ts';
import type { Logger } from '../kernel/logger.ts';
import type { CallerRate } from '../resilience/caller-rate.ts';
import { createRateLimiter } from '../resilience/rate-limiter.ts';
import { RedisLink } from '../resilience/redis-link.ts';
import { RefusalReport } from '../resilience/refusal-report.ts';
import type { AddressLimits } from '../transport/limit-address.ts';

export interface OpenRateLimits {
  /** Both absent when RATE_LIMIT_ENABLED is off. */
  readonly caller?: CallerRate;
  readonly address?: AddressLimits;
  close(): Promise<void>;
}

/** The two rates that the settings ask for, counted in Redis when there is one. */
export async function openRateLimits(
  config: Config,
  logger: Logger,
  securityLog?: SecurityLog,
): Promise<OpenRateLimits> {
  if (!config.RATE_LIMIT_ENABLED) return { close: async () => {} };
  const url = config.REDIS_URL;
  const redis = url === undefined ? undefined : await RedisLink.open({ url, logger });
  const report = securityLog && new RefusalReport(securityLog, logger);
  const limiter = (name: string, limit: number) =>
    createRateLimiter({ name, limit, periodSeconds: config.RATE_LIMIT_PERIOD }, redis);
  return {
    caller: { limiter: limiter('caller', config.RATE_LIMIT_REQUESTS), report },
    address: { limiter: limiter('address', config.RATE_LIMIT_PER_ADDRESS), report },
    close: async () => redis?.close(),
  };
}
