/** SKU, name, cost in US cents, description. */
type CatalogueLine = readonly [sku: string, name: string, costCents: number, description: string];

interface CatalogueType {
  readonly name: string;
  readonly products: readonly CatalogueLine[];
}

export interface CatalogueCategory {
  readonly name: string;
  /** Share of all lines sold, before the season. */
  readonly share: number;
  /** January to December: how much of the category sells compared with an average month. */
  readonly months: readonly number[];
  readonly types: readonly CatalogueType[];
}
