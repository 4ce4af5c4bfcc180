import { z } from 'zod';
import type { Database } from '../../../data/database.ts';
import { ValidationError } from '../../../kernel/errors.ts';
import { defineTool, READ_ONLY, type Tool } from '../../../kernel/tool.ts';
import { listOutput, listResult } from '../answer.ts';
import { unknownName } from '../queries/unknown-name.ts';
import { filterArguments } from '../search/filters.ts';
import type { ProductSearch } from '../search/product-search.ts';
import { SEARCH_CACHE } from '../search/search-cache.ts';
import { words } from '../search/words-argument.ts';

export function hybridProductSearch(database: Pick<Database, 'withTenant'>, search: ProductSearch): Tool {
  return defineTool({
    name: 'hybrid_product_search',
    title: 'Find products',
    description:
      'Finds products by words and meaning: SKU, name, use, typos. Best first, with list price and the stock of your stores. Start here.',
    input: z
      .strictObject({
        query: words.describe('As a shopper would say it'),
        ...filterArguments,
        max_rows: z.int().min(1).max(100).default(20).describe('At most'),
      })
      .refine(
        ({ min_price: least = 0, max_price: most = Number.POSITIVE_INFINITY }) => least <= most,
        'min_price must not be above max_price',
      ),
    output: listOutput,
    permission: 'read:products',
    annotations: READ_ONLY,
    cost: 2,
    cache: SEARCH_CACHE,
    async run({ query: asked, max_rows: maxRows, ...filters }, context) {
      const found = await search.find({ words: asked, mode: 'hybrid', filters, maxRows }, context);
      if (found.products.length > 0) return listResult(found);
      const wrong = await database.withTenant(context, (tenant) => unknownName(tenant, filters));
      if (wrong !== undefined) throw new ValidationError(wrong);
      return listResult({ ...found, note: 'Say it in other words, or with fewer filters.' });
    },
  });
}
