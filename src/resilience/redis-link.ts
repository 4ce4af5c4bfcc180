import type { Redis } from 'ioredis';
import { type Clock, systemClock } from '../kernel/clock.ts';
import type { Logger } from '../kernel/logger.ts';
import { CircuitBreaker } from './circuit-breaker.ts';

export interface RedisLinkOptions {
  readonly url: string;
  readonly logger: Logger;
  /** What it means when Redis does not answer, for the log. Default: that each server counts rates by itself. */
  readonly consequence?: string;
  readonly clock?: Clock;
  /** Longest that a call waits for an answer. Default 100. */
  readonly commandTimeoutMs?: number;
}

export interface RedisState {
  /** Whether the latest attempt was answered. */
  readonly isUp: boolean;
  /** Attempts that Redis did not answer, since the start. */
  readonly failures: number;
}

const COMMAND_MS = 100;
const CONNECT_MS = 1000;
/** After a failure Redis is left alone this long, and then one call looks, so that only one in a while pays for an outage. */
const REST_MS = 1000;
const LONGEST_RECONNECT_MS = 2000;
/** A connection that takes commands and answers none is given up after this. */
const SILENT_MS = 5000;

/**
 * A connection to Redis for work that can be done without it. Nothing is queued, nothing is sent twice: what is not
 * answered at once has failed, and the caller does without. Outages are logged once, and once when they are over.
 */
export class RedisLink {
  private readonly logger: Logger;
  private readonly client: Redis;
  private readonly breaker: CircuitBreaker;
  private failures = 0;
  private isUp = true;
  private connections = 0;
  private readonly consequence: string;

  private constructor(client: Redis, options: RedisLinkOptions) {
    const { logger, clock = systemClock, consequence = 'each server counts rates by itself' } = options;
    this.client = client;
    this.logger = logger;
    this.breaker = new CircuitBreaker({ part: 'Redis', failures: 1, successes: 1, resetMs: REST_MS, clock });
    this.consequence = consequence;
  }

  /** Waits for the connection, a second at most; when there is none yet, it goes on trying. */
  static async open(options: RedisLinkOptions): Promise<RedisLink> {
    const { Redis } = await import('ioredis');
    const client = new Redis(options.url, {
      lazyConnect: true,
      connectionName: 'aisle',
      connectTimeout: CONNECT_MS,
      commandTimeout: options.commandTimeoutMs ?? COMMAND_MS,
      socketTimeout: SILENT_MS,
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      // After a failover the old primary still answers, and takes no writes.
      reconnectOnError: (error) => error.message.startsWith('READONLY'),
      retryStrategy: (attempt) => Math.min(attempt * 100, LONGEST_RECONNECT_MS),
    });
    const link = new RedisLink(client, options);
    client.on('connect', () => {
      link.connections += 1;
    });
    client.on('error', (error) => link.failed(error));
    await client.connect().catch((error: unknown) => link.failed(error));
    return link;
  }

  /** What the work gives; undefined when Redis did not answer, at once when it is known to be away. */
  async attempt<Result>(work: (client: Redis) => Promise<Result>): Promise<Result | undefined> {
    const pass = this.client.status === 'ready' ? this.breaker.enter() : undefined;
    if (pass === undefined) {
      this.failures += 1;
      return undefined;
    }
    try {
      const result = await work(this.client);
      this.breaker.succeeded(pass);
      this.answered();
      return result;
    } catch (error) {
      this.failures += 1;
      this.breaker.failed(pass);
      this.failed(error);
      return undefined;
    }
  }

  /** Which connection it is: the first, the second … Commands of one are done in the order in which they were given. */
  get connection(): number {
    return this.connections;
  }

  state(): RedisState {
    return { isUp: this.isUp, failures: this.failures };
  }

  async close(): Promise<void> {
    this.client.disconnect();
  }

  private failed(error: unknown): void {
    if (!this.isUp) return;
    this.isUp = false;
    this.logger.warn('redis_unavailable', { error, consequence: this.consequence });
  }

  private answered(): void {
    if (this.isUp) return;
    this.isUp = true;
    this.logger.info('redis_available', { failures: this.failures });
  }
}
