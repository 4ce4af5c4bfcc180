import type { LoaderSession } from '../../data/database.ts';
import type { Embedder, EmbeddingModel } from '../../kernel/embedding.ts';
import { placeFor } from './embedding-set.ts';
import { type LoaderDoor, loaderWork } from './loader-work.ts';
import { countPending } from './pending.ts';
import { readSets } from './sets.ts';

/** What making the vectors of a model comes to, before any is made. */
export interface EmbeddingPlan {
  readonly model: EmbeddingModel;
  /** Where they go: into the set that serves, a new one, or one that was begun before; both of these serve when complete. */
  readonly set: 'serving' | 'begun' | 'new';
  /** Products whose vectors are to be made. */
  readonly products: number;
  readonly upToDate: number;
  /** Estimated. */
  readonly tokens: number;
  /** US dollars, estimated; undefined where the price is not known. */
  readonly cost: number | undefined;
  /** There is nothing to be done at all. */
  readonly isDone: boolean;
}

export function planEmbeddings(
  database: LoaderDoor,
  { model, pricePerMillionTokens: price }: Embedder,
  isWhole: boolean,
): Promise<EmbeddingPlan> {
  return loaderWork(database, async (session: LoaderSession) => {
    const sets = await readSets(session);
    const { set } = placeFor(sets, model, isWhole);
    const { products, upToDate, tokens } = await countPending(session, set?.slot);
    // A set of no products does not come to serve: searches would find it half made once there are some.
    const isComplete = products === 0 && (upToDate === 0 || set?.serves === true);
    return {
      model,
      set: set === undefined ? 'new' : set.serves ? 'serving' : 'begun',
      products,
      upToDate,
      tokens,
      cost: price === undefined ? undefined : (tokens / 1e6) * price,
      isDone: isComplete && !sets.some(({ isRetired }) => isRetired),
    };
  });
}
