import { createHash } from 'node:crypto';
import type { Changes } from '../kernel/changes.ts';
import { BusyError, UnavailableError, ValidationError } from '../kernel/errors.ts';
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

/** What was read once. */
interface Sight {
  /** What it depends on. */
  readonly stamp: Stamp;
  readonly hash: string;
}

interface Watch {
  readonly watcher: Watcher;
  /** What the watcher knows of; undefined until it has been read. */
  known?: Sight;
}

const SETTLE_MS = 1000;
const PARTS = 10;
const FULL_SECONDS = 60;
/** What could not be read because the database was away is looked at again, at last so many doublings later. */
const MOST_DOUBLINGS = 5;
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
  /** A look is due, or going on. */
  private isLooking = false;
  private isAskedAgain = false;
  /** Looks in a row that left something out. */
  private misses = 0;

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
      watch.known = await this.look(begin);
    } catch (error) {
      end();
      throw error;
    }
    // Whatever changed meanwhile may have been looked for before there was anything to compare it with.
    if (isDue(watch)) this.lookSoon();
    return end;
  }

  lookSoon(): void {
    if (this.watches.size === 0) return;
    if (this.isLooking) {
      this.isAskedAgain = true;
      return;
    }
    this.isLooking = true;
    const waitMs = (this.options.settleMs ?? SETTLE_MS) * 2 ** Math.min(this.misses, MOST_DOUBLINGS);
    this.timer = setTimeout(() => void this.lookAtAll(), waitMs).unref();
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

  private async lookAtAll(): Promise<void> {
    this.isAskedAgain = false; // by now; what is asked from here on is for the next look
    const due = [...this.watches].filter(isDue);
    const looks = await batchProcess(inTurns(due), (watch) => this.lookAgain(watch), LOOKING);
    const isMissed = looks.some((look) => look.status === 'rejected' || !look.value);
    this.misses = isMissed ? this.misses + 1 : 0;
    this.isLooking = false;
    if (isMissed || this.isAskedAgain) this.lookSoon();
  }

  /** Whether it need not be tried again. */
  private async lookAgain(watch: Watch): Promise<boolean> {
    const { watcher, known } = watch;
    try {
      const sight = await this.look((reads) => watcher.read(reads));
      // Who has gone meanwhile is due as before, once they are back.
      if (!watcher.isHeard()) return true;
      watch.known = sight;
      if (sight.hash !== known?.hash && this.watches.has(watch)) watcher.tell();
      return true;
    } catch (error) {
      this.options.logger.debug('watch_not_read', { subject: watcher.subject, error });
      // The others, and whoever may not read it, hear of it when something else changes.
      return !(error instanceof UnavailableError || error instanceof BusyError);
    }
  }

  private async look(read: Watcher['read']): Promise<Sight> {
    const since = this.tags.now;
    const reads: ReadNotes = { queries: [], scopes: [], mostRows: 0 };
    const text = await read(reads);
    const tables = new Set(reads.queries.flatMap((query) => this.options.tablesOf(query)));
    const [scope] = reads.scopes;
    const stores = scope === undefined ? undefined : storesOf(scope);
    return {
      stamp: this.tags.stamp([...DECIDING, ...dependencies([...tables], stores)], since),
      hash: createHash('sha256').update(text).digest('base64'),
    };
  }
}

/** Whether what is known of it may have changed, and somebody would hear of that. */
function isDue({ watcher, known }: Watch): boolean {
  return known !== undefined && !known.stamp.holds() && watcher.isHeard();
}

/** One of each subject, then the second of each: nobody's many hold up another's few. */
function inTurns(watches: readonly Watch[]): readonly Watch[] {
  const bySubject = [...Map.groupBy(watches, ({ watcher }) => watcher.subject).values()];
  const most = Math.max(0, ...bySubject.map(({ length }) => length));
  return Array.from({ length: most }, (_, turn) => bySubject.flatMap((own) => own[turn] ?? [])).flat();
}
