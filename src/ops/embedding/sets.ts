import type { LoaderSession } from '../../data/database.ts';
import type { EmbeddingModel } from '../../kernel/embedding.ts';
import { BusyError } from '../../kernel/errors.ts';
import { type EmbeddingSet, placeFor, replaced, type Slot } from './embedding-set.ts';
import { type LoaderDoor, loaderWork } from './loader-work.ts';
import { isAnyMissing } from './pending.ts';

const SETS = `SELECT set_id AS "setId", slot, provider, model, version, dimensions, serves,
    serves_since IS NOT NULL AND NOT serves AS "isRetired", begun_at AS "begunAt"
  FROM retail.embedding_sets ORDER BY slot`;

export function readSets(session: LoaderSession): Promise<readonly EmbeddingSet[]> {
  return session.query<EmbeddingSet>(SETS);
}

/** Until the transaction ends nobody else begins, ends or fills one of them. */
function lockSets(session: LoaderSession): Promise<readonly EmbeddingSet[]> {
  return session.query<EmbeddingSet>(`${SETS} FOR UPDATE`);
}

/** The set to make vectors of this model in, begun if need be. Throws `BusyError` when somebody else begins one just now. */
export async function openSet(
  database: LoaderDoor,
  model: EmbeddingModel,
  isWhole: boolean,
  signal: AbortSignal,
): Promise<EmbeddingSet> {
  for (;;) {
    signal.throwIfAborted();
    const place = await loaderWork(database, async (session) => {
      const found = placeFor(await lockSets(session), model, isWhole);
      if (found.set !== undefined || found.replaces !== undefined) return found;
      return { set: await beginSet(session, model, found.slot) };
    });
    if (place.set !== undefined) return place.set;
    if (place.replaces !== undefined) await deleteSet(database, place.replaces, signal);
  }
}

async function beginSet(session: LoaderSession, model: EmbeddingModel, slot: Slot): Promise<EmbeddingSet> {
  const [begun] = await session.query<Pick<EmbeddingSet, 'setId' | 'begunAt'>>(
    `INSERT INTO retail.embedding_sets (slot, provider, model, version, dimensions) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (slot) DO NOTHING RETURNING set_id AS "setId", begun_at AS "begunAt"`,
    [slot, model.provider, model.model, model.version, model.dimensions],
  );
  if (begun === undefined) throw new BusyError('another process has just begun to make vectors', 60);
  return { ...model, ...begun, slot, serves: false, isRetired: false };
}

/**
 * Lets searches use this set from here on, in place of the one before, unless it lacks a product: says whether it serves. What is
 * out of date in it is so in the one before as well. Throws `UnavailableError` when it is there no more.
 */
export function makeServe(database: LoaderDoor, { setId }: EmbeddingSet): Promise<boolean> {
  const change = async (session: LoaderSession) => {
    const set = (await lockSets(session)).find((found) => found.setId === setId);
    if (set === undefined || set.isRetired) throw replaced();
    if (set.serves) return true;
    if (await isAnyMissing(session, set.slot)) return false;
    await session.query('UPDATE retail.embedding_sets SET serves = false WHERE serves');
    await session.query(
      'UPDATE retail.embedding_sets SET serves = true, serves_since = clock_timestamp() WHERE set_id = $1',
      [setId],
    );
    return true;
  };
  // A whole set is new to the planner.
  return loaderWork(database, change, { isSmall: false });
}

/** Rows are only marked, which is quick; what makes room of them is vacuum. */
const PORTION_ROWS = 1000;

/** Deletes what has served before, also what an earlier run left of it. */
export async function deleteRetired(database: LoaderDoor, signal: AbortSignal): Promise<void> {
  const sets = await loaderWork(database, readSets);
  for (const set of sets) if (set.isRetired) await deleteSet(database, set, signal);
}

/** Portion by portion, so that nobody waits for long. A set that serves stays. */
async function deleteSet(
  database: LoaderDoor,
  { setId, slot }: EmbeddingSet,
  signal: AbortSignal,
): Promise<void> {
  const portion = async (session: LoaderSession) => {
    // Locked, so that it can't come to serve with a part of its vectors gone.
    const [set] = await session.query(
      'SELECT 1 FROM retail.embedding_sets WHERE set_id = $1 AND NOT serves FOR UPDATE',
      [setId],
    );
    if (set === undefined) return 0;
    const { length } = await session.query(
      `DELETE FROM retail.product_description_embeddings WHERE slot = $1 AND product_id IN
         (SELECT product_id FROM retail.product_description_embeddings WHERE slot = $1 LIMIT ${PORTION_ROWS})
       RETURNING 1`,
      [slot],
    );
    if (length < PORTION_ROWS)
      await session.query('DELETE FROM retail.embedding_sets WHERE set_id = $1', [setId]);
    return length;
  };
  let deleted: number;
  do {
    signal.throwIfAborted();
    deleted = await loaderWork(database, portion);
  } while (deleted === PORTION_ROWS);
}
