import { EMBEDDING_WIDTH, type Embedding } from '../kernel/embedding.ts';
import type { Features } from './local-features.ts';

/** The first two places: what all texts share, and what texts of nothing share. The others are those of features. */
const SHARED = 0;
const NOTHING = 1;
const RESERVED = 2;

/**
 * Cosine of two texts that have nothing in common. Raising all cosines alike changes no order. It puts them on the scale on which
 * thresholds of similarity are thought of: without it texts of a few words, of which half are found, would come out at 30 %.
 */
const FLOOR = 0.2;

/**
 * The features in as many places as there are, some sharing one ("feature hashing"): place and sign come from the hash, so that what
 * meets by chance adds up to nothing on average. Unit length. A text without features is like others of its kind and like nothing else.
 */
export function vectorOf(features: Features): Embedding {
  const sums = new Float64Array(EMBEDDING_WIDTH);
  for (const [hash, strength] of features) {
    // From the upper bits the place, from the lowest the sign.
    const place = RESERVED + Math.floor((hash / 2 ** 32) * (EMBEDDING_WIDTH - RESERVED));
    sums[place] = (sums[place] ?? 0) + (hash % 2 === 0 ? strength : -strength);
  }
  const length = Math.sqrt(sums.reduce((sum, value) => sum + value * value, 0));
  const vector = new Float32Array(EMBEDDING_WIDTH);
  if (length === 0) {
    vector[NOTHING] = 1;
    return vector;
  }
  const scale = Math.sqrt(1 - FLOOR) / length;
  sums.forEach((value, place) => {
    vector[place] = value * scale;
  });
  vector[SHARED] = Math.sqrt(FLOOR);
  return vector;
}
