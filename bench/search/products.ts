import { CsvError, parse } from 'csv-parse/sync';
import { z } from 'zod';
import { CATALOGUE } from '../../src/demo/catalogue/index.ts';
import { listPrice } from '../../src/demo/reference.ts';
import { ValidationError } from '../../src/kernel/errors.ts';

const product = z.strictObject({
  /** Without blanks and `=`, which judgements are told apart by. */
  sku: z.string().regex(/^[^\s=]{1,50}$/, 'must be 1 to 50 characters, without blanks and ='),
  name: z.string().trim().min(1).max(200),
  category: z.string().trim().min(1).max(100),
  type: z.string().trim().min(1).max(100),
  description: z.string().max(4000),
  /** In the currency of the store. */
  price: z
    .string()
    .regex(/^\d{1,9}(\.\d{1,4})?$/, 'must be like 12.50')
    .default('0'),
});

export type Product = z.output<typeof product>;

const NEEDED = ['sku', 'name', 'category', 'type', 'description'];

/** Those of the demo retailer, as if all of them were still sold. */
export function demoProducts(): readonly Product[] {
  return CATALOGUE.flatMap(({ name: category, types }) =>
    types.flatMap(({ name: type, products }) =>
      products.map(([sku, name, cost, description]) => ({
        ...{ sku, name, category, type, description },
        price: (listPrice(cost) / 100).toFixed(2),
      })),
    ),
  );
}

/** Reads a CSV file of products (README.md has the format). Throws `ValidationError` that names the first wrong line. */
export function parseProducts(text: string): readonly Product[] {
  const records = recordsOf(text);
  const seen = new Set<string>();
  const products = records.map(({ record, info }) => {
    const read = product.safeParse(record);
    if (!read.success) {
      const [issue] = read.error.issues;
      throw new ValidationError(`Products, line ${info.lines}: ${issue?.path.join('.')}: ${issue?.message}.`);
    }
    const { sku } = read.data;
    if (seen.has(sku))
      throw new ValidationError(`Products, line ${info.lines}: the SKU ${sku} was there before.`);
    seen.add(sku);
    return read.data;
  });
  if (products.length === 0) throw new ValidationError('There are no products below their header.');
  return products;
}

interface CsvRecord {
  readonly record: Readonly<Record<string, string>>;
  /** `lines`: where it ends. */
  readonly info: { readonly lines: number };
}

function recordsOf(text: string): readonly CsvRecord[] {
  const columns = (header: readonly string[]) => {
    const missing = NEEDED.filter((name) => !header.includes(name));
    if (missing.length === 0) return [...header];
    throw new ValidationError(
      `Products must begin with a line of column names; there is no ${missing.join(', ')}.`,
    );
  };
  try {
    return parse(text, { bom: true, columns, info: true, skip_empty_lines: true });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new ValidationError(`Products: ${error.message}`, { cause: error });
  }
}
