import { z } from 'zod';
import { fenced } from '../../kernel/fenced.ts';
import type { ToolResult } from '../../kernel/tool.ts';
import type { Product } from './product.ts';

/** Rows are records in the schema: spelt out, they would cost a model more in each list of tools than they tell it. */
export const listOutput = z.object({
  mode: z.enum(['vector', 'hybrid', 'text', 'sales']),
  degraded: z.string().optional(),
  products: z.array(z.record(z.string(), z.unknown())),
  note: z.string().optional(),
});

export interface ProductList {
  readonly mode: z.output<typeof listOutput>['mode'];
  readonly degraded?: string | undefined;
  readonly isPassing?: boolean | undefined;
  readonly products: readonly (Product & Readonly<Record<string, unknown>>)[];
  /** What to do where there are none. */
  readonly note?: string | undefined;
}

/** A list of products as a tool gives it. What was found in a makeshift way for the moment is not to be given again. */
export function listResult({
  mode,
  degraded,
  isPassing = false,
  products,
  note,
}: ProductList): ToolResult<z.output<typeof listOutput>> {
  const rows = products.map((product) =>
    Object.fromEntries(Object.entries(product).filter(([, value]) => value !== null)),
  );
  const structured = {
    mode,
    ...(degraded !== undefined && { degraded }),
    products: rows,
    ...(note !== undefined && { note }),
  };
  const head = [`mode: ${mode}`, degraded, rows.length === 0 ? 'No products.' : undefined, note];
  const said = head.filter((line) => line !== undefined).join('\n');
  const text =
    rows.length === 0
      ? said
      : `${said}\n${fenced(
          `${rows.length} products, best first`,
          rows.map((row) => JSON.stringify(row)),
        )}`;
  return { structured, text, isPassing };
}
