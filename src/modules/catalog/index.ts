import type { Database } from '../../data/database.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Embedders } from '../../kernel/embedding.ts';
import type { Module } from '../../kernel/module.ts';
import { catalogResources } from './resources.ts';
import { ProductSearch } from './search/product-search.ts';
import { checkInventory } from './tools/check-inventory.ts';
import { getProduct } from './tools/get-product.ts';
import { getProductRecommendations } from './tools/get-product-recommendations.ts';
import { hybridProductSearch } from './tools/hybrid-product-search.ts';
import { semanticSearchProducts } from './tools/semantic-search-products.ts';

export interface CatalogDeps {
  readonly database: Pick<Database, 'withTenant'>;
  readonly embedders: Embedders;
  readonly clock: Clock;
}

/** Finding products: by words, by meaning, by what sells; and what the caller's stores have of them. */
export function createCatalogModule({ database, embedders, clock }: CatalogDeps): Module {
  const search = new ProductSearch(database, embedders);
  return {
    name: 'catalog',
    tools: [
      hybridProductSearch(database, search),
      semanticSearchProducts(search),
      getProductRecommendations({ database, search, clock }),
      getProduct(database),
      checkInventory(database),
    ],
    resources: catalogResources(database),
  };
}
