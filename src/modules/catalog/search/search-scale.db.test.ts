/** Closes: a search that looks at the first some hundreds of thousands of products with a common word, and finds that none of those passes the filter. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases, type OpenedDatabase } from '../../../../test/harness/databases.ts';
import { loadTwoStores, NORTH } from '../../../../test/harness/two-stores.ts';
import { NO_EMBEDDERS } from '../../../kernel/embedding.ts';
import type { RequestContext } from '../../../kernel/request-context.ts';
import { loadPlantedProducts } from '../testing/planted-catalogue.ts';
import type { Filters } from './filters.ts';
import { ProductSearch } from './product-search.ts';

const signal = new AbortController().signal;
const context: RequestContext = { principal: NORTH.principal, requestId: 'r', signal };
const BOLTS = 1500;
const BUCKETS = 40;

describe.each(databases)('a common word on $name', ({ open }) => {
  let opened: OpenedDatabase;

  beforeAll(async () => {
    opened = await open();
    await loadTwoStores(opened.database);
    await loadPlantedProducts(opened.database);
    const products = `INSERT INTO retail.products (sku, name, category_id, type_id, unit_price, discontinued)
      SELECT $1 || n, $2 || n, category_id, type_id, $3, $4
      FROM generate_series(1, $5::integer) AS n, retail.categories c JOIN retail.product_types t USING (category_id)
      WHERE c.name = $6 AND t.name = $7`;
    await opened.database.asLoader(signal, async (session) => {
      await session.query(products, ['B-', 'Steel bolt ', 1, false, BOLTS, 'Tools', 'Drivers']);
      await session.query(products, ['G-', 'Gone steel ', 1, true, BOLTS, 'Tools', 'Drivers']);
      await session.query(products, ['K-', 'Bucket of steel ', 50, false, BUCKETS, 'Garden', 'Pots']);
      await session.query(
        `INSERT INTO retail.inventory (store_id, product_id, stock_level)
         SELECT $1, product_id, 5 FROM retail.products WHERE sku IN ('B-7', 'B-900', 'B-1499', 'K-39')`,
        [NORTH.storeId],
      );
    });
  });
  afterAll(() => opened.close());

  const find = async (words: string, filters: Filters = {}) => {
    const search = new ProductSearch(opened.database, NO_EMBEDDERS);
    const found = await search.find({ words, mode: 'hybrid', least: 0, filters, maxRows: 100 }, context);
    return found.products.map(({ sku }) => sku).sort();
  };
  const buckets = Array.from({ length: BUCKETS }, (_, n) => `K-${n + 1}`).sort();

  it.each([
    ['a category', { category: 'Garden' }, buckets],
    ['a price', { min_price: 40 }, buckets],
    ['stock', { in_stock: true }, ['B-1499', 'B-7', 'B-900', 'K-39']],
  ])('finds all that pass a filter by %s', async (_what, filters, found) => {
    expect(await find('steel', filters)).toEqual(found);
  });

  it('is filled with what is still sold', async () => {
    expect(await find('steel')).toHaveLength(100);
    expect(await find('gone steel')).toHaveLength(100);
    expect((await find('gone steel')).filter((sku) => sku.startsWith('G'))).toEqual([]);
  });

  it('finds what has a rare word too', async () => {
    expect((await find('steel bucket')).filter((sku) => sku.startsWith('K'))).toEqual(buckets);
  });
});
