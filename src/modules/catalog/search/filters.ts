import { z } from 'zod';
import type { Bindings } from './bindings.ts';

const name = z.string().trim().min(1).max(100);
/** As PostgreSQL's numeric takes it, so that no price passes through a float. */
const price = z.number().min(0).max(1e9);

/** What a search may be narrowed to. */
export const filterArguments = {
  category: name.optional().describe('Its name'),
  type: name.optional().describe('Its name'),
  min_price: price.optional().describe('List price'),
  max_price: price.optional().describe('List price'),
  in_stock: z.boolean().default(false).describe('Only what your stores have'),
};

export interface Filters extends Partial<z.output<z.ZodObject<typeof filterArguments>>> {
  /** Ids of products that are not to be found. */
  readonly without?: readonly string[];
}

/** SQL conditions on `p`, a row of retail.products, beside that it is still sold. Stock is that of the caller's stores: row security sees to it. */
export function conditionsOf(filters: Filters, bind: Bindings): readonly string[] {
  const { category, type, min_price: least, max_price: most, in_stock: inStock, without } = filters;
  return [
    ...(category === undefined
      ? []
      : [
          `p.category_id IN (SELECT category_id FROM retail.categories WHERE lower(btrim(name)) = lower(${bind.of(category, 'text')}))`,
        ]),
    ...(type === undefined
      ? []
      : [
          `p.type_id IN (SELECT type_id FROM retail.product_types WHERE lower(btrim(name)) = lower(${bind.of(type, 'text')}))`,
        ]),
    ...(least === undefined ? [] : [`p.unit_price >= ${bind.of(least, 'numeric')}`]),
    ...(most === undefined ? [] : [`p.unit_price <= ${bind.of(most, 'numeric')}`]),
    ...(without === undefined ? [] : [`p.product_id <> ALL (${bind.of(without, 'uuid[]')})`]),
    ...(inStock === true
      ? ['EXISTS (SELECT FROM retail.inventory i WHERE i.product_id = p.product_id AND i.stock_level > 0)']
      : []),
  ];
}
