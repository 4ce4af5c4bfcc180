import type { RecordSink } from './csv-records.ts';
import { type Decimal, ExactSum, parseDecimal } from './exact-decimal.ts';
import type { FieldIndexes } from './fields.ts';
import type { OrderFragments, OrderKey } from './order-fragments.ts';
import type { ProductFacts } from './product-facts.ts';
import { parseSaleDate, type SaleDate } from './sale-date.ts';
import type { StoreSlugs } from './store-slug.ts';

/** Bounds of the columns in the database. */
const LIMITS = { orderNumber: 40, sku: 50, customerNumber: 40, description: 4000, store: 100 } as const;
const MAX_QUANTITY = 2_147_483_647;
const MIN_QUANTITY = -2_147_483_648;
const MAX_PRICE = 1e9;
const MAX_AMOUNT = 1e12;
const MAX_PRICES_KEPT = 10_000;

interface Price extends Decimal {
  readonly text: string;
}

/** The columns that are the same for line after line of an order, read once. */
interface OrderFields {
  readonly raw: readonly [order: string, date: string, customer: string, store: string];
  readonly key: OrderKey;
  readonly date: SaleDate;
}

export interface StoreSums {
  lines: number;
  readonly sum: ExactSum;
}

export interface LineReaderParts {
  readonly header: readonly string[];
  readonly indexes: FieldIndexes;
  /** Slug of the one store of the file; null when a column tells. */
  readonly store: string | null;
  readonly slugs: StoreSlugs;
  readonly fragments: OrderFragments;
  readonly facts: ProductFacts;
  reject(line: number, reason: string, raw: string): void;
}

class Refused {
  readonly reason: string;
  constructor(reason: string) {
    this.reason = reason;
  }
}

/** Turns records into lines of orders; what can't be one is rejected with its reason. */
export class LineReader implements RecordSink {
  readonly sums = new Map<string, StoreSums>();
  readonly total = new ExactSum();
  lines = 0;
  negativeLines = 0;
  rejected = 0;
  private readonly parts: LineReaderParts;
  private readonly prices = new Map<string, Price>();
  private order: OrderFields | undefined;

  constructor(parts: LineReaderParts) {
    this.parts = parts;
  }

  record(fields: string[], line: number, lastLine: number, raw: () => string): void {
    const { header, fragments } = this.parts;
    if (fields.length !== header.length) {
      this.reject(line, `${fields.length} columns instead of ${header.length}`, raw());
      return;
    }
    const refused = this.read(fields, line);
    if (refused !== undefined) {
      this.reject(line, refused.reason, raw());
      this.hold(fields, line);
    } else if (lastLine !== line) fragments.close();
  }

  reject(line: number, reason: string, raw: string): void {
    this.rejected += 1;
    this.parts.reject(line, reason, raw);
  }

  private read(fields: string[], line: number): Refused | undefined {
    const { indexes, fragments, facts } = this.parts;
    const order = this.orderFields(fields);
    if (order instanceof Refused) return order;
    const sku = field(fields, indexes.sku);
    if (sku === '') return new Refused('missing sku');
    if (sku.length > LIMITS.sku && tooLong(sku, LIMITS.sku))
      return new Refused(`sku longer than ${LIMITS.sku} characters`);
    const description = field(fields, indexes.description);
    if (description.length > LIMITS.description && tooLong(description, LIMITS.description)) {
      return new Refused(`description longer than ${LIMITS.description} characters`);
    }
    const quantity = parseQuantity(field(fields, indexes.quantity));
    if (quantity instanceof Refused) return quantity;
    const price = this.price(field(fields, indexes.unit_price));
    if (price instanceof Refused) return price;
    if (Math.abs((quantity * price.units) / 10 ** price.scale) > MAX_AMOUNT) {
      return new Refused(`quantity times unit_price beyond ${MAX_AMOUNT}`);
    }
    fragments.add(line, order.key, order.date, sku, quantity, price, price.text);
    facts.count(sku, description, price.text, line);
    this.count(order.key.store, quantity, price);
    return undefined;
  }

  private count(store: string, quantity: number, price: Decimal): void {
    let sums = this.sums.get(store);
    if (sums === undefined) {
      sums = { lines: 0, sum: new ExactSum() };
      this.sums.set(store, sums);
    }
    sums.lines += 1;
    sums.sum.add(quantity, price);
    this.total.add(quantity, price);
    this.lines += 1;
    if (quantity < 0) this.negativeLines += 1;
  }

  private orderFields(fields: string[]): OrderFields | Refused {
    const { indexes } = this.parts;
    const number = fields[indexes.order_number] ?? '';
    const day = fields[indexes.order_date] ?? '';
    const customer = fields[indexes.customer_number] ?? '';
    const store = fields[indexes.store] ?? '';
    const last = this.order?.raw;
    if (this.order !== undefined && last !== undefined) {
      if (number === last[0] && day === last[1] && customer === last[2] && store === last[3])
        return this.order;
    }
    const key = this.orderKey(fields);
    if (key instanceof Refused) return key;
    const date = parseSaleDate(day.trim());
    if (date === undefined)
      return new Refused(day.trim() === '' ? 'missing order_date' : 'order_date is no date');
    this.order = { raw: [number, day, customer, store], key, date };
    return this.order;
  }

  private orderKey(fields: string[]): OrderKey | Refused {
    const { indexes } = this.parts;
    const orderNumber = this.orderNumber(fields);
    if (orderNumber instanceof Refused) return orderNumber;
    const store = this.store(fields);
    if (store instanceof Refused) return store;
    // Tools that know no empty integer write 17850 as 17850.0.
    const customer = field(fields, indexes.customer_number).replace(/^(\d+)\.0+$/, '$1');
    if (tooLong(customer, LIMITS.customerNumber)) {
      return new Refused(`customer_number longer than ${LIMITS.customerNumber} characters`);
    }
    return { store, orderNumber, customerNumber: customer === '' ? null : customer };
  }

  private orderNumber(fields: string[]): string | Refused {
    const orderNumber = field(fields, this.parts.indexes.order_number);
    if (orderNumber === '') return new Refused('missing order_number');
    if (tooLong(orderNumber, LIMITS.orderNumber))
      return new Refused(`order_number longer than ${LIMITS.orderNumber} characters`);
    return orderNumber;
  }

  private store(fields: string[]): string | Refused {
    if (this.parts.store !== null) return this.parts.store;
    const name = field(fields, this.parts.indexes.store);
    if (name === '') return new Refused('missing store');
    if (tooLong(name, LIMITS.store)) return new Refused(`store longer than ${LIMITS.store} characters`);
    return (
      this.parts.slugs.slugOf(name) ?? new Refused('the store has no letter or digit to make a short name of')
    );
  }

  private hold(fields: string[], line: number): void {
    const orderNumber = this.orderNumber(fields);
    const store = this.store(fields);
    if (typeof orderNumber === 'string' && typeof store === 'string')
      this.parts.fragments.hold(line, store, orderNumber);
  }

  private price(text: string): Price | Refused {
    const known = this.prices.get(text);
    if (known !== undefined) return known;
    if (text === '') return new Refused('missing unit_price');
    const decimal = parseDecimal(text);
    if (decimal === undefined) return new Refused('unit_price is no decimal of at most 15 digits');
    if (Math.abs(decimal.units / 10 ** decimal.scale) > MAX_PRICE)
      return new Refused(`unit_price beyond ${MAX_PRICE}`);
    if (this.prices.size >= MAX_PRICES_KEPT) this.prices.clear();
    const price = { ...decimal, text };
    this.prices.set(text, price);
    return price;
  }
}

function field(fields: readonly string[], index: number): string {
  return fields[index]?.trim() ?? '';
}

/** PostgreSQL counts characters where JavaScript counts UTF-16 units. */
function tooLong(text: string, limit: number): boolean {
  return text.length > limit && [...text].length > limit;
}

function parseQuantity(text: string): number | Refused {
  if (text === '') return new Refused('missing quantity');
  if (!/^-?\d+(?:\.0+)?$/.test(text)) return new Refused('quantity is no whole number');
  const quantity = Number(text);
  if (quantity > MAX_QUANTITY || quantity < MIN_QUANTITY) return new Refused('quantity beyond 32 bits');
  return quantity === 0 ? 0 : quantity;
}
