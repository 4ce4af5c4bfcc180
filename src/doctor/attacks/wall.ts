import type { ScopedQuery } from '../../data/database.ts';

/** All that a caller gets to see of one statement. */
export interface Answer {
  /** The bytes themselves: whatever leaks, leaks here. */
  readonly bytes: string;
  readonly rows: readonly (readonly unknown[])[];
  /** Stable code of the failure, and PostgreSQL's where it failed there. */
  readonly failure?: { readonly code: string; readonly sqlstate?: string };
}

/** How statements are run; rolled back, and with the time that this database gives, unless it says otherwise. */
export type Manner = Pick<ScopedQuery, 'rollBack' | 'timeoutMs'>;

export const ROLLED_BACK: Manner = { rollBack: true };

export type WallName = 'guard on' | 'guard off';

/** A way in, as the attacker has it. */
export interface Wall {
  readonly name: WallName;
  /**
   * Sends the statements of one request, one after another until one fails; returns the answers. With the guard on each
   * is a call of its own.
   */
  send(who: 'own' | 'other', statements: readonly string[], manner?: Manner): Promise<readonly Answer[]>;
}
