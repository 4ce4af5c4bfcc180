/** Mixes two 32-bit numbers into one, all bits depending on all bits (the finisher of MurmurHash3). */
export function mix(left: number, right: number): number {
  let h = Math.imul(left ^ Math.imul(right, 0x9e3779b1), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  return (h ^ (h >>> 15)) >>> 0;
}

/** The text as a 32-bit number (FNV-1a). */
function textHash(text: string): number {
  let h = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) h = Math.imul(h ^ text.charCodeAt(index), 0x01000193);
  return h >>> 0;
}

/**
 * Pseudo-random numbers by sfc32 (Doty-Humphrey): the same seed and purpose give the same sequence on every machine.
 * Each purpose has a sequence of its own, so that more draws for one leave the others as they were.
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(seed: number, purpose: string) {
    this.#a = seed | 0;
    this.#b = Math.floor(seed / 2 ** 32) | 0;
    this.#c = textHash(purpose) | 0;
    for (let round = 0; round < 15; round += 1) this.uint32();
  }

  /** 0 … 2^32 - 1. */
  uint32(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** 0 up to, not including, 1. */
  unit(): number {
    return this.uint32() / 2 ** 32;
  }

  /** True this often, 0 … 1. */
  chance(probability: number): boolean {
    return this.unit() < probability;
  }

  /** A whole number, both ends included. */
  between(low: number, high: number): number {
    return low + Math.floor(this.unit() * (high - low + 1));
  }

  /** A number from low up to high. */
  within(low: number, high: number): number {
    return low + this.unit() * (high - low);
  }

  pick<Item>(items: readonly [Item, ...Item[]]): Item {
    return items[Math.floor(this.unit() * items.length)] ?? items[0];
  }

  /** Normally distributed, mean 0, deviation 1 (Box and Muller). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.unit())) * Math.cos(2 * Math.PI * this.unit());
  }

  /** 0, 1, 2 …, geometrically distributed with this mean. */
  geometric(mean: number): number {
    return Math.floor(Math.log(1 - this.unit()) / Math.log(mean / (mean + 1)));
  }
}

/** A power of a positive number. `**` with a fraction may differ in the last bit from one engine to the next. */
export function power(base: number, exponent: number): number {
  return Math.exp(exponent * Math.log(base));
}

/** Running sums of weights, for `Choice` and for picks among the first few. */
export function runningSums(weights: Iterable<number>): Float64Array {
  let sum = 0;
  return Float64Array.from(weights, (weight) => {
    sum += weight;
    return sum;
  });
}

/** The first index whose running sum is above `point`; only the first `count` are looked at. */
export function indexAbove(sums: Float64Array, point: number, count = sums.length): number {
  let low = 0;
  let high = count - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sums[middle] ?? 0) > point) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Picks indexes by weight. */
export class Choice {
  readonly #sums: Float64Array;

  constructor(weights: Iterable<number>) {
    this.#sums = runningSums(weights);
  }

  pick(random: Random): number {
    return indexAbove(this.#sums, random.unit() * (this.#sums.at(-1) ?? 0));
  }
}
