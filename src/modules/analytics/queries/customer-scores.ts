import { z } from 'zod';
import type { TenantSession } from '../../../data/database.ts';
import { decodeRows } from '../../../data/decode-rows.ts';
import { SALES_SCOPE, type SalesScope, scopeValues } from './sales-scope.ts';

const shape = {
  currency: z.string(),
  recency: z.number(),
  frequency: z.number(),
  monetary: z.number(),
  customers: z.number(),
  orders: z.number(),
  revenue: z.string(),
  days_since: z.number(),
};

/** All customers with the same three scores: at most 125 rows per currency, however many customers there are. */
export type CustomerScores = z.output<z.ZodObject<typeof shape>>;

/**
 * Customers who bought in the period, scored in fifths among those of their currency: by the time of the last sale, by the
 * number of sales, by revenue net of returns. Equal customers on a border of two fifths are parted by the other
 * figures and at last by id, so that the same data always give the same scores.
 */
const TEXT = `WITH ${SALES_SCOPE},
  buyer AS (
    SELECT currency, store_id, customer_id,
      max(order_date) FILTER (WHERE NOT is_return) AS last_sale,
      count(*) FILTER (WHERE NOT is_return) AS orders,
      sum(total_amount) AS revenue
    FROM sale
    WHERE customer_id IS NOT NULL
    GROUP BY 1, 2, 3
    HAVING count(*) FILTER (WHERE NOT is_return) > 0
  ),
  scored AS (
    SELECT *,
      ntile(5) OVER (PARTITION BY currency ORDER BY last_sale, orders, revenue, store_id, customer_id) AS recency,
      ntile(5) OVER (PARTITION BY currency ORDER BY orders, revenue, last_sale, store_id, customer_id) AS frequency,
      ntile(5) OVER (PARTITION BY currency ORDER BY revenue, orders, last_sale, store_id, customer_id) AS monetary
    FROM buyer
  )
  SELECT currency, recency, frequency, monetary, count(*) AS customers, sum(orders)::bigint AS orders, sum(revenue) AS revenue,
    sum(floor(extract(epoch FROM span.until - last_sale) / 86400))::bigint AS days_since
  FROM scored CROSS JOIN span
  GROUP BY 1, 2, 3, 4
  ORDER BY 1, 2, 3, 4`;

export async function customerScores(tenant: TenantSession, scope: SalesScope): Promise<CustomerScores[]> {
  return decodeRows(await tenant.query({ text: TEXT, values: scopeValues(scope), maxRows: 10_000 }), shape);
}
