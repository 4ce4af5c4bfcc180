import type { LoaderSession } from '../../data/database.ts';

/**
 * Where every fragment stands in its order. A line's number is its place among the lines of its order in the file, so the
 * same order gets the same numbers from every export that holds it from its beginning. The first customer named owns the
 * order; a fragment that names another is not accepted.
 */
const PLACES = `CREATE TEMP TABLE import_places ON COMMIT DROP AS
  SELECT f.first_line, f.store, f.order_number, f.places, f.amount, f.order_date,
    sum(f.places) OVER (PARTITION BY f.store, f.order_number ORDER BY f.first_line) - f.places AS before,
    owner.customer_number, f.skus IS NOT NULL AS readable,
    f.skus IS NOT NULL AND (f.customer_number IS NULL OR f.customer_number = owner.customer_number) AS accepted
  FROM import_fragments f
  LEFT JOIN (
    SELECT DISTINCT ON (store, order_number) store, order_number, customer_number
    FROM import_fragments WHERE customer_number IS NOT NULL AND skus IS NOT NULL
    ORDER BY store, order_number, first_line
  ) owner ON owner.store = f.store AND owner.order_number = f.order_number`;

/**
 * One row an order of the file. `seq` sorts by store and then as the file does; new ids (UUID version 7) rise with it, so
 * that rows go into the indexes from left to right. An order is dated by its earliest line: known under a later date it may
 * only be when the file brings lines that are missing, under an earlier one only when the file does not bring all.
 */
const ORDERS = `CREATE TEMP TABLE import_orders ON COMMIT DROP AS
  WITH met AS (
    SELECT store, order_number, customer_number, min(first_line) AS first_line, min(order_date) AS order_date,
      sum(places) AS lines, sum(amount) AS amount
    FROM import_places WHERE accepted GROUP BY store, order_number, customer_number
  ), numbered AS (
    SELECT m.*, s.store_id, row_number() OVER (ORDER BY s.store_id, m.first_line) AS seq
    FROM met m JOIN retail.stores s ON s.slug = m.store
  ), now AS (
    SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS ms
  )
  SELECT n.*, o.order_id IS NULL AS fresh,
    coalesce(o.order_id, (overlay(lpad(to_hex(ms + (seq >> 12)), 12, '0') PLACING '-' FROM 9 FOR 0)
      || '-7' || lpad(to_hex(seq & 4095), 3, '0') || substr(gen_random_uuid()::text, 19))::uuid) AS order_id,
    CASE
      WHEN o.order_id IS NULL THEN CASE WHEN abs(amount) > 1e12 THEN 'the total of the order is beyond 1e12' END
      WHEN c.customer_number IS DISTINCT FROM n.customer_number
        THEN 'conflict: the order is known with ' || coalesce('customer ' || c.customer_number, 'no customer')
      WHEN n.order_date > o.order_date AND n.lines >= o.item_count OR n.order_date < o.order_date AND n.lines <= o.item_count
        THEN 'conflict: the order is known with the date ' || to_char(o.order_date AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS UTC')
    END AS refusal
  FROM numbered n CROSS JOIN now
  LEFT JOIN retail.orders o ON o.store_id = n.store_id AND o.order_number = n.order_number
  LEFT JOIN retail.customers c ON c.store_id = o.store_id AND c.customer_id = o.customer_id`;

/** Lines of orders that are in the database already, but for those that are there just so. */
const DIFFERENCES = `CREATE TEMP TABLE import_differences ON COMMIT DROP AS
  SELECT o.store_id, o.order_id, (p.before + l.place)::integer AS line_number, p.first_line + l.place - 1 AS line,
    l.sku, l.quantity, l.price, p.order_date, i.line_number IS NOT NULL AS conflict
  FROM import_orders o
  JOIN import_places p ON p.store = o.store AND p.order_number = o.order_number
  JOIN import_fragments f ON f.first_line = p.first_line
  CROSS JOIN LATERAL unnest(f.skus::text[], f.quantities::integer[], f.prices::numeric[])
    WITH ORDINALITY AS l (sku, quantity, price, place)
  LEFT JOIN retail.order_items i
    ON i.store_id = o.store_id AND i.order_id = o.order_id AND i.line_number = p.before + l.place
  LEFT JOIN retail.products q ON q.product_id = i.product_id
  WHERE NOT o.fresh AND o.refusal IS NULL AND p.accepted
    AND (q.sku = l.sku AND i.quantity = l.quantity AND i.unit_price = l.price AND i.discount = 0) IS NOT TRUE`;

/** What will not be imported though it could be read. */
const CONFLICTS = `CREATE TEMP TABLE import_conflicts ON COMMIT DROP AS
  SELECT line, 'conflict: another customer than in the lines before it in the same order' AS reason
  FROM import_places p CROSS JOIN LATERAL generate_series(p.first_line, p.first_line + p.places - 1) AS line
  WHERE p.readable AND NOT p.accepted
  UNION ALL
  SELECT line, o.refusal
  FROM import_orders o JOIN import_places p ON p.store = o.store AND p.order_number = o.order_number
  CROSS JOIN LATERAL generate_series(p.first_line, p.first_line + p.places - 1) AS line
  WHERE o.refusal IS NOT NULL AND p.accepted
  UNION ALL
  SELECT line, 'conflict: line ' || line_number || ' of the order is known with other values'
  FROM import_differences WHERE conflict`;

export interface Verdict {
  /** Lines that go in. */
  readonly added: number;
  /** Lines that can be read and are refused all the same. */
  readonly conflicts: number;
}

/** Decides on every order and line of the staging tables; nothing outside them is changed. */
export async function judgeOrders(session: LoaderSession): Promise<Verdict> {
  await session.query(PLACES);
  await session.query('ANALYZE import_places');
  await session.query(ORDERS);
  await session.query('ANALYZE import_orders');
  await session.query(DIFFERENCES);
  await session.query(CONFLICTS);
  const [verdict] = await session.query<{ added: string; conflicts: string }>(
    `SELECT (SELECT coalesce(sum(lines), 0) FROM import_orders WHERE fresh AND refusal IS NULL)
       + (SELECT count(*) FROM import_differences WHERE NOT conflict) AS added,
       (SELECT count(*) FROM import_conflicts) AS conflicts`,
  );
  return { added: Number(verdict?.added), conflicts: Number(verdict?.conflicts) };
}
