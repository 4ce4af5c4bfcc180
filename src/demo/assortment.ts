import { CATALOGUE } from './catalogue/index.ts';
import { monthFactor } from './demand.ts';
import { Choice, power, Random } from './random.ts';
import type { Product } from './reference.ts';
import { STORES } from './stores.ts';

/** From this price on (in cents) people buy one, seldom two. */
const BIG_TICKET = 20_000;
const SECOND_BIG_TICKET = 0.06;
/** Pieces beyond the first of everything else, on average, in a store whose order value is 1. */
const EXTRA_PIECES = 0.6;
const MOST_PIECES = 24;

/** What is bought, and how many of it. */
export class Assortment {
  readonly #products: readonly Product[];
  /** Places in `products`, per category. */
  readonly #places: readonly (readonly number[])[];
  readonly #inCategory: readonly Choice[];
  /** Categories, per month. */
  readonly #inMonth: readonly Choice[];
  readonly #extraPieces: readonly number[];
  /** How well each product sells, as a share of all lines of an average month. */
  readonly popularity: Float64Array;

  constructor(products: readonly Product[], seed: number) {
    this.#products = products;
    const random = new Random(seed, 'popularity');
    const weights = Float64Array.from(
      products,
      ({ priceCents }) => power(random.unit() + 0.12, 1.6) / power(priceCents, 0.3),
    );
    this.#places = CATALOGUE.map((_, category) =>
      products.flatMap((product, place) => (product.category === category ? [place] : [])),
    );
    this.#inCategory = this.#places.map((places) => new Choice(places.map((place) => weights[place] ?? 0)));
    this.#inMonth = Array.from(
      { length: 12 },
      (_, month) => new Choice(CATALOGUE.map(({ share }, category) => share * monthFactor(category, month))),
    );
    this.popularity = Float64Array.from(products, ({ category }, place) => {
      const all = this.#places[category]?.reduce((sum, other) => sum + (weights[other] ?? 0), 0) ?? 1;
      return ((weights[place] ?? 0) / all) * (CATALOGUE[category]?.share ?? 0);
    });
    this.#extraPieces = this.#solveExtraPieces();
  }

  /**
   * How many pieces more than one make an order of each store worth its multiple of a store of 1. A line is worth
   * small × (1 + extra) + big on average, where small and big are what one piece of either kind brings in.
   */
  #solveExtraPieces(): readonly number[] {
    let small = 0;
    let big = 0;
    for (const [place, { priceCents }] of this.#products.entries()) {
      const value = (this.popularity[place] ?? 0) * priceCents;
      if (priceCents < BIG_TICKET) small += value;
      else big += value * (1 + SECOND_BIG_TICKET);
    }
    const standard = small * (1 + EXTRA_PIECES) + big;
    return STORES.map(({ orderValue }) => Math.max(0.02, (orderValue * standard - big) / small - 1));
  }

  /** A product for sale at this time, in this month (0 … 11). */
  pick(month: number, time: number, random: Random): Product | undefined {
    for (let attempt = 0; attempt < 8; attempt += 1) {
      const category = this.#inMonth[month]?.pick(random) ?? 0;
      const place = this.#places[category]?.[this.#inCategory[category]?.pick(random) ?? 0] ?? 0;
      const product = this.#products[place];
      if (product !== undefined && product.soldUntil > time) return product;
    }
    return this.#products[0];
  }

  /** How many of it a customer of this store (an index of STORES) takes. */
  pieces(product: Product, store: number, random: Random): number {
    if (product.priceCents >= BIG_TICKET) return random.chance(SECOND_BIG_TICKET) ? 2 : 1;
    return Math.min(MOST_PIECES, 1 + random.geometric(this.#extraPieces[store] ?? EXTRA_PIECES));
  }
}
