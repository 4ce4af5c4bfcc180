import type { LoaderSession } from '../../data/database.ts';

/** Physical lines of the file that one statement stores: bounds what PostgreSQL holds in memory for it. */
const LINES_AT_ONCE = 500_000;

const ORDERS = `INSERT INTO retail.orders
    (store_id, order_id, order_number, customer_id, order_date, status, total_amount, item_count)
  SELECT o.store_id, o.order_id, o.order_number, c.customer_id, o.order_date,
    CASE WHEN $1 <> '' AND starts_with(o.order_number, $1) THEN 'returned' ELSE 'completed' END, o.amount, o.lines
  FROM import_orders o
  LEFT JOIN retail.customers c ON c.store_id = o.store_id AND c.customer_number = o.customer_number
  WHERE o.fresh AND o.refusal IS NULL
  ORDER BY o.seq`;

const LINES = `INSERT INTO retail.order_items (store_id, order_id, line_number, product_id, quantity, unit_price)
  SELECT f.store_id, f.order_id, f.before + l.place, q.product_id, l.quantity, l.price
  FROM (
    SELECT o.store_id, o.order_id, p.before, f.skus, f.quantities, f.prices
    FROM import_fragments f
    JOIN import_places p ON p.first_line = f.first_line
    JOIN import_orders o ON o.store = p.store AND o.order_number = p.order_number
    WHERE o.fresh AND o.refusal IS NULL AND p.accepted AND f.first_line >= $1 AND f.first_line < $2
    ORDER BY o.seq, f.first_line
  ) f
  CROSS JOIN LATERAL unnest(f.skus::text[], f.quantities::integer[], f.prices::numeric[])
    WITH ORDINALITY AS l (sku, quantity, price, place)
  JOIN import_products q ON q.sku = l.sku`;

const MISSING_LINES = `INSERT INTO retail.order_items (store_id, order_id, line_number, product_id, quantity, unit_price)
  SELECT d.store_id, d.order_id, d.line_number, q.product_id, d.quantity, d.price
  FROM import_differences d JOIN import_products q ON q.sku = d.sku
  WHERE NOT d.conflict
  ORDER BY d.store_id, d.order_id, d.line_number`;

const GROWN_ORDERS = `UPDATE retail.orders o
  SET total_amount = o.total_amount + d.amount, item_count = o.item_count + d.lines,
    order_date = least(o.order_date, d.order_date), updated_at = now()
  FROM (
    SELECT store_id, order_id, sum(quantity * price) AS amount, count(*) AS lines, min(order_date) AS order_date
    FROM import_differences WHERE NOT conflict GROUP BY store_id, order_id
  ) d
  WHERE o.store_id = d.store_id AND o.order_id = d.order_id`;

/**
 * Stores the orders and lines that are new.
 *
 * The lines' foreign keys are checked here for the whole set at once: each line gets its product and order from a join with
 * rows that are locked or were made by this very transaction. PostgreSQL would check the same again line by line, which
 * takes twice as long as all the rest of the import, so where the loader may it is told not to. Without that right (it is
 * granted by a superuser, see migrations/0005_audit.sql) the result is the same, later.
 */
export async function storeLines(
  session: LoaderSession,
  cancellationPrefix: string,
  lastLine: number,
  onStored: (line: number) => void,
): Promise<void> {
  await session.query(ORDERS, [cancellationPrefix]);
  await session.query(GROWN_ORDERS);
  const trusted = await maySkipChecks(session);
  if (trusted) await session.query('SET LOCAL session_replication_role = replica');
  for (let line = 0; line <= lastLine; line += LINES_AT_ONCE) {
    await session.query(LINES, [line, line + LINES_AT_ONCE]);
    onStored(Math.min(lastLine, line + LINES_AT_ONCE));
  }
  await session.query(MISSING_LINES);
  if (trusted) await session.query('SET LOCAL session_replication_role = origin');
}

async function maySkipChecks(session: LoaderSession): Promise<boolean> {
  const [right] = await session.query<{ may: boolean }>(
    `SELECT has_parameter_privilege('session_replication_role', 'SET') AS may`,
  );
  return right?.may === true;
}
