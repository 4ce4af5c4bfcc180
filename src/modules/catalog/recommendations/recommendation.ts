import type { Database } from '../../../data/database.ts';
import type { Clock } from '../../../kernel/clock.ts';
import type { Permission } from '../../../kernel/permission.ts';
import type { RequestContext } from '../../../kernel/request-context.ts';
import type { ProductList } from '../answer.ts';
import type { ProductKey } from '../product-key.ts';
import type { ProductSearch } from '../search/product-search.ts';

export const DAY_MS = 86_400_000;
/** Of sales that can be asked for. */
export const MOST_DAYS = 365;

/** What every kind is asked with; what a kind `needs` is there. */
interface Asked extends ProductKey {
  readonly customer?: string | undefined;
  readonly days: number;
  readonly max_rows: number;
}

export interface RecommendationDeps {
  readonly database: Pick<Database, 'withTenant'>;
  readonly search: ProductSearch;
  readonly clock: Clock;
}

/** One way to recommend products. */
export interface Recommendation {
  /** Beside the tool's own. */
  readonly permissions: readonly Permission[];
  /** Without which it can't be asked. */
  readonly needs: readonly ('product' | 'customer')[];
  run(asked: Asked, deps: RecommendationDeps, context: RequestContext): Promise<ProductList>;
}
