import type { AuditStore } from '../data/audit/store.ts';
import { type Clock, systemClock } from '../kernel/clock.ts';
import type { Logger } from '../kernel/logger.ts';
import type { PurposeKey } from '../kernel/secret-keys.ts';

export interface AuditUpkeepOptions {
  readonly store: Pick<AuditStore, 'keepPartitions' | 'watch'>;
  readonly key: () => PurposeKey;
  readonly retentionMonths: number;
  readonly logger: Logger;
  readonly clock?: Clock;
  /** Milliseconds between two looks for anomalies. Default 300,000. */
  readonly watchMs?: number;
  /** Milliseconds between two looks after the partitions. Default a day. */
  readonly partitionsMs?: number;
}

/**
 * Makes the partitions that will be needed, drops those that are too old, and watches for anomalies, from now on and again
 * and again. Several servers may do so: each look is one server's. Throws when the first partitions can't be made.
 */
export async function startAuditUpkeep(options: AuditUpkeepOptions): Promise<{ stop(): Promise<void> }> {
  const { store, key, retentionMonths, logger, clock = systemClock } = options;
  const keepPartitions = async () => {
    const dropped = await store.keepPartitions(key(), retentionMonths, clock.now());
    if (dropped.length > 0) logger.info('audit_partitions_dropped', { partitions: dropped });
  };
  const watch = async () => {
    const found = await store.watch(key(), clock.now());
    if (found !== undefined && found > 0) logger.warn('anomalies_recorded', { found });
  };
  await keepPartitions();
  const underWay = new Set<Promise<void>>();
  // What fails is tried again next time; until then the partitions made ahead last for a month.
  const every = (ms: number, name: string, work: () => Promise<void>) =>
    setInterval(() => {
      const run = work()
        .catch((error: unknown) => logger.error('audit_upkeep_failed', { work: name, error }))
        .finally(() => underWay.delete(run));
      underWay.add(run);
    }, ms).unref();
  const timers = [
    every(options.partitionsMs ?? 86_400_000, 'partitions', keepPartitions),
    every(options.watchMs ?? 300_000, 'watch', watch),
  ];
  return {
    async stop() {
      for (const timer of timers) clearInterval(timer);
      await Promise.all(underWay);
    },
  };
}
