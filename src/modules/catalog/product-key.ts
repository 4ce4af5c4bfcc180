import { z } from 'zod';
import type { TenantSession } from '../../data/database.ts';
import { decodeRows } from '../../data/decode-rows.ts';
import { NotFoundError } from '../../kernel/errors.ts';
import { fenced } from '../../kernel/fenced.ts';
import { isUuid } from '../../kernel/uuid.ts';
import { codeOf, KIND_OF_PRODUCT, PRODUCT_COLUMNS, productShape } from './product.ts';

/** A SKU as somebody writes it. */
export const skuArgument = z.string().trim().min(1).max(50);

/** Either of the two names of a product. */
export const keyArguments = {
  sku: skuArgument.optional().describe('Or product_id'),
  product_id: z.string().refine(isUuid, 'must be a UUID').optional().describe('Or sku'),
};

export interface ProductKey {
  readonly sku?: string | undefined;
  readonly product_id?: string | undefined;
}

/** For `refine`: exactly one. */
export const isOneKey = ({ sku, product_id }: ProductKey): boolean =>
  (sku === undefined) !== (product_id === undefined);

const shape = { product_id: z.string(), ...productShape, discontinued: z.boolean() };
export type KnownProduct = z.output<z.ZodObject<typeof shape>>;

const text = (where: string) => `SELECT p.product_id, ${PRODUCT_COLUMNS}, p.discontinued
  FROM retail.products p
    ${KIND_OF_PRODUCT}
  WHERE ${where}`;

/** Of products that a SKU may mean, so many are named. */
const MOST_MEANT = 10;

/** The SKU as it is written, or else with other capitals, spaces and hyphens, where that is one product's. */
const BY_SKU = text(`p.sku = $1 OR (
    NOT EXISTS (SELECT FROM retail.products WHERE sku = $1)
    AND p.product_id IN (
      SELECT product_id FROM retail.product_search WHERE code <> '' AND code = ${codeOf('$1')}))`);
const BY_ID = text('p.product_id = $1::uuid');

/** The product of this key; throws `NotFoundError`, also where a SKU that is not written exactly may mean several. */
export async function findProduct(tenant: TenantSession, key: ProductKey): Promise<KnownProduct> {
  const { sku, product_id: id } = key;
  const query = sku === undefined ? { text: BY_ID, values: [id ?? null] } : { text: BY_SKU, values: [sku] };
  const found = decodeRows(await tenant.query({ ...query, isTimeless: true }), shape);
  const [product] = found;
  if (product !== undefined && found.length === 1) return product;
  const asked = JSON.stringify(sku ?? id);
  const why =
    product === undefined
      ? `There is no product ${asked}. Find its SKU with hybrid_product_search.`
      : fenced(
          `${asked} may mean ${found.length} products. Give one SKU as it is written`,
          found.slice(0, MOST_MEANT).map((one) => JSON.stringify(one.sku)),
        );
  throw new NotFoundError('NOT_FOUND', why);
}
