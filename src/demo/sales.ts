import { Assortment } from './assortment.ts';
import { calendarDay, DAY_MS, dayOf, HOUR_MS, isClosed, pacificMidnight, pacificTime } from './calendar.ts';
import { dailyOrders } from './demand.ts';
import { DEMO_START, type DemoOptions } from './demo-options.ts';
import { type Channel, fulfilment, paymentMethod, paymentStatus } from './fulfilment.ts';
import { Choice, Random } from './random.ts';
import type { Product, Reference } from './reference.ts';
import { type Columns, dollars, type Row, timestamp } from './rows.ts';
import { type Shopper, ShopperBook } from './shoppers.ts';
import { STORES } from './stores.ts';
import { uuid } from './uuid.ts';

export const ORDER_COLUMNS: Columns = {
  store_id: 'uuid',
  order_id: 'uuid',
  order_number: 'text',
  customer_id: 'uuid',
  order_date: 'timestamptz',
  status: 'text',
  total_amount: 'numeric',
  item_count: 'integer',
  metadata: 'jsonb',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
};

export const ORDER_ITEM_COLUMNS: Columns = {
  store_id: 'uuid',
  order_id: 'uuid',
  line_number: 'integer',
  product_id: 'uuid',
  quantity: 'integer',
  unit_price: 'numeric',
  discount: 'numeric',
};

export const PAYMENT_COLUMNS: Columns = {
  store_id: 'uuid',
  payment_id: 'uuid',
  order_id: 'uuid',
  amount: 'numeric',
  method: 'text',
  status: 'text',
  created_at: 'timestamptz',
};

/** Orders of one line, two … five. */
const LINES = new Choice([30, 28, 20, 13, 9]);
/** 15 % of lines (R132), by one of these percentages. */
const DISCOUNTED = 0.15;
const DISCOUNT_PERCENTS = [5, 10, 10, 15, 20, 25] as const;
/** 2 % of all orders are returns, so a little more than that of the sales. */
const RETURNED = 0.0205;
const RETURN_REASONS = ['changed mind', 'damaged', 'wrong item', 'does not fit', 'defective'] as const;

/** Orders by hour of the day: shops open from 7 to 21, the online shop takes orders from 5 to midnight. */
const SHOP_HOURS = { opens: 7, choice: new Choice([4, 6, 8, 10, 11, 11, 10, 9, 9, 9, 8, 6, 4, 2]) };
const ONLINE_HOURS = {
  opens: 5,
  choice: new Choice([1, 2, 3, 4, 5, 6, 6, 7, 7, 6, 6, 6, 6, 7, 9, 10, 9, 6, 3]),
};
const STORE_CHOICE = new Choice(
  STORES.map(({ customerWeight, orderFrequency }) => customerWeight * orderFrequency),
);
const ONLINE_STORE = STORES.findIndex(({ online }) => online);

interface Line {
  readonly product: Product;
  readonly quantity: number;
  /** Cents off each piece, so that a returned piece is worth a whole number of cents. */
  readonly off: number;
}

/** One order with all that belongs to it. */
export interface Sale {
  /** Index in STORES. */
  readonly store: number;
  readonly orderNumber: string;
  readonly placedAt: number;
  readonly shopper: Shopper;
  readonly lines: readonly Line[];
  readonly isReturn: boolean;
  readonly order: Row;
  readonly items: readonly Row[];
  readonly payment: Row;
}

/** Goods that will come back on a later day. */
interface Return {
  readonly store: number;
  readonly shopper: Shopper;
  readonly channel: Channel;
  readonly lines: readonly Line[];
  readonly originalOrder: string;
  readonly method: string;
  readonly reason: string;
}

interface Slot {
  readonly store: number;
  readonly time: number;
  readonly due: Return | undefined;
}

/** Makes sales in the order of their time; keeps only what is under way, not what is done. */
class Shopkeeper {
  readonly #random: Random;
  readonly #assortment: Assortment;
  readonly #shoppers: ShopperBook;
  readonly #storeIds: readonly string[];
  readonly #end: number;
  /** Orders of this year so far, per store. */
  #numbers = STORES.map(() => 0);
  #year = 0;
  /** By day. */
  readonly #dueReturns = new Map<number, Return[]>();

  constructor(options: DemoOptions, { products, storeIds }: Reference) {
    this.#random = new Random(options.seed, 'sales');
    this.#assortment = new Assortment(products, options.seed);
    this.#shoppers = new ShopperBook(options);
    this.#storeIds = storeIds;
    this.#end = pacificMidnight(dayOf(options.until));
  }

  *day(day: number, orders: number): Generator<Sale> {
    const date = calendarDay(day);
    if (date.year !== this.#year) {
      this.#year = date.year;
      this.#numbers = STORES.map(() => 0);
    }
    for (const slot of this.#slots(day, orders, isClosed(day, date))) {
      const sale = slot.due === undefined ? this.#sell(slot, date.month) : this.#takeBack(slot, slot.due);
      if (sale !== undefined) yield sale;
    }
  }

  /** Who comes when; returns come first in the count, and what finds no place comes a day later. */
  #slots(day: number, orders: number, closed: boolean): readonly Slot[] {
    const due = this.#dueReturns.get(day) ?? [];
    this.#dueReturns.delete(day);
    const room = closed ? 0 : orders;
    if (due.length > room) {
      this.#dueReturns.set(day + 1, [...due.slice(room), ...(this.#dueReturns.get(day + 1) ?? [])]);
    }
    const slots: Slot[] = [];
    for (let index = 0; index < orders; index += 1) {
      const returned = index < room ? due[index] : undefined;
      const store = returned?.store ?? (closed ? ONLINE_STORE : STORE_CHOICE.pick(this.#random));
      slots.push({ store, time: this.#timeOfOrder(day, store), due: returned });
    }
    return slots.sort((left, right) => left.time - right.time);
  }

  #timeOfOrder(day: number, store: number): number {
    const hours = store === ONLINE_STORE ? ONLINE_HOURS : SHOP_HOURS;
    const hour = hours.opens + hours.choice.pick(this.#random);
    return pacificTime(day, hour * HOUR_MS + this.#random.between(0, HOUR_MS - 1));
  }

  #sell({ store, time }: Slot, month: number): Sale | undefined {
    const random = this.#random;
    const shopper = this.#shoppers.pick(store, time, random);
    if (shopper === undefined) return undefined;
    const lines = this.#lines(store, month, time);
    const channel = store === ONLINE_STORE ? 'web' : random.chance(0.12) ? 'click_and_collect' : 'in_store';
    const progress = fulfilment(channel, time, this.#end, random);
    const method = paymentMethod(channel, random);
    const number = this.#orderNumber(store);
    if (progress.status === 'completed' && random.chance(RETURNED)) {
      this.#willReturn(progress.changedAt, { store, shopper, channel, method, lines, originalOrder: number });
    }
    const payment = { method, status: paymentStatus(progress.status, random) };
    return this.#write({ store, shopper, lines, number, time, ...progress, payment, metadata: { channel } });
  }

  #lines(store: number, month: number, time: number): readonly Line[] {
    const random = this.#random;
    const wanted = LINES.pick(random) + 1;
    const lines: Line[] = [];
    for (let attempt = 0; lines.length < wanted && attempt < wanted + 6; attempt += 1) {
      const product = this.#assortment.pick(month, time, random);
      if (product === undefined || lines.some((line) => line.product === product)) continue;
      const percent = random.chance(DISCOUNTED) ? random.pick(DISCOUNT_PERCENTS) : 0;
      const off = Math.round((product.priceCents * percent) / 100);
      lines.push({ product, quantity: this.#assortment.pieces(product, store, random), off });
    }
    return lines;
  }

  #willReturn(receivedAt: number, sold: Omit<Return, 'reason'>): void {
    const random = this.#random;
    const day = Math.floor(receivedAt / DAY_MS) + random.between(2, 28);
    const some = sold.lines.filter(() => random.chance(0.6));
    const lines = some.length > 0 ? some : sold.lines.slice(0, 1);
    const due = this.#dueReturns.get(day) ?? [];
    due.push({ ...sold, lines, reason: random.pick(RETURN_REASONS) });
    this.#dueReturns.set(day, due);
  }

  #takeBack({ store, time }: Slot, due: Return): Sale {
    const { shopper, channel, originalOrder, reason, method } = due;
    // A piece is taken back at what was paid for it.
    const lines = due.lines.map(({ product, quantity, off }) => ({
      product: { ...product, priceCents: product.priceCents - off },
      quantity: -quantity,
      off: 0,
    }));
    return this.#write({
      ...{ store, shopper, lines, time, number: this.#orderNumber(store) },
      ...{ status: 'returned', changedAt: time, payment: { method, status: 'refunded' } },
      metadata: { channel, original_order: originalOrder, reason },
    });
  }

  #orderNumber(store: number): string {
    const count = (this.#numbers[store] ?? 0) + 1;
    this.#numbers[store] = count;
    return `${STORES[store]?.code}-${this.#year}-${String(count).padStart(6, '0')}`;
  }

  #write(made: {
    readonly store: number;
    readonly shopper: Shopper;
    readonly lines: readonly Line[];
    readonly number: string;
    readonly time: number;
    readonly status: string;
    readonly changedAt: number;
    readonly payment: { readonly method: string; readonly status: string };
    readonly metadata: Readonly<Record<string, string>>;
  }): Sale {
    const { store, shopper, lines, number, time, status, payment } = made;
    const storeId = this.#storeIds[store] ?? null;
    const orderId = uuid(time, this.#random);
    const at = timestamp(time);
    let total = 0;
    const items = lines.map(({ product, quantity, off }, index) => {
      total += quantity * (product.priceCents - off);
      return [
        ...[storeId, orderId, index + 1, product.id, quantity],
        ...[dollars(product.priceCents), dollars(quantity * off)],
      ];
    });
    const amount = dollars(total);
    return {
      ...{
        store,
        orderNumber: number,
        placedAt: time,
        shopper,
        lines,
        items,
        isReturn: status === 'returned',
      },
      order: [
        ...[storeId, orderId, number, shopper.id, at, status, amount, lines.length],
        ...[JSON.stringify(made.metadata), at, timestamp(made.changedAt)],
      ],
      payment: [storeId, uuid(time, this.#random), orderId, amount, payment.method, payment.status, at],
    };
  }
}

/** Every order from 2020 on, the earliest first: exactly `options.orders`. */
export function* sales(options: DemoOptions, reference: Reference): Generator<Sale> {
  const shopkeeper = new Shopkeeper(options, reference);
  const days = dailyOrders(options.orders, dayOf(DEMO_START), dayOf(options.until), options.seed);
  for (const [day, orders] of days) yield* shopkeeper.day(day, orders);
}
