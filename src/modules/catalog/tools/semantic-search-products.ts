import { z } from 'zod';
import { defineTool, READ_ONLY, type Tool } from '../../../kernel/tool.ts';
import { listOutput, listResult } from '../answer.ts';
import type { ProductSearch } from '../search/product-search.ts';
import { SEARCH_CACHE } from '../search/search-cache.ts';
import { words } from '../search/words-argument.ts';

export function semanticSearchProducts(search: ProductSearch): Tool {
  return defineTool({
    name: 'semantic_search_products',
    title: 'Search products by meaning',
    description:
      'Products whose description means what is asked, nearest first, with similarity, list price and the stock of your stores. ' +
      'For names, SKUs and filters use hybrid_product_search.',
    input: z.strictObject({
      query_description: words.describe('What it is for or like, in English'),
      max_rows: z.int().min(1).max(100).default(20).describe('At most'),
      similarity_threshold: z.number().min(20).max(80).default(30).describe('Percent'),
    }),
    output: listOutput,
    permission: 'read:products',
    annotations: READ_ONLY,
    cost: 2,
    cache: SEARCH_CACHE,
    async run({ query_description: asked, max_rows: maxRows, similarity_threshold: percent }, context) {
      const found = await search.find(
        { words: asked, mode: 'vector', least: percent / 100, filters: {}, maxRows },
        context,
      );
      const isEmpty = found.products.length === 0 && found.mode === 'vector';
      return listResult({
        ...found,
        note: isEmpty ? 'Lower similarity_threshold, or use hybrid_product_search.' : undefined,
      });
    },
  });
}
