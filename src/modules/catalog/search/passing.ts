import type { Bindings } from './bindings.ts';
import { conditionsOf, type Filters } from './filters.ts';

/** Which products may be found. */
export interface Passing {
  /** SQL, on `p`, a row of retail.products. */
  readonly condition: string;
  /** Whether it asks for more than that they are still sold: then `passing` and `few` are there. */
  readonly isFiltered: boolean;
  /** Common table expressions to begin with: `passing (product_id)`, those that pass where they are few, and `few (yes)`. */
  readonly sql: readonly string[];
}

/**
 * So many products that pass a filter are looked at one by one. An index gives what fits best of all products, and of
 * that perhaps none passes; but of more than this enough do.
 */
const FEW = 5000;

/** Whether few pass. */
export const FEW_PASS = '(SELECT yes FROM few)';

export function passingOf(filters: Filters, bind: Bindings): Passing {
  const conditions = conditionsOf(filters, bind);
  const condition = ['NOT p.discontinued', ...conditions].join(' AND ');
  if (conditions.length === 0) return { condition, isFiltered: false, sql: [] };
  return {
    condition,
    isFiltered: true,
    sql: [
      ` passing AS MATERIALIZED (SELECT p.product_id FROM retail.products p WHERE ${condition} LIMIT ${FEW + 1})`,
      ` few AS MATERIALIZED (SELECT count(*) <= ${FEW} AS yes FROM passing)`,
    ],
  };
}
