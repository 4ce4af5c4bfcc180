import { Random } from '../../src/demo/random.ts';
import { EMBEDDING_WIDTH, type Embedding } from '../../src/kernel/embedding.ts';

/**
 * Products without a model: a vector is the sum of directions, one for each thing that a product is (its kind, material, brand,
 * use), of what all texts share, and of noise. So neighbours share some of these, groups overlap, and variance decays over the axes,
 * as in vectors of real texts; independent coordinates or groups far apart would be far easier for an index, or impossible.
 */
const FACETS = { kind: 400, material: 40, brand: 300, use: 200 } as const;
type Facet = keyof typeof FACETS;
const NAMES = Object.keys(FACETS) as readonly Facet[];
const KINDS_OF_A_TYPE = 4;
export const TYPES = FACETS.kind / KINDS_OF_A_TYPE;

/** Shares of a vector's square: what all have, kind, each other facet, what is the product's own, noise alike on all axes. */
interface Shares {
  readonly all: number;
  readonly kind: number;
  readonly facet: number;
  readonly own: number;
  readonly noise: number;
}
const PRODUCT: Shares = { all: 0.2, kind: 0.2, facet: 0.1, own: 0.2, noise: 0.1 };
/** Someone's words for a product say less about it than its description. */
const QUERY: Shares = { all: 0.15, kind: 0.2, facet: 0.1, own: 0.15, noise: 0.2 };

/** Weights of the axes of one direction. */
const DECAY = 0.3;
const GAUSSIANS = 65_536;

export interface MadeUp {
  /** 0 … TYPES - 1. */
  readonly type: number;
  /** One for each facet. */
  readonly words: readonly string[];
  readonly vector: Embedding;
}

export class MadeUpCatalogue {
  private readonly gaussians: Float32Array;
  private readonly weights: Float32Array;
  private readonly all: Float32Array;
  private readonly directions: Readonly<Record<Facet, readonly Float32Array[]>>;

  constructor() {
    const random = new Random(1, 'gaussians');
    // Box and Muller.
    this.gaussians = Float32Array.from(
      { length: GAUSSIANS },
      () => Math.sqrt(-2 * Math.log(1 - random.unit())) * Math.cos(2 * Math.PI * random.unit()),
    );
    const weights = Array.from({ length: EMBEDDING_WIDTH }, (_, axis) => (axis + 1) ** -DECAY);
    this.weights = Float32Array.from(weights, (weight) => weight / Math.hypot(...weights));
    const directions = new Random(1, 'directions');
    this.all = this.direction(directions, 0);
    this.directions = {
      kind: this.many(directions, FACETS.kind),
      material: this.many(directions, FACETS.material),
      brand: this.many(directions, FACETS.brand),
      use: this.many(directions, FACETS.use),
    };
  }

  products(count: number): Generator<MadeUp> {
    return this.made(count, PRODUCT, new Random(1, 'products'));
  }

  queries(count: number): Generator<MadeUp> {
    return this.made(count, QUERY, new Random(1, 'queries'));
  }

  private *made(count: number, shares: Shares, random: Random): Generator<MadeUp> {
    for (let n = 0; n < count; n += 1) {
      // Some of each are much more frequent than others.
      const places = NAMES.map((name) => Math.floor(FACETS[name] * random.unit() ** 1.5));
      const kind = places[0] ?? 0;
      yield {
        type: Math.floor(kind / KINDS_OF_A_TYPE),
        words: places.map((place, index) => `${NAMES[index]}${inLetters(place)}`),
        vector: this.vector(places, shares, random),
      };
    }
  }

  private vector(places: readonly number[], shares: Shares, random: Random): Embedding {
    const parts: (readonly [Float32Array, number])[] = places.map((place, index) => {
      const name = NAMES[index] ?? 'kind';
      return [this.directions[name][place] ?? this.all, name === 'kind' ? shares.kind : shares.facet];
    });
    parts.push([this.all, shares.all]);
    // What is a product's own varies most along other axes with each kind.
    parts.push([this.direction(random, (places[0] ?? 0) * 7), shares.own]);
    const vector = new Float32Array(EMBEDDING_WIDTH);
    const noise = Math.sqrt(shares.noise / EMBEDDING_WIDTH);
    for (let axis = 0; axis < EMBEDDING_WIDTH; axis += 1) vector[axis] = this.gaussian(random) * noise;
    for (const [direction, share] of parts) {
      const size = Math.sqrt(share);
      for (let axis = 0; axis < EMBEDDING_WIDTH; axis += 1) {
        vector[axis] = (vector[axis] ?? 0) + (direction[axis] ?? 0) * size;
      }
    }
    const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
    return vector.map((value) => value / length);
  }

  private many(random: Random, count: number): readonly Float32Array[] {
    return Array.from({ length: count }, () => this.direction(random, 0));
  }

  private direction(random: Random, offset: number): Float32Array {
    const vector = new Float32Array(EMBEDDING_WIDTH);
    for (let axis = 0; axis < EMBEDDING_WIDTH; axis += 1) {
      vector[(axis + offset) % EMBEDDING_WIDTH] = this.gaussian(random) * (this.weights[axis] ?? 0);
    }
    return vector;
  }

  private gaussian(random: Random): number {
    return this.gaussians[random.uint32() % GAUSSIANS] ?? 0;
  }
}

/** 0 a, 1 b … 27 bb: words without digits. */
function inLetters(n: number): string {
  const letter = String.fromCharCode(97 + (n % 26));
  return n < 26 ? letter : inLetters(Math.floor(n / 26)) + letter;
}
