import type { Logger } from '../kernel/logger.ts';

/** How many connections of a pool there are, and how many of them have nothing to do. */
interface PoolCounts {
  readonly totalCount: number;
  readonly idleCount: number;
  readonly options: { readonly max: number };
}

export interface PoolMonitorOptions {
  readonly pool: PoolCounts;
  /** The most callers that waited at once since it was asked before. */
  readonly takeMostWaiting: () => number;
  readonly logger: Logger;
  /** Milliseconds between two looks. Default 30,000. */
  readonly everyMs?: number;
}

/**
 * Looks at a pool again and again and logs what it sees: at `debug` each time; at `warn` once when callers had to wait, and at
 * `info` once when a whole look found none.
 */
export function watchPool(options: PoolMonitorOptions): { stop(): void } {
  const { pool, takeMostWaiting, logger, everyMs = 30_000 } = options;
  let isShort = false;
  const look = (): void => {
    const queued = takeMostWaiting();
    const { totalCount: open, idleCount: idle } = pool;
    const seen = { active: open - idle, idle, queued, max: pool.options.max };
    logger.debug('db_pool', seen);
    if (queued > 0 && !isShort)
      logger.warn('db_pool_queue', {
        ...seen,
        mend: 'When all of max are active, raise DB_POOL_MAX or look for slow queries; when not, one caller asks more at once than CALLER_SHARE lets it.',
      });
    if (queued === 0 && isShort) logger.info('db_pool_queue_gone', seen);
    isShort = queued > 0;
  };
  const timer = setInterval(look, everyMs).unref();
  return { stop: () => clearInterval(timer) };
}
