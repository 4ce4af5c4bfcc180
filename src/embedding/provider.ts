import { type Clock, systemClock } from '../kernel/clock.ts';
import type { Logger } from '../kernel/logger.ts';
import { CircuitBreaker, type CircuitState } from '../resilience/circuit-breaker.ts';
import type { Ask, Endpoint } from './endpoint.ts';

export interface ProviderOptions {
  readonly endpoint: Endpoint;
  readonly logger: Logger;
  readonly clock?: Clock;
}

/**
 * One place that texts are sent to. Queries and documents have a breaker each: a hundred texts that take too long say nothing of
 * one, and a search that works must not keep loading at a door that is closed to it.
 */
export class Provider {
  readonly endpoint: Endpoint;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly queries: CircuitBreaker;
  readonly documents: CircuitBreaker;
  private connection: Promise<Ask> | undefined;

  constructor({ endpoint, logger, clock = systemClock }: ProviderOptions) {
    this.endpoint = endpoint;
    this.logger = logger;
    this.clock = clock;
    this.queries = this.breaker('queries');
    this.documents = this.breaker('documents');
  }

  /** Made once, when somebody first asks. Throws `ConfigurationError` when something is missing on this machine. */
  connect(): Promise<Ask> {
    this.connection ??= this.endpoint.connect().catch((error: unknown) => {
      this.connection = undefined;
      throw error;
    });
    return this.connection;
  }

  private breaker(work: string): CircuitBreaker {
    const onChange = (state: CircuitState) => {
      const { url } = this.endpoint;
      if (state === 'open') this.logger.warn('embedding_circuit_open', { url, work });
      else if (state === 'closed') this.logger.info('embedding_circuit_closed', { url, work });
      else this.logger.debug('embedding_circuit_half_open', { url, work });
    };
    // It may be away, slow, or answer nonsense.
    const named = { part: 'The embedding provider', plight: 'keeps failing' };
    return new CircuitBreaker({ ...named, clock: this.clock, onChange });
  }
}
