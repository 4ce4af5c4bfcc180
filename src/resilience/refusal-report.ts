import { LRUCache } from 'lru-cache';
import type { SecurityEvent, SecurityLog } from '../kernel/audit.ts';
import { type Clock, systemClock } from '../kernel/clock.ts';
import type { Logger } from '../kernel/logger.ts';

const ONCE_IN_MS = 60_000;
/** Past these the one whose report is longest ago may be reported again early. */
const MOST_CLIENTS = 10_000;

/** Tells the security log of clients that were refused: each once a minute, so that a flood of calls is no flood of writes. */
export class RefusalReport {
  private readonly log: SecurityLog;
  private readonly logger: Logger;
  private readonly reported: LRUCache<string, true>;

  constructor(log: SecurityLog, logger: Logger, clock: Clock = systemClock) {
    this.log = log;
    this.logger = logger;
    const perf = { now: () => clock.monotonic() };
    this.reported = new LRUCache({ max: MOST_CLIENTS, ttl: ONCE_IN_MS, ttlResolution: 0, perf });
  }

  /** Resolves when the event is committed, if it is due. Never rejects: the client is refused either way. */
  async refused(client: string, event: Omit<SecurityEvent, 'type' | 'success' | 'severity'>): Promise<void> {
    if (this.reported.has(client)) return;
    this.reported.set(client, true);
    try {
      await this.log.record({ type: 'rate_limited', success: false, severity: 'WARNING', ...event });
    } catch (error) {
      this.logger.warn('refusal_not_recorded', { error, request_id: event.requestId });
    }
  }
}
