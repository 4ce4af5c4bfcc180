import type { LoaderSession } from '../../data/database.ts';

/** Sums are exact decimals as text. */
export interface Figures {
  readonly lines: number;
  readonly sum: string;
  readonly negativeLines: number;
  readonly orders: number;
  readonly customers: number;
  readonly skus: number;
  readonly stores: number;
}

export interface StoreFigures {
  readonly store: string;
  readonly lines: number;
  readonly sum: string;
}

export type DistinctCounts = Pick<Figures, 'orders' | 'customers' | 'skus' | 'stores'>;

/** Distinct values among the lines that could be read, from staging: counting them takes no memory here. */
export async function countDistinct(session: LoaderSession): Promise<DistinctCounts> {
  const [row] = await session.query<Record<keyof DistinctCounts, string>>(
    `SELECT count(DISTINCT order_number) AS orders, count(DISTINCT store) AS stores,
       (SELECT count(*) FROM import_customers) AS customers, (SELECT count(*) FROM import_products) AS skus
     FROM import_orders WHERE readable`,
  );
  return {
    orders: Number(row?.orders),
    customers: Number(row?.customers),
    skus: Number(row?.skus),
    stores: Number(row?.stores),
  };
}

/** The lines of this import, as they now stand in the final tables. */
const STORED = `CREATE TEMP TABLE import_stored ON COMMIT DROP AS
  SELECT i.store_id, i.product_id, count(*) AS lines, sum(i.line_total) AS sum,
    count(*) FILTER (WHERE i.quantity < 0) AS negative
  FROM import_orders o JOIN retail.order_items i ON i.store_id = o.store_id AND i.order_id = o.order_id
  WHERE o.fresh AND o.readable GROUP BY i.store_id, i.product_id
  UNION ALL
  SELECT i.store_id, i.product_id, count(*), sum(i.line_total), count(*) FILTER (WHERE i.quantity < 0)
  FROM import_orders o
  JOIN import_known k ON k.order_id = o.order_id
  JOIN retail.order_items i ON i.store_id = o.store_id AND i.order_id = o.order_id
    AND i.line_number > k.before AND i.line_number <= k.before + k.places
  WHERE NOT EXISTS (SELECT FROM import_conflicts c WHERE c.line = k.first_line + i.line_number - k.before - 1)
  GROUP BY i.store_id, i.product_id`;

const BY_STORE = `SELECT s.slug AS store, sum(lines) AS lines, sum(sum) AS sum
  FROM import_stored JOIN retail.stores s USING (store_id) GROUP BY s.slug ORDER BY s.slug`;

const IN_ALL = `SELECT coalesce(sum(lines), 0) AS lines, coalesce(sum(sum), 0) AS sum, coalesce(sum(negative), 0) AS negative,
    count(DISTINCT p.sku) AS skus, count(DISTINCT store_id) AS stores
  FROM import_stored JOIN retail.products p USING (product_id)`;

const ORDERS = `SELECT count(DISTINCT o.order_number) AS orders, count(DISTINCT c.customer_number) AS customers
  FROM import_orders i
  JOIN retail.orders o ON o.store_id = i.store_id AND o.order_id = i.order_id
  LEFT JOIN private.customers c ON c.store_id = o.store_id AND c.customer_id = o.customer_id`;

/** The figures of this import from the final tables, in all and by store. */
export async function countStored(
  session: LoaderSession,
): Promise<{ readonly figures: Figures; readonly stores: readonly StoreFigures[] }> {
  await session.query('ANALYZE import_orders, import_conflicts');
  // Nothing has counted the new rows yet: PostgreSQL would take them for few, and sort them.
  await session.query('SET LOCAL enable_sort = off');
  await session.query(STORED);
  await session.query('SET LOCAL enable_sort = on');
  const stores = await session.query<{ store: string; lines: string; sum: string }>(BY_STORE);
  const [all] = await session.query<Record<string, string>>(IN_ALL);
  const [orders] = await session.query<Record<string, string>>(ORDERS);
  return {
    figures: {
      lines: Number(all?.lines),
      sum: plain(all?.sum ?? ''),
      negativeLines: Number(all?.negative),
      orders: Number(orders?.orders),
      customers: Number(orders?.customers),
      skus: Number(all?.skus),
      stores: Number(all?.stores),
    },
    stores: stores.map(({ store, lines, sum }) => ({ store, lines: Number(lines), sum: plain(sum) })),
  };
}

/** Without the zeros at the end that numeric keeps. */
function plain(decimal: string): string {
  return decimal.includes('.') ? decimal.replace(/\.?0+$/, '') : decimal;
}
