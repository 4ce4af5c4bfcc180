import type { LoaderSession } from '../../data/database.ts';

const MET = `INSERT INTO import_met
  SELECT store, order_number, min(first_line), sum(places),
    (array_agg(customer_number ORDER BY first_line) FILTER (WHERE customer_number IS NOT NULL))[1],
    bool_or(skus IS NOT NULL)
  FROM import_segment GROUP BY store, order_number`;

/** Orders that began in an earlier segment go on. */
const CONTINUED = `UPDATE import_orders o
  SET store_id = coalesce(o.store_id, (SELECT s.store_id FROM retail.stores s WHERE s.slug = o.store)), earlier = o.places, places = o.places + m.places, readable = o.readable OR m.readable,
    customer_number = coalesce(o.customer_number, m.customer_number)
  FROM import_met m WHERE m.store = o.store AND m.order_number = o.order_number`;

/**
 * `seq` sorts by store and then as the file does; new ids (UUID version 7) rise with it, so that rows go into the indexes
 * from left to right. An order of which no line could be read so far may have no store yet.
 */
const BEGUN = `INSERT INTO import_orders
  WITH begun AS (
    SELECT m.*, s.store_id, row_number() OVER (ORDER BY s.store_id, m.first_line) AS seq
    FROM import_met m LEFT JOIN retail.stores s ON s.slug = m.store
    WHERE NOT EXISTS (SELECT FROM import_orders o WHERE o.store = m.store AND o.order_number = m.order_number)
  ), now AS (
    SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS ms
  )
  SELECT b.store, b.order_number, b.store_id,
    coalesce(r.order_id, (overlay(lpad(to_hex(ms + (seq >> 12)), 12, '0') PLACING '-' FROM 9 FOR 0)
      || '-7' || lpad(to_hex(seq & 4095), 3, '0') || substr(gen_random_uuid()::text, 19))::uuid),
    r.order_id IS NULL, b.readable, b.customer_number, $1::integer, b.seq, 0, b.places
  FROM begun b CROSS JOIN now
  LEFT JOIN retail.orders r ON r.store_id = b.store_id AND r.order_number = b.order_number`;

/**
 * Where every fragment stands in its order. A line's number is its place among the lines of its order in the file, so the
 * same order gets the same numbers from every export that holds it from its beginning. The first customer named owns the
 * order; a fragment that names another is not accepted. What takes an order past the bound of its column isn't either: all
 * of its lines in this segment, on top of what earlier segments stored of it ($1: this one's number).
 */
const PLACES = `INSERT INTO import_places
  WITH placed AS (
    SELECT s.*, o.customer_number AS owner, o.fresh,
      o.earlier + sum(s.places) OVER (PARTITION BY s.store, s.order_number ORDER BY s.first_line) - s.places AS before,
      sum(s.amount) FILTER (WHERE (s.customer_number <> o.customer_number) IS NOT TRUE)
        OVER (PARTITION BY s.store, s.order_number)
      + coalesce((SELECT r.total_amount FROM retail.orders r
          WHERE o.fresh AND o.segment < $1 AND r.store_id = o.store_id AND r.order_id = o.order_id), 0) AS total
    FROM import_segment s JOIN import_orders o ON o.store = s.store AND o.order_number = s.order_number
  ), judged AS (
    SELECT *, CASE
      WHEN customer_number <> owner THEN 'conflict: another customer than in the lines before it in the same order'
      WHEN fresh AND abs(total) > 1e12 THEN 'the total of the order is beyond 1e12'
    END AS refusal
    FROM placed
  )
  SELECT first_line, places, before, store, order_number, skus IS NOT NULL, skus IS NOT NULL AND refusal IS NULL, refusal,
    amount, order_date
  FROM judged`;

const CONFLICTS = `INSERT INTO import_conflicts
  SELECT line, refusal, o.order_id FROM import_places p
  JOIN import_orders o ON o.store = p.store AND o.order_number = p.order_number
  CROSS JOIN LATERAL generate_series(p.first_line, p.first_line + p.places - 1) AS line
  WHERE p.readable AND NOT p.accepted`;

/** Orders that were in the database before wait for the end: what they lack shows only when the file was read. */
const KNOWN = `INSERT INTO import_known
  SELECT s.*, p.before, o.order_id
  FROM import_places p
  JOIN import_orders o ON o.store = p.store AND o.order_number = p.order_number
  JOIN import_segment s ON s.first_line = p.first_line
  WHERE p.accepted AND NOT o.fresh`;

/** Gives every order of the segment an id and every fragment its place in the order. */
export async function placeOrders(session: LoaderSession, segment: number): Promise<void> {
  await session.query('ANALYZE import_segment (store, order_number, first_line)');
  await session.query(MET);
  if (segment > 0) await session.query(CONTINUED);
  await session.query(BEGUN, [segment]);
  await session.query(PLACES, [segment]);
  await session.query('ANALYZE import_places');
  await session.query(CONFLICTS);
  await session.query(KNOWN);
  await session.query(`INSERT INTO import_customers SELECT DISTINCT customer_number FROM import_segment
    WHERE customer_number IS NOT NULL ON CONFLICT DO NOTHING`);
}
