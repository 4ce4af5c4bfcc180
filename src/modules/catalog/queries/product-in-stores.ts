import type { TenantSession } from '../../../data/database.ts';
import { findProduct, type KnownProduct } from '../product-key.ts';
import { type StoreStock, stockByStore } from './stock-by-store.ts';

const MOST_STORES = 100;

/** A product, and what each of the caller's stores has of it. Throws `NotFoundError`. */
export async function productInStores(
  tenant: TenantSession,
  sku: string,
): Promise<KnownProduct & { readonly stores: readonly StoreStock[] }> {
  const product = await findProduct(tenant, { sku });
  return { ...product, stores: await stockByStore(tenant, product.product_id, MOST_STORES) };
}
