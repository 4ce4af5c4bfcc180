import { randomBytes } from 'node:crypto';
import { setTimeout as setTimeoutPromise } from 'node:timers/promises';
import type { Client } from 'pg';
import { STALENESS_BOUND_MS } from '../../kernel/changes.ts';
import { UnavailableError } from '../../kernel/errors.ts';
import type { Logger } from '../../kernel/logger.ts';
import { within } from '../../kernel/within.ts';
import { closeSocket } from '../close-socket.ts';
import { CHANNEL, type ChangeFeed, changeOf } from './feed.ts';

const BEAT_MS = 1000;
const RETRY_MS = 250;

interface ChangeListenerOptions {
  /** A session of its own: through a pooler that shares sessions nothing is heard, and so nothing is current. */
  readonly connect: () => Promise<Client>;
  readonly feed: ChangeFeed;
  readonly logger: Logger;
}

/**
 * Listens to a server's changes on a connection of its own. Every second it notifies itself: PostgreSQL delivers
 * notifications in the order of commits, so when that beat comes back, everything that was committed before it was sent has
 * been heard. A connection that is lost, or says nothing, is replaced, and then anything may have changed.
 */
export class ChangeListener {
  private readonly options: ChangeListenerOptions;
  private readonly ending = new AbortController();
  private heardUntil = Number.NEGATIVE_INFINITY;
  private running: Promise<void> | undefined;
  private isLost = false;

  constructor(options: ChangeListenerOptions) {
    this.options = options;
  }

  start(): void {
    this.running ??= this.run();
  }

  isCurrent(): boolean {
    return performance.now() - this.heardUntil <= STALENESS_BOUND_MS;
  }

  async close(): Promise<void> {
    this.ending.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.ending;
    while (!signal.aborted) {
      await this.listen().catch((error: unknown) => this.lost(error));
      await pause(RETRY_MS * (1 + Math.random()), signal); // so that not all servers come back at once
    }
  }

  /** Until the connection is lost, which it throws, or the listener closed. */
  private async listen(): Promise<void> {
    const { signal } = this.ending;
    const client = await this.options.connect();
    const gone = new AbortController();
    const beats = `aisle_beat_${randomBytes(8).toString('hex')}`;
    let onBeat = () => {};
    client.on('end', () => {
      this.heardUntil = Number.NEGATIVE_INFINITY;
      gone.abort(new UnavailableError('The connection that listens to changes was lost.'));
    });
    client.on('notification', ({ channel, payload = '' }) => {
      if (channel === beats) onBeat();
      else this.options.feed.tell(changeOf(payload));
    });
    const beat = async () => {
      const { promise: heard, resolve } = Promise.withResolvers<void>();
      onBeat = resolve;
      await within(Promise.all([client.query(`NOTIFY ${beats}`), heard]), STALENESS_BOUND_MS, silent);
    };
    try {
      await client.query(`SET idle_session_timeout = 0; LISTEN ${CHANNEL}; LISTEN ${beats}`);
      for (let isFirst = true; !signal.aborted; isFirst = false) {
        gone.signal.throwIfAborted();
        const sent = performance.now();
        await beat();
        if (isFirst) this.begun();
        this.heardUntil = sent;
        await pause(BEAT_MS, AbortSignal.any([signal, gone.signal]));
      }
    } finally {
      this.heardUntil = Number.NEGATIVE_INFINITY;
      void client.end().catch(() => {});
      // A server that is silent would not answer the farewell either.
      if (!signal.aborted) closeSocket(client);
    }
  }

  private begun(): void {
    this.options.feed.tell({});
    if (this.isLost) this.options.logger.info('change_listener_back');
    this.isLost = false;
  }

  private lost(error: unknown): void {
    if (this.isLost || this.ending.signal.aborted) return;
    this.isLost = true;
    this.options.logger.warn('change_listener_lost', {
      error,
      consequence: 'nothing is answered from the cache until it is back',
    });
  }
}

function silent(): UnavailableError {
  return new UnavailableError('The connection that listens to changes does not hear itself.');
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await setTimeoutPromise(ms, undefined, { signal, ref: false }).catch(() => {});
}
