import type { Pool, PoolClient } from 'pg';
import { type ContextKey, contextMinter, type MintContext } from './context-token.ts';

/** Milliseconds within which a running server picks up a key that was rotated elsewhere. */
const REFRESH_MS = 5000;

/** A login's password comes of the key: one that is refused may have been rotated a moment ago. */
export async function connectWith(pool: Pool, keys: KeyRing): Promise<PoolClient> {
  try {
    return await pool.connect();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === '28P01')) throw error;
    await keys.refresh();
    return pool.connect();
  }
}

/** The key that contexts are signed with at the moment. Whoever rotates keys need not restart the servers. */
export class KeyRing {
  private readonly read: (() => Promise<ContextKey>) | undefined;
  private key: ContextKey;
  private signer: MintContext;
  private reading: Promise<void> | undefined;
  private readonly watch: NodeJS.Timeout | undefined;

  /** `read` tells the key in force, and is asked every few seconds; without it nobody else can rotate keys. */
  constructor(first: ContextKey, read?: () => Promise<ContextKey>) {
    this.key = first;
    this.signer = contextMinter(first);
    this.read = read;
    // What fails is tried again; a key that is gone is noticed by its first use.
    if (read !== undefined)
      this.watch = setInterval(() => void this.refresh().catch(() => {}), REFRESH_MS).unref();
  }

  get current(): ContextKey {
    return this.key;
  }

  readonly mint: MintContext = (...claims) => this.signer(...claims);

  use(key: ContextKey): void {
    this.signer = contextMinter(key);
    this.key = key;
  }

  /** Reads the key anew; callers at the same time share one look. */
  refresh(): Promise<void> {
    this.reading ??= this.look().finally(() => {
      this.reading = undefined;
    });
    return this.reading;
  }

  close(): void {
    clearInterval(this.watch);
  }

  private async look(): Promise<void> {
    if (this.read !== undefined) this.use(await this.read());
  }
}
