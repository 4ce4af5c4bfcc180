import type { LoaderSession } from '../../data/database.ts';

/** Orders of the segment that are new to the database, with what the segment adds to them. */
const SOLD = `INSERT INTO import_sold
  SELECT o.store_id, o.order_id, o.order_number, o.customer_number, o.segment, o.seq, sold.amount, sold.lines, sold.order_date
  FROM import_orders o
  JOIN (
    SELECT store, order_number, sum(amount) AS amount, sum(places) AS lines, min(order_date) AS order_date
    FROM import_places WHERE accepted GROUP BY store, order_number
  ) sold ON sold.store = o.store AND sold.order_number = o.order_number
  WHERE o.fresh`;

const OWNERS_TO_FIND = `SELECT DISTINCT store_id, customer_number FROM import_sold s
  WHERE customer_number IS NOT NULL AND NOT EXISTS (
    SELECT FROM import_owners o WHERE o.store_id = s.store_id AND o.customer_number = s.customer_number)`;

const OWNERS_MADE = `WITH made AS (
    INSERT INTO private.customers (store_id, customer_number) ${OWNERS_TO_FIND}
    ON CONFLICT (store_id, customer_number) DO NOTHING
    RETURNING store_id, customer_number, customer_id
  )
  INSERT INTO import_owners SELECT store_id, customer_number, customer_id FROM made`;

/** The lock is the one that a foreign key's own check takes: nobody deletes what the orders are about to point to. */
const OWNERS_FOUND = `INSERT INTO import_owners
  SELECT c.store_id, c.customer_number, c.customer_id FROM private.customers c
  WHERE (c.store_id, c.customer_number) IN (${OWNERS_TO_FIND})
  FOR KEY SHARE OF c`;

const ORDERS = `INSERT INTO retail.orders
    (store_id, order_id, order_number, customer_id, order_date, status, total_amount, item_count)
  SELECT s.store_id, s.order_id, s.order_number, o.customer_id, s.order_date,
    CASE WHEN $1 <> '' AND starts_with(s.order_number, $1) THEN 'returned' ELSE 'completed' END, s.amount, s.lines
  FROM import_sold s
  LEFT JOIN import_owners o ON o.store_id = s.store_id AND o.customer_number = s.customer_number
  WHERE s.segment = $2
    OR NOT EXISTS (SELECT FROM retail.orders r WHERE r.store_id = s.store_id AND r.order_id = s.order_id)
  ORDER BY s.seq`;

/** Before ORDERS, so that what it inserts is not added twice. */
const CONTINUED = `UPDATE retail.orders r
  SET total_amount = r.total_amount + s.amount, item_count = r.item_count + s.lines,
    order_date = least(r.order_date, s.order_date),
    customer_id = coalesce(r.customer_id, (SELECT o.customer_id FROM import_owners o
      WHERE o.store_id = s.store_id AND o.customer_number = s.customer_number))
  FROM import_sold s
  WHERE s.segment < $1 AND r.store_id = s.store_id AND r.order_id = s.order_id`;

/** Functions in the target list go through their arrays side by side; in FROM each of them would be spooled first. */
const LINES = `INSERT INTO retail.order_items (store_id, order_id, line_number, product_id, quantity, unit_price)
  SELECT l.store_id, l.order_id, l.line_number, q.product_id, l.quantity, l.price
  FROM (
    SELECT store_id, order_id, generate_series(before + 1, before + places) AS line_number,
      unnest(skus::text[]) AS sku, unnest(quantities::integer[]) AS quantity, unnest(prices::numeric[]) AS price
    FROM (
      SELECT o.store_id, o.order_id, p.before, p.places, s.skus, s.quantities, s.prices
      FROM import_segment s
      JOIN import_places p ON p.first_line = s.first_line
      JOIN import_orders o ON o.store = p.store AND o.order_number = p.order_number
      WHERE o.fresh AND p.accepted
      ORDER BY o.store_id, o.order_id, s.first_line
    ) f
  ) l
  JOIN import_products q ON q.sku = l.sku`;

/** Whether the loader may leave out PostgreSQL's own check of foreign keys: see `storeOrders`. */
export async function maySkipForeignKeys(session: LoaderSession): Promise<boolean> {
  const [right] = await session.query<{ may: boolean }>(
    `SELECT has_parameter_privilege('session_replication_role', 'SET') AS may`,
  );
  return right?.may === true;
}

async function withoutForeignKeys<Result>(
  session: LoaderSession,
  may: boolean,
  work: () => Promise<Result>,
): Promise<Result> {
  if (may) await session.query('SET LOCAL session_replication_role = replica');
  const result = await work();
  // After an error the transaction is over, and the setting with it.
  if (may) await session.query('SET LOCAL session_replication_role = origin');
  return result;
}

/**
 * Stores the orders and lines of the segment whose orders are new to the database.
 *
 * Foreign keys are checked here for the whole set at once: every store, customer, product and order that a row points to
 * comes from a join with rows that are locked or were made by this very transaction. PostgreSQL would check the same again
 * row by row, which takes longer than all the rest of the import, so where the loader may it is told not to. Without that
 * right (only a superuser can grant it: migrations/0005_audit.sql) the result is the same, later.
 */
export async function storeOrders(
  session: LoaderSession,
  segment: number,
  cancellationPrefix: string,
  maySkip: boolean,
): Promise<void> {
  await session.query(SOLD);
  await session.query(OWNERS_MADE);
  await session.query(OWNERS_FOUND);
  await withoutForeignKeys(session, maySkip, async () => {
    if (segment > 0) await session.query(CONTINUED, [segment]);
    await session.query(ORDERS, [cancellationPrefix, segment]);
    await session.query(LINES);
  });
}
