import type { LoaderSession } from '../../data/database.ts';

/**
 * Orders that were in the database before, once each. An order is dated by its earliest line: it may be known under a later
 * date only when the file brings lines that are missing, under an earlier one only when the file does not bring all.
 */
const ORDERS = `CREATE TEMP TABLE import_known_orders ON COMMIT DROP AS
  SELECT i.store, i.order_number, i.store_id, i.order_id, k.lines, o.total_amount,
    CASE
      WHEN c.customer_number IS DISTINCT FROM i.customer_number
        THEN 'conflict: the order is known with ' || coalesce('customer ' || c.customer_number, 'no customer')
      WHEN k.order_date > o.order_date AND k.lines >= o.item_count OR k.order_date < o.order_date AND k.lines <= o.item_count
        THEN 'conflict: the order is known with the date ' || to_char(o.order_date AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS UTC')
    END AS refusal
  FROM (
    SELECT order_id, store, order_number, min(order_date) AS order_date, sum(places) AS lines
    FROM import_known GROUP BY order_id, store, order_number
  ) k
  JOIN import_orders i ON i.store = k.store AND i.order_number = k.order_number
  JOIN retail.orders o ON o.store_id = i.store_id AND o.order_id = i.order_id
  LEFT JOIN private.customers c ON c.store_id = o.store_id AND c.customer_id = o.customer_id`;

const REFUSED = `INSERT INTO import_conflicts
  SELECT line, o.refusal, o.order_id
  FROM import_known_orders o JOIN import_known k ON k.order_id = o.order_id
  CROSS JOIN LATERAL generate_series(k.first_line, k.first_line + k.places - 1) AS line
  WHERE o.refusal IS NOT NULL`;

/** Their lines, but for those that are there just so. */
const DIFFERENCES = `CREATE TEMP TABLE import_differences ON COMMIT DROP AS
  SELECT o.store_id, o.order_id, (k.before + l.place)::integer AS line_number, k.first_line + l.place - 1 AS line,
    l.sku, l.quantity, l.price, k.order_date, i.line_number IS NOT NULL AS conflict
  FROM import_known_orders o
  JOIN import_known k ON k.order_id = o.order_id
  CROSS JOIN LATERAL unnest(k.skus::text[], k.quantities::integer[], k.prices::numeric[])
    WITH ORDINALITY AS l (sku, quantity, price, place)
  LEFT JOIN retail.order_items i
    ON i.store_id = o.store_id AND i.order_id = o.order_id AND i.line_number = k.before + l.place
  LEFT JOIN retail.products q ON q.product_id = i.product_id
  WHERE o.refusal IS NULL
    AND (q.sku = l.sku AND i.quantity = l.quantity AND i.unit_price = l.price AND i.discount = 0) IS NOT TRUE`;

const DIFFERENT = `INSERT INTO import_conflicts
  SELECT line, 'conflict: line ' || line_number || ' of the order is known with other values', order_id
  FROM import_differences WHERE conflict`;

/**
 * An order grows only into what the file says of it: every line that is there must be in the file, at its place. A line that
 * kept no place, or was taken out of the file, moves those that follow; without this rule they would be added once more.
 */
const WITHHELD = `WITH judged AS (
    SELECT o.order_id, CASE
      WHEN o.order_id IN (SELECT order_id FROM import_conflicts)
        THEN 'conflict: another line of this order contradicts what is known; nothing was added to it'
      WHEN o.lines - d.lines < (
        SELECT count(*) FROM retail.order_items i WHERE i.store_id = o.store_id AND i.order_id = o.order_id)
        THEN 'conflict: a line of this order that is known could not be found in the file; nothing was added to it'
      WHEN abs(o.total_amount + d.amount) > 1e12 THEN 'the total of the order is beyond 1e12'
    END AS refusal
    FROM import_known_orders o
    JOIN (
      SELECT order_id, count(*) AS lines, sum(quantity * price) AS amount FROM import_differences GROUP BY order_id
    ) d ON d.order_id = o.order_id
  ), withheld AS (
    DELETE FROM import_differences d USING judged j
    WHERE j.order_id = d.order_id AND j.refusal IS NOT NULL AND NOT d.conflict
    RETURNING d.line, j.refusal, d.order_id
  )
  INSERT INTO import_conflicts SELECT line, refusal, order_id FROM withheld`;

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

export interface KnownLines {
  /** Lines of orders that were in the database before. */
  readonly compared: number;
  /** Those that were missing there and went in. */
  readonly added: number;
}

/**
 * Compares what the file says of orders that were in the database before: lines that are missing go in, lines that differ
 * are conflicts, nothing that was there is changed. Nothing is added to an order that has a conflict.
 */
export async function storeKnownOrders(session: LoaderSession): Promise<KnownLines> {
  const [known] = await session.query<{ lines: string }>(
    'SELECT coalesce(sum(places), 0) AS lines FROM import_known',
  );
  const compared = Number(known?.lines);
  if (compared === 0) return { compared, added: 0 };
  await session.query('CREATE INDEX ON import_known (order_id)');
  await session.query('ANALYZE import_known, import_orders');
  await session.query(ORDERS);
  await session.query('ANALYZE import_known_orders');
  await session.query(REFUSED);
  await session.query(DIFFERENCES);
  await session.query(DIFFERENT);
  await session.query(WITHHELD);
  await session.query(GROWN_ORDERS);
  await session.query(MISSING_LINES);
  const [missing] = await session.query<{ lines: string }>(
    'SELECT count(*) AS lines FROM import_differences WHERE NOT conflict',
  );
  return { compared, added: Number(missing?.lines) };
}
