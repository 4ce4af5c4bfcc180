import { z } from 'zod';
import { decodeRows } from '../../../data/decode-rows.ts';
import { KIND_OF_PRODUCT, PRODUCT_COLUMNS, productShape } from '../product.ts';
import { DAY_MS, type Recommendation } from './recommendation.ts';

const shape = { ...productShape, units: z.number(), units_before: z.number() };

/**
 * What sells more than in as many days before, in the caller's stores. Ranked by how unlikely that is by chance, (now - before) /
 * sqrt(now + before), and not by percent, which would put what sold one piece and then three first. Cancelled orders never
 * happened, returns count against. $1 to $3: begin of the days before, of the days, and their end.
 */
const TEXT = `WITH sold AS (
    SELECT i.product_id,
      coalesce(sum(i.quantity) FILTER (WHERE o.order_date >= $2::timestamptz), 0)::integer AS units,
      coalesce(sum(i.quantity) FILTER (WHERE o.order_date < $2::timestamptz), 0)::integer AS units_before
    FROM retail.orders o JOIN retail.order_items i ON i.store_id = o.store_id AND i.order_id = o.order_id
    WHERE o.order_date >= $1::timestamptz AND o.order_date < $3::timestamptz AND o.status <> 'cancelled'
    GROUP BY i.product_id
  )
  SELECT ${PRODUCT_COLUMNS}, units, units_before
  FROM sold
    JOIN retail.products p USING (product_id)
    ${KIND_OF_PRODUCT}
  WHERE units > greatest(units_before, 0) AND NOT p.discontinued
  ORDER BY (units - units_before) / sqrt(units + greatest(units_before, 0)) DESC, p.sku
  LIMIT $4::integer`;

/** What sells better than before. */
export const trending: Recommendation = {
  permissions: ['read:basic_reports'],
  needs: [],
  async run({ days, max_rows: rows }, { database, clock }, context) {
    const now = clock.now();
    const at = (ago: number): string => new Date(now - ago * DAY_MS).toISOString();
    const values = [at(2 * days), at(days), at(0), rows];
    const found = await database.withTenant(context, (tenant) => tenant.query({ text: TEXT, values }));
    return {
      mode: 'sales',
      products: decodeRows(found, shape),
      note: `units: sold in the last ${days} days; units_before: in the ${days} days before.`,
    };
  },
};
