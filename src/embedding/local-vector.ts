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
 * The features in as many places as there are, some sharing one ("feature hashing"): the hash tells the place, and by its lowest bit
 * the sign, so that what meets by chance adds up to nothing on average. Unit length. A text without features is like others of its kind and like nothing else.
 */
export function vectorOf(features: Features): Embedding {
  const vector = new Float32Array(EMBEDDING_WIDTH);
  for (const [hash, amount] of features) {
    const place = RESERVED + ((hash >>> 1) % (EMBEDDING_WIDTH - RESERVED));
    // What is repeated counts less each time, as a root does.
    const strength = Math.sqrt(amount);
    vector[place] = (vector[place] ?? 0) + (hash & 1 ? strength : -strength);
  }
  let squares = 0;
  for (const value of vector) squares += value * value;
  if (squares === 0) {
    vector[NOTHING] = 1;
    return vector;
  }
  const scale = Math.sqrt((1 - FLOOR) / squares);
  for (let place = RESERVED; place < EMBEDDING_WIDTH; place += 1)
    vector[place] = (vector[place] ?? 0) * scale;
  vector[SHARED] = Math.sqrt(FLOOR);
  return vector;
}
