/** Watches without a database: a test tells what changed, and sees who is watching. */
import type { ResourceWatches, Watcher } from '../../src/kernel/resource-watches.ts';

export interface FakeWatches extends ResourceWatches {
  readonly watching: ReadonlySet<Watcher>;
  /** How often it was asked to look at what somebody may have missed. */
  readonly looks: number;
}

export function fakeWatches(): FakeWatches {
  const watching = new Set<Watcher>();
  let looks = 0;
  return {
    watching,
    get looks() {
      return looks;
    },
    async watch(watcher) {
      watching.add(watcher);
      return () => watching.delete(watcher);
    },
    lookSoon() {
      looks += 1;
    },
  };
}

const EVERY_MS = 50;

/** Whatever is watched changes all the time, for whoever hears of it. */
export function restlessWatches(): ResourceWatches {
  return {
    async watch(watcher, begin) {
      await begin({ queries: [], scopes: [], mostRows: 0 });
      const timer = setInterval(() => watcher.isHeard() && watcher.tell(), EVERY_MS).unref();
      return () => clearInterval(timer);
    },
    lookSoon() {},
  };
}
