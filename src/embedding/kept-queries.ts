import { createHash } from 'node:crypto';
import { Flights } from '../cache/flights.ts';
import { type Clock, systemClock } from '../kernel/clock.ts';
import type { Embedder, Embedding } from '../kernel/embedding.ts';
import { TimeoutError } from '../kernel/errors.ts';
import { cleanText } from './clean-text.ts';
import type { QueryVectors } from './query-vectors.ts';
import { withinTime } from './time-limit.ts';

/**
 * What came of asking the provider, for all who wait. A failure is a value here: one that was thrown would be taken for the fate of
 * the first alone where it is a timeout, and each of the others would try again, one after the other.
 */
type Obtained = { readonly vector: Embedding } | { readonly error: unknown };

/** There are no changes that a vector could be from before. */
const SINCE = 0;

/**
 * The embedder, which is asked once for what several search for at the same time, or again within seven days. `address` is where
 * its model is: two servers may call different models alike. Failures are not kept.
 */
export function keepQueries(
  embedder: Embedder,
  vectors: QueryVectors,
  address: string,
  clock: Clock = systemClock,
): Embedder {
  const flights = new Flights<Obtained>();
  const { provider, model, version, dimensions } = embedder.model;
  const obtain = async (key: string, text: string, signal: AbortSignal): Promise<Obtained> => {
    try {
      const kept = await vectors.find(key, dimensions);
      if (kept !== undefined) return { vector: kept };
      const vector = await embedder.embedQuery(text, { signal });
      await vectors.keep(key, vector);
      return { vector };
    } catch (error) {
      return { error };
    }
  };
  return {
    ...embedder,
    async embedQuery(text, { signal, deadline = Number.POSITIVE_INFINITY }) {
      const cleaned = cleanText(text);
      const identity = JSON.stringify([provider, address, model, version, dimensions, cleaned]);
      const key = createHash('sha256').update(identity).digest('base64url');
      const join = async (own: AbortSignal) =>
        (await flights.join(key, SINCE, own, (work) => obtain(key, cleaned, work))).value;
      const late = () =>
        new TimeoutError('The embedding provider took too long for the words of this search.');
      // Each waits as long as it may itself, and the request goes on for the others.
      const obtained = await withinTime(join, signal, deadline - clock.monotonic(), late);
      if ('error' in obtained) throw obtained.error;
      return obtained.vector.slice();
    },
  };
}
