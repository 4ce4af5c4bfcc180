import { z } from 'zod';
import type { Database } from '../../../data/database.ts';
import { fenced } from '../../../kernel/fenced.ts';
import { defineTool, READ_ONLY, type Tool } from '../../../kernel/tool.ts';
import { findProduct, isOneKey, keyArguments } from '../product-key.ts';
import { deniedStore } from '../queries/denied-store.ts';
import { stockByStore } from '../queries/stock-by-store.ts';

const MOST_STORES = 1000;
const stores = z.array(z.record(z.string(), z.unknown()));

export function checkInventory(database: Pick<Database, 'withTenant'>): Tool {
  return defineTool({
    name: 'check_inventory',
    title: 'Check stock',
    description:
      'Whether your stores have enough of a product. With store, that one, and nearby: your other stores of its region that have enough.',
    input: z
      .strictObject({
        ...keyArguments,
        quantity: z.int().min(1).max(1_000_000).default(1).describe('Pieces'),
        store: z.string().trim().min(1).max(63).optional().describe('Its slug'),
      })
      .refine(isOneKey, 'give sku or product_id, one of them'),
    output: z.object({
      sku: z.string(),
      name: z.string(),
      quantity: z.number(),
      available: z.boolean(),
      stores,
      nearby: stores,
    }),
    permission: 'read:inventory',
    annotations: READ_ONLY,
    cache: { ttlSeconds: 60 },
    async run({ sku, product_id, quantity, store }, context) {
      const asked = store?.toLowerCase();
      const { product, held, own } = await database.withTenant(context, async (tenant) => {
        const found = await findProduct(tenant, { sku, product_id });
        const all = await stockByStore(tenant, found.product_id, MOST_STORES, asked);
        const meant = asked === undefined ? all : all.filter(({ slug }) => slug === asked);
        if (meant.length === 0) throw await deniedStore(tenant);
        return { product: found, held: all, own: meant };
      });
      const structured = {
        sku: product.sku,
        name: product.name,
        quantity,
        available: own.some(({ stock }) => stock >= quantity),
        stores: own.map((one) => ({ ...one, enough: one.stock >= quantity })),
        nearby:
          asked === undefined ? [] : held.filter(({ slug, stock }) => slug !== asked && stock >= quantity),
      };
      return {
        structured,
        text: `${structured.available ? 'Available' : 'Not available'}\n${fenced('Stock', [JSON.stringify(structured)])}`,
      };
    },
  });
}
