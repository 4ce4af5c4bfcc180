import type { ReadNotes } from './request-context.ts';

/** Somebody who wants to hear when a resource changes for them. */
export interface Watcher {
  readonly subject: string;
  /** What they would read now, as text; what of the database it depends on is noted. Throws when they may not, or can't. */
  read(reads: ReadNotes): Promise<string>;
  /** Whether they hear what they are told. While they do not, nothing is read for them. */
  isHeard(): boolean;
  /** Told that they would read something else than when last looked. */
  tell(): void;
}

export interface ResourceWatches {
  /**
   * Resolves once changes are heard, with how to end that; `begin` is the first reading. Throws what that throws,
   * `ValidationError` when the subject watches too much already, `BusyError` when all do together.
   */
  watch(watcher: Watcher, begin: Watcher['read']): Promise<() => void>;
  /** Somebody hears again: what changed meanwhile is looked at. */
  lookSoon(): void;
}
