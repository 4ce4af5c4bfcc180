import { z } from 'zod';
import type { Database } from '../../../data/database.ts';
import { fenced } from '../../../kernel/fenced.ts';
import { defineTool, READ_ONLY, type Tool } from '../../../kernel/tool.ts';
import { skuArgument } from '../product-key.ts';
import { productInStores } from '../queries/product-in-stores.ts';

export function getProduct(database: Pick<Database, 'withTenant'>): Tool {
  return defineTool({
    name: 'get_product',
    title: 'Product',
    description: 'One product by SKU: description, list price, and the stock of each of your stores.',
    input: z.strictObject({ sku: skuArgument.describe('Its SKU') }),
    output: z.object({ product: z.record(z.string(), z.unknown()) }),
    permission: 'read:products',
    annotations: READ_ONLY,
    cache: { ttlSeconds: 3600, staleSeconds: 600 },
    async run({ sku }, context) {
      const product = await database.withTenant(context, (tenant) => productInStores(tenant, sku));
      return { structured: { product }, text: fenced('The product', [JSON.stringify(product)]) };
    },
  });
}
