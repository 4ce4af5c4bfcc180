import type { LoadValue } from '../../data/database.ts';

/** How many distinct facts are held before they go to the staging table. */
const MAX_FACTS = 50_000;

interface Tally {
  count: number;
  readonly firstLine: number;
}

interface Facts {
  readonly names: Map<string, Tally>;
  readonly prices: Map<string, Tally>;
}

/**
 * Counts which names and prices each product code is sold under. Memory is bounded: when `full`, the counts are drained
 * into the staging table, where SQL adds up what was counted in parts.
 */
export class ProductFacts {
  private readonly products = new Map<string, Facts>();
  private size = 0;

  get full(): boolean {
    return this.size >= MAX_FACTS;
  }

  count(sku: string, name: string, price: string, line: number): void {
    let facts = this.products.get(sku);
    if (facts === undefined) {
      facts = { names: new Map(), prices: new Map() };
      this.products.set(sku, facts);
      this.size += 1;
    }
    this.tally(facts.names, name, line);
    this.tally(facts.prices, price, line);
  }

  private tally(tallies: Map<string, Tally>, value: string, line: number): void {
    const tally = tallies.get(value);
    if (tally !== undefined) tally.count += 1;
    else {
      tallies.set(value, { count: 1, firstLine: line });
      this.size += 1;
    }
  }

  /** Rows of sku, name, price (one of the two is null), count, first line; empties the counts. */
  *drain(): Generator<readonly LoadValue[]> {
    for (const [sku, { names, prices }] of this.products) {
      for (const [name, { count, firstLine }] of names) yield [sku, name, null, count, firstLine];
      for (const [price, { count, firstLine }] of prices) yield [sku, null, price, count, firstLine];
    }
    this.products.clear();
    this.size = 0;
  }
}
