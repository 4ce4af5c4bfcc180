import { createHash } from 'node:crypto';
import { AisleError } from '../kernel/errors.ts';
import type { Logger } from '../kernel/logger.ts';
import type { RequestContext } from '../kernel/request-context.ts';
import type { ScopedQuery } from './database.ts';

/** What is slow enough to be told in any log. */
const SLOW_MS = 1000;

/** A line a query, however it ended: by hash, as its text may hold anything. Slow ones are told at every level. */
export async function logged<Result>(
  logger: Logger,
  { requestId }: RequestContext,
  query: ScopedQuery,
  run: () => Promise<Result>,
): Promise<Result> {
  const started = performance.now();
  let status = 'ok';
  try {
    return await run();
  } catch (error) {
    status = error instanceof AisleError ? error.code : 'INTERNAL_ERROR';
    throw error;
  } finally {
    const durationMs = performance.now() - started;
    const slow = durationMs > SLOW_MS;
    if (slow || logger.writes('debug'))
      logger[slow ? 'warn' : 'debug'](slow ? 'slow_query' : 'database_query', {
        request_id: requestId,
        query_hash: createHash('sha256').update(query.text).digest('hex').slice(0, 16),
        status,
        duration_ms: Math.round(durationMs * 1000) / 1000,
      });
  }
}
