import { z } from 'zod';
import type { TenantSession } from '../../../data/database.ts';
import { decodeRows } from '../../../data/decode-rows.ts';
import type { Period } from '../period.ts';

const shape = { first: z.string().nullable(), last: z.string().nullable() };

/**
 * What to tell when a period holds nothing: the days between which the caller's orders lie, so that the next question can
 * be about them. Imported books may have ended years ago.
 */
export async function explainEmptiness(
  tenant: TenantSession,
  period: Period,
  storeId?: string,
): Promise<string> {
  const rows = await tenant.query({
    text: `SELECT (min(order_date) AT TIME ZONE 'UTC')::date AS first, (max(order_date) AT TIME ZONE 'UTC')::date AS last
      FROM retail.orders
      WHERE status <> 'cancelled' AND ($1::uuid IS NULL OR store_id = $1::uuid)`,
    values: [storeId ?? null],
  });
  const [dates] = decodeRows(rows, shape);
  if (dates?.first == null || dates.last === null) return 'No orders at all.';
  return `No orders from ${period.start} to ${period.end}. The first order is of ${dates.first}, the last of ${dates.last} (UTC).`;
}
