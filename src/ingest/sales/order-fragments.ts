import type { LoadValue } from '../../data/database.ts';
import { type Decimal, ExactSum } from './exact-decimal.ts';
import type { SaleDate } from './sale-date.ts';

/** Lines in one fragment at most: what one row of the staging table holds. */
const MAX_LINES = 500;

/** What the lines of one fragment share. */
export interface OrderKey {
  readonly store: string;
  readonly orderNumber: string;
  readonly customerNumber: string | null;
}

/** Columns of the staging table, in the order of the rows made here. Arrays travel as text and are cast where read. */
export const FRAGMENT_COLUMNS = {
  first_line: 'bigint',
  store: 'text',
  order_number: 'text',
  customer_number: 'text',
  order_date: 'timestamptz',
  places: 'integer',
  amount: 'numeric',
  skus: 'text',
  quantities: 'text',
  prices: 'text',
} as const;

/**
 * Packs lines into fragments: lines of one order that follow each other in the file, physical line by physical line.
 * A file is mostly whole orders one after the other, so a row of the staging table is an order and its lines are arrays:
 * twenty times fewer rows to send, and everything about orders is decided on those alone.
 */
export class OrderFragments {
  private readonly zone: string;
  /** Lines in the rows that `take` would return. */
  places = 0;
  private ready: (readonly LoadValue[])[] = [];
  private readonly sum = new ExactSum();
  private key: OrderKey | undefined;
  private date: SaleDate | undefined;
  private firstLine = 0;
  private lines = 0;
  private skus = '';
  private quantities = '';
  private prices = '';

  constructor(zone: string) {
    this.zone = zone;
  }

  add(
    line: number,
    key: OrderKey,
    date: SaleDate,
    sku: string,
    quantity: number,
    price: Decimal,
    priceText: string,
  ): void {
    const follows = line === this.firstLine + this.lines && this.lines < MAX_LINES;
    if (!follows || !this.continues(key) || date.zoned !== this.date?.zoned) {
      this.close();
      this.key = key;
      this.date = date;
      this.firstLine = line;
    }
    const comma = this.lines === 0 ? '' : ',';
    this.skus += comma + quoteElement(sku);
    this.quantities += comma + quantity;
    this.prices += comma + priceText;
    this.sum.add(quantity, price);
    if (this.date !== undefined && date.text < this.date.text) this.date = date;
    this.lines += 1;
  }

  /** A rejected line keeps its place in its order, so that it fits in when the mended file is imported again. */
  hold(line: number, store: string, orderNumber: string): void {
    this.close();
    this.ready.push([line, store, orderNumber, null, null, 1, null, null, null, null]);
    this.places += 1;
  }

  close(): void {
    if (this.key !== undefined && this.date !== undefined && this.lines > 0) {
      const { store, orderNumber, customerNumber } = this.key;
      const date = `${this.date.text} ${this.date.zoned ? 'UTC' : this.zone}`;
      const arrays = [`{${this.skus}}`, `{${this.quantities}}`, `{${this.prices}}`];
      this.ready.push([
        this.firstLine,
        store,
        orderNumber,
        customerNumber,
        date,
        this.lines,
        this.sum.toString(),
        ...arrays,
      ]);
      this.places += this.lines;
    }
    this.key = undefined;
    this.lines = 0;
    this.skus = '';
    this.quantities = '';
    this.prices = '';
    this.sum.reset();
  }

  /** Rows finished since the last call. */
  take(): (readonly LoadValue[])[] {
    const rows = this.ready;
    this.ready = [];
    this.places = 0;
    return rows;
  }

  private continues(key: OrderKey): boolean {
    const { key: open } = this;
    return (
      open === key ||
      (open !== undefined &&
        open.orderNumber === key.orderNumber &&
        open.store === key.store &&
        open.customerNumber === key.customerNumber)
    );
  }
}

/** One element of PostgreSQL's text form of an array. */
function quoteElement(text: string): string {
  return /^[A-Za-z0-9]+$/.test(text) && text.length !== 4 ? text : `"${text.replace(/["\\]/g, '\\$&')}"`;
}

/** What a row made here stands for. */
export function fragmentOf(row: readonly LoadValue[]): { store: string; places: number; readable: boolean } {
  return { store: String(row[1]), places: Number(row[5]), readable: row[7] !== null };
}
