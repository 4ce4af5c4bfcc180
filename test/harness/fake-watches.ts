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
