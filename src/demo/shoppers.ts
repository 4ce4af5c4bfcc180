import { customers } from './customers.ts';
import type { DemoOptions } from './demo-options.ts';
import { indexAbove, type Random } from './random.ts';
import { STORES } from './stores.ts';

/** Share of customers who buy something soon after they sign up. */
const FIRST_PURCHASES = 0.85;
/** How often another customer is looked for when the one found has stopped coming. */
const TRIES = 6;

/** The customers of one store, in the order of sign-up. */
interface Shoppers {
  readonly createdAt: Float64Array;
  readonly lapsesAt: Float64Array;
  /** Running sums of activity. */
  readonly activity: Float64Array;
  /** Their places in `ids`. */
  readonly places: Uint32Array;
  /** How many had signed up when the last order came. */
  known: number;
  /** The next one to make a first purchase. */
  next: number;
  /** How often an order is somebody's first purchase. */
  readonly firstPurchases: number;
}

export interface Shopper {
  /** Counts all customers from 0. */
  readonly place: number;
  readonly id: string;
  readonly firstName: number;
}

/**
 * Decides who orders. A few customers make most of the orders, some stop coming, some never buy. Its size grows with the
 * customers, about 100 bytes each, and not with the orders.
 */
export class ShopperBook {
  readonly #stores: readonly Shoppers[];
  readonly #ids: string[] = [];
  readonly #firstNames: Uint16Array;

  constructor(options: DemoOptions) {
    this.#firstNames = new Uint16Array(options.customers);
    const found = STORES.map(() => ({
      createdAt: [] as number[],
      lapsesAt: [] as number[],
      activity: [] as number[],
      places: [] as number[],
    }));
    let place = 0;
    for (const customer of customers(options)) {
      const store = found[customer.store];
      store?.createdAt.push(customer.createdAt);
      store?.lapsesAt.push(customer.lapsesAt);
      store?.activity.push((store.activity.at(-1) ?? 0) + customer.activity);
      store?.places.push(place);
      this.#ids.push(customer.id);
      this.#firstNames[place] = customer.firstName;
      place += 1;
    }
    const weights = STORES.reduce((sum, { customerWeight }) => sum + customerWeight, 0);
    const average =
      STORES.reduce((sum, store) => sum + store.customerWeight * store.orderFrequency, 0) / weights;
    const usual = (FIRST_PURCHASES * options.customers) / Math.max(options.orders, 1);
    this.#stores = found.map((store, index) => ({
      createdAt: Float64Array.from(store.createdAt),
      lapsesAt: Float64Array.from(store.lapsesAt),
      activity: Float64Array.from(store.activity),
      places: Uint32Array.from(store.places),
      known: 0,
      next: 0,
      firstPurchases: Math.min(0.6, (usual * average) / (STORES[index]?.orderFrequency ?? average)),
    }));
  }

  /** Who orders in this store (an index of STORES) at this time. Times must not go back. */
  pick(store: number, time: number, random: Random): Shopper | undefined {
    const shoppers = this.#stores[store];
    if (shoppers === undefined) return undefined;
    while (shoppers.known < shoppers.places.length && (shoppers.createdAt[shoppers.known] ?? time) < time) {
      shoppers.known += 1;
    }
    if (shoppers.known === 0) return undefined;
    const place = shoppers.places[choose(shoppers, time, random)] ?? 0;
    return { place, id: this.#ids[place] ?? '', firstName: this.#firstNames[place] ?? 0 };
  }
}

function choose(shoppers: Shoppers, time: number, random: Random): number {
  if (shoppers.next < shoppers.known && random.chance(shoppers.firstPurchases)) {
    shoppers.next += 1;
    return shoppers.next - 1;
  }
  const all = shoppers.activity[shoppers.known - 1] ?? 0;
  let found = 0;
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    found = indexAbove(shoppers.activity, random.unit() * all, shoppers.known);
    if ((shoppers.lapsesAt[found] ?? 0) > time) return found;
  }
  return found;
}
