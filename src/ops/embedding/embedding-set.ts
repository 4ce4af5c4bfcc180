import { type EmbeddingModel, isSameModel } from '../../kernel/embedding.ts';
import { UnavailableError } from '../../kernel/errors.ts';

/** Vectors of one model, and the slot that they lie in. */
export interface EmbeddingSet extends EmbeddingModel {
  readonly setId: string;
  readonly slot: Slot;
  /** Searches use it. */
  readonly serves: boolean;
  /** It has served and another one does now: what is left of it is to be deleted. */
  readonly isRetired: boolean;
  /** By the database's clock. */
  readonly begunAt: Date;
}

export type Slot = 0 | 1;

/** Where vectors of a model belong: a set that is there, or a new one, for which another may have to go first. */
export type Place =
  | { readonly set: EmbeddingSet }
  | { readonly set: undefined; readonly slot: Slot; readonly replaces: EmbeddingSet | undefined };

/** With `isWhole` another set than the one that serves, whatever its model is: one that was begun before is gone on with. */
export function placeFor(sets: readonly EmbeddingSet[], model: EmbeddingModel, isWhole: boolean): Place {
  const serving = sets.find(({ serves }) => serves);
  if (serving !== undefined && isSameModel(serving, model) && !isWhole) return { set: serving };
  const begun = sets.find((set) => !set.serves && !set.isRetired && isSameModel(set, model));
  if (begun !== undefined) return { set: begun };
  const taken = new Set(sets.map(({ slot }) => slot));
  const free = ([0, 1] as const).find((slot) => !taken.has(slot));
  const replaces = free === undefined ? sets.find(({ serves }) => !serves) : undefined;
  return { set: undefined, slot: free ?? replaces?.slot ?? 0, replaces };
}

export function replaced(): UnavailableError {
  return new UnavailableError(
    'The set of vectors was replaced by another process meanwhile. Servers and commands on one database should name the same embedding model.',
  );
}
