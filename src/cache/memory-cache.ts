import { LRUCache } from 'lru-cache';
import type { Answer } from './answer.ts';
import type { Stamp } from './tags.ts';

export interface KeptAnswer extends Answer {
  /** When the database was asked, in `Clock.monotonic()` milliseconds. */
  readonly askedAt: number;
  /** Until when it may be given, on the same clock. */
  readonly expiresAt: number;
  readonly stamp: Stamp;
}

export interface MemoryState {
  readonly answers: number;
  /** What they may take, at most. */
  readonly bytes: number;
}

/** An answer larger than this part of the whole is not kept: it would push out too many others. */
const LARGEST_PART = 1 / 16;
/** Objects, map entries, the key. */
const OVERHEAD_BYTES = 512;

/** The answers of this process, the least recently used going first. They stay when they have run out, as stale ones. */
export class MemoryCache {
  private readonly answers: LRUCache<string, KeptAnswer>;

  constructor(maxBytes: number) {
    this.answers = new LRUCache({
      maxSize: maxBytes,
      maxEntrySize: Math.floor(maxBytes * LARGEST_PART),
      // Two bytes a character where a single one is not Latin-1.
      sizeCalculation: ({ serialized, text, stamp }) =>
        2 * (serialized.length + text.length) + OVERHEAD_BYTES + 16 * stamp.names.length,
    });
  }

  get(key: string): KeptAnswer | undefined {
    return this.answers.get(key);
  }

  keep(key: string, answer: KeptAnswer): void {
    this.answers.set(key, answer);
  }

  state(): MemoryState {
    return { answers: this.answers.size, bytes: this.answers.calculatedSize };
  }
}
