import { createHash } from 'node:crypto';
import type { Changes } from '../kernel/changes.ts';
import { AuthorizationError, BusyError, NotFoundError, ValidationError } from '../kernel/errors.ts';
import type { Logger } from '../kernel/logger.ts';
import type { ReadNotes } from '../kernel/request-context.ts';
import type { ResourceWatches, Watcher } from '../kernel/resource-watches.ts';
import { batchProcess } from '../resilience/batch.ts';
import { DECIDING, storesOf } from './scopes.ts';
import { dependencies, type Stamp, Tags } from './tags.ts';

export interface WatchesOptions {
  readonly changes: Changes;
  /** The stored tables that the text of a query reads. */
  readonly tablesOf: (query: string) => readonly string[];
  /** Together; one subject may have a tenth of them. */
  readonly max: number;
  /** Milliseconds between a change and looking what came of it, in which further ones are waited for. Default 1000. */
  readonly settleMs?: number | undefined;
  readonly logger: Logger;
}

interface Watch {
  readonly watcher: Watcher;
  /** What was read last depends on this; undefined until it has been read. */
  stamp?: Stamp;
  /** A hash of it. */
  seen?: string;
}

const SETTLE_MS = 1000;
const PARTS = 10;
const FULL_SECONDS = 60;
/** Watches that are looked at in the database at once, and together before others get their turn. */
const LOOKING = { concurrency: 4, size: 100, pauseMs: 100 };

/**
 * Tells watchers that what they would read has changed, and of nothing else. A change in the database only says where to
 * look: what a table's change would tell of other stores nobody hears, since nobody is told of what makes no difference to
 * what they see.
 */
export class Watches implements ResourceWatches {
  private readonly options: WatchesOptions;
  private readonly tags = new Tags();
  private readonly watches = new Set<Watch>();
  private readonly unsubscribe: () => void;
  private timer: NodeJS.Timeout | undefined;

  constructor(options: WatchesOptions) {
    this.options = options;
    this.unsubscribe = options.changes.subscribe((change) => {
      this.tags.heard(change);
      this.lookSoon();
    });
  }

  close(): void {
    this.unsubscribe();
    clearTimeout(this.timer);
    this.watches.clear();
  }

  async watch(watcher: Watcher, begin: Watcher['read']): Promise<() => void> {
    this.requireRoom(watcher.subject);
    const watch: Watch = { watcher };
    this.watches.add(watch);
    const end = () => void this.watches.delete(watch);
    try {
      await this.look(watch, begin);
    } catch (error) {
      end();
      throw error;
    }
    // Whatever changed meanwhile may have been looked for before there was anything to compare it with.
    if (!this.holds(watch)) this.lookSoon();
    return end;
  }

  private requireRoom(subject: string): void {
    const { max } = this.options;
    const share = Math.max(1, Math.floor(max / PARTS));
    const own = [...this.watches].filter(({ watcher }) => watcher.subject === subject).length;
    if (own >= share)
      throw new ValidationError(
        `You watch ${own} resources already, and one caller may not watch more. Unsubscribe from one first.`,
      );
    if (this.watches.size >= max) throw new BusyError(`all ${max} subscriptions are taken`, FULL_SECONDS);
  }

  private lookSoon(): void {
    if (this.timer !== undefined || this.watches.size === 0) return;
    this.timer = setTimeout(() => void this.lookAtAll(), this.options.settleMs ?? SETTLE_MS).unref();
  }

  private async lookAtAll(): Promise<void> {
    const { now } = this.tags;
    const due = [...this.watches].filter((watch) => watch.stamp !== undefined && !this.holds(watch));
    const looks = await batchProcess(due, (watch) => this.lookAgain(watch), LOOKING);
    const isMissed = looks.some((look) => look.status === 'rejected' || !look.value);
    this.timer = undefined;
    if (isMissed || this.tags.now > now) this.lookSoon();
  }

  /** Whether it need not be tried again. */
  private async lookAgain(watch: Watch): Promise<boolean> {
    const { watcher, seen } = watch;
    try {
      await this.look(watch, (reads) => watcher.read(reads));
      if (watch.seen !== seen && this.watches.has(watch)) watcher.tell();
      return true;
    } catch (error) {
      this.options.logger.debug('watch_not_read', { subject: watcher.subject, error });
      // Who may not read it does not hear of it either, until something else changes.
      return error instanceof AuthorizationError || error instanceof NotFoundError;
    }
  }

  private async look(watch: Watch, read: Watcher['read']): Promise<void> {
    const since = this.tags.now;
    const reads: ReadNotes = { queries: [], scopes: [], mostRows: 0 };
    const text = await read(reads);
    const tables = new Set(reads.queries.flatMap((query) => this.options.tablesOf(query)));
    const [scope] = reads.scopes;
    const stores = scope === undefined ? undefined : storesOf(scope);
    watch.stamp = this.tags.stamp([...DECIDING, ...dependencies([...tables], stores)], since);
    watch.seen = createHash('sha256').update(text).digest('base64');
  }

  private holds({ stamp }: Watch): boolean {
    return stamp?.holds() ?? false;
  }
}
