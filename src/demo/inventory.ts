import { Assortment } from './assortment.ts';
import { DAY_MS, dayOf, pacificMidnight } from './calendar.ts';
import type { DemoOptions } from './demo-options.ts';
import { Random } from './random.ts';
import type { Reference } from './reference.ts';
import { type Columns, type Row, timestamp } from './rows.ts';
import { STORES } from './stores.ts';

export const INVENTORY_COLUMNS: Columns = {
  store_id: 'uuid',
  product_id: 'uuid',
  stock_level: 'integer',
  reorder_level: 'integer',
  updated_at: 'timestamptz',
};

/** Pieces of an average product that the largest store keeps at least. */
const USUAL_REORDER_LEVEL = 14;
const SOLD_OUT = 0.015;
const RUNNING_LOW = 0.09;

/** Stock of every product in every store on the last day: more where more is sold, some of it due for reordering. */
export function* inventory(options: DemoOptions, { products, storeIds }: Reference): Generator<Row> {
  const random = new Random(options.seed, 'inventory');
  const { popularity } = new Assortment(products, options.seed);
  const largest = Math.max(...STORES.map((store) => store.customerWeight * store.orderFrequency));
  const end = pacificMidnight(dayOf(options.until));
  for (const [index, store] of STORES.entries()) {
    const size = Math.sqrt((store.customerWeight * store.orderFrequency) / largest);
    for (const [place, product] of products.entries()) {
      const sells = Math.sqrt((popularity[place] ?? 0) * products.length);
      const discontinued = product.soldUntil < end;
      const reorder = discontinued ? 0 : Math.max(1, Math.round(USUAL_REORDER_LEVEL * size * sells));
      yield [
        storeIds[index] ?? null,
        product.id,
        discontinued ? random.between(0, 3) : stockLevel(reorder, random),
        reorder,
        timestamp(Math.floor(end - random.unit() * 20 * DAY_MS)),
      ];
    }
  }
}

function stockLevel(reorderLevel: number, random: Random): number {
  const luck = random.unit();
  if (luck < SOLD_OUT) return 0;
  if (luck < SOLD_OUT + RUNNING_LOW) return random.between(1, reorderLevel);
  return reorderLevel + 1 + Math.floor(reorderLevel * random.within(0.2, 3.5));
}
