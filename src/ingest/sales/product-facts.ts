import type { LoadValue } from '../../data/database.ts';

interface Tally {
  readonly value: string;
  readonly firstLine: number;
  count: number;
}

/** How often each value was met. Most often it is the one met last: found without hashing it. */
class Tallies {
  private readonly all = new Map<string, Tally>();
  private last: Tally | undefined;

  count(value: string, line: number): void {
    if (this.last?.value !== value) this.last = this.find(value, line);
    this.last.count += 1;
  }

  values(): IterableIterator<Tally> {
    return this.all.values();
  }

  private find(value: string, firstLine: number): Tally {
    let tally = this.all.get(value);
    if (tally === undefined) {
      tally = { value: detached(value), firstLine, count: 0 };
      this.all.set(tally.value, tally);
    }
    return tally;
  }
}

interface Facts {
  readonly names: Tallies;
  readonly prices: Tallies;
}

/** A copy: a piece of a string keeps the whole of it in memory, which here is a block of the file. */
function detached(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8');
}

/**
 * Counts which names and prices each product code is sold under. Taken to staging with every segment of the file, so
 * that memory is bounded; SQL adds up what was counted in parts.
 */
export class ProductFacts {
  private products = new Map<string, Facts>();

  count(sku: string, name: string, price: string, line: number): void {
    let facts = this.products.get(sku);
    if (facts === undefined) {
      facts = { names: new Tallies(), prices: new Tallies() };
      this.products.set(detached(sku), facts);
    }
    facts.names.count(name, line);
    facts.prices.count(price, line);
  }

  /** Rows of sku, name, price (one of the two is null), count, first line. Counting begins anew. */
  take(): Iterable<readonly LoadValue[]> {
    const counted = this.products;
    this.products = new Map();
    return rowsOf(counted);
  }
}

function* rowsOf(products: ReadonlyMap<string, Facts>): Generator<readonly LoadValue[]> {
  for (const [sku, { names, prices }] of products) {
    for (const { value, count, firstLine } of names.values()) yield [sku, value, null, count, firstLine];
    for (const { value, count, firstLine } of prices.values()) yield [sku, null, value, count, firstLine];
  }
}
