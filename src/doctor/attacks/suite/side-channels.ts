import { type Attack, attacks } from '../attack.ts';

const ESTIMATES =
  'Estimates, sizes and positions tell how many rows all stores together have, and of none alone. PostgreSQL offers no means to hide them.';

/** In the session after COMMIT, an insert that tells by its error whether a value is taken; always undone. */
const insertInDo = (
  insert: string,
) => `DO $$ DECLARE found text := 'free'; BEGIN COMMIT; SET TRANSACTION READ WRITE;
  BEGIN ${insert}; EXCEPTION WHEN unique_violation OR foreign_key_violation THEN found := 'taken'; END;
  ROLLBACK; EXECUTE format('PREPARE %I AS SELECT 1', 'found ' || found); END $$`;
const found = `SELECT substr(name, 7) FROM pg_prepared_statements WHERE name LIKE 'found %'`;

const MEND_KEYS =
  'Let store_id lead every unique and foreign key of tenant tables (migrations/0002_retail.sql), and give readers SELECT only.';

/** Closes: answers that tell of rows without showing them: existence, errors, keys, time, plans, estimates. */
export const SIDE_CHANNELS: readonly Attack[] = attacks(
  'side channels',
  'Force row security on every tenant table, so that conditions of a query never meet rows of another store.',
  [
    {
      name: 'a count by a known address',
      sql: ({ guess }) => `SELECT count(*) FROM retail.customers WHERE email = '${guess.email}'`,
      sign: 'difference',
    },
    {
      name: 'EXISTS by a known order number',
      sql: ({ guess }) =>
        `SELECT EXISTS (SELECT FROM retail.orders WHERE order_number = '${guess.orderNumber}')`,
      sign: 'difference',
    },
    {
      name: 'a sum over the other store',
      sql: ({ other }) =>
        `SELECT sum(total_amount), count(*) FROM retail.orders WHERE store_id = '${other.storeId}'`,
      sign: 'value',
    },
    {
      name: 'the greatest of all',
      sql: ({ other }) =>
        `SELECT max(store_id::text) = '${other.storeId}' OR min(store_id::text) = '${other.storeId}' FROM retail.stores`,
      sign: 'value',
    },
    {
      name: 'an anti-join by a known key',
      sql: ({ guess }) =>
        `SELECT count(*) FROM (VALUES ('${guess.customerId}'::uuid)) v(id) WHERE NOT EXISTS (SELECT FROM retail.customers c WHERE c.customer_id = v.id)`,
      sign: 'difference',
    },
    {
      name: 'division by zero when a row is met',
      sql: ({ guess }) =>
        `SELECT count(*) FROM retail.customers WHERE 1 / (CASE WHEN email = '${guess.email}' THEN 0 ELSE 1 END) = 1`,
      sign: 'difference',
    },
    {
      name: 'a failing cast when a row is met',
      sql: ({ guess }) =>
        `SELECT count(*) FROM retail.customers WHERE (CASE WHEN email = '${guess.email}' THEN email ELSE '1' END)::integer = 1`,
      sign: 'difference',
    },
    {
      name: 'an overflow when a row is met',
      sql: ({ guess }) =>
        `SELECT count(*) FROM retail.orders WHERE 2147483647 + (CASE WHEN order_number = '${guess.orderNumber}' THEN 1 ELSE 0 END) > 0`,
      sign: 'difference',
    },
    { name: 'the text of a failed cast', sql: 'SELECT last_name::integer FROM retail.customers' },
    { name: 'the text of a failed cast to a name', sql: 'SELECT last_name::regclass FROM retail.customers' },
    { name: 'the text of a failed cast to JSON', sql: 'SELECT body::jsonb FROM retail.support_tickets' },
    {
      name: 'the text of a failed date',
      sql: `SELECT to_date(subject, 'YYYY-MM-DD') FROM retail.support_tickets`,
    },
    { name: 'the text of a failed pattern', sql: `SELECT 'x' ~ ('(' || last_name) FROM retail.customers` },
    {
      name: 'values as column names',
      sql: `SELECT * FROM json_populate_record(NULL::retail.customers, (SELECT to_json(c) FROM retail.customers c LIMIT 1))`,
    },
    {
      name: 'time that passes only when a row is met',
      sql: ({ guess }) =>
        `SELECT (SELECT count(*) FROM (SELECT generate_series(1, 1000000000)) s) FROM retail.customers WHERE email = '${guess.email}'`,
      sign: 'difference',
      brief: true,
    },
    {
      name: 'pg_sleep only when a row is met',
      sql: ({ guess }) =>
        `SELECT pg_sleep(60) FROM retail.orders WHERE order_number = '${guess.orderNumber}'`,
      sign: 'difference',
      brief: true,
    },
    {
      name: 'a taken key, by INSERT',
      sql: ({ guess, own }) =>
        `INSERT INTO retail.orders (store_id, order_number, order_date) VALUES ('${own.storeId}', '${guess.orderNumber}', now())`,
      sign: 'difference',
      mend: MEND_KEYS,
    },
    {
      name: 'a taken key, by ON CONFLICT',
      sql: ({ guess, own }) =>
        `INSERT INTO retail.orders (store_id, order_number, order_date) VALUES ('${own.storeId}', '${guess.orderNumber}', now()) ON CONFLICT DO NOTHING RETURNING 1`,
      sign: 'difference',
      mend: MEND_KEYS,
    },
    {
      name: 'a row that is referred to, by INSERT',
      sql: ({ guess, own }) =>
        `INSERT INTO retail.payments (store_id, order_id, amount, method) VALUES ('${own.storeId}', '${guess.orderId}', 1, 'cash')`,
      sign: 'difference',
      mend: MEND_KEYS,
    },
    {
      name: 'a taken key, by INSERT in a DO block (rolled back)',
      bare: true,
      sql: [
        ({ guess, own }) =>
          insertInDo(
            `PERFORM set_config('app.current_rls_user_id', '${own.subject}', true); INSERT INTO retail.orders (store_id, order_number, order_date) VALUES ('${own.storeId}', '${guess.orderNumber}', now())`,
          ),
        found,
      ],
      sign: 'difference',
      mend: MEND_KEYS,
    },
    {
      name: 'a row that is referred to, by INSERT in a DO block (rolled back)',
      bare: true,
      sql: [
        ({ guess, own }) =>
          insertInDo(
            `PERFORM set_config('app.current_rls_user_id', '${own.subject}', true); INSERT INTO retail.payments (store_id, order_id, amount, method) VALUES ('${own.storeId}', '${guess.orderId}', 1, 'cash')`,
          ),
        found,
      ],
      sign: 'difference',
      mend: MEND_KEYS,
    },
    {
      name: 'EXPLAIN by a known address',
      sql: ({ guess }) => `EXPLAIN SELECT * FROM retail.customers WHERE email = '${guess.email}'`,
      sign: 'difference',
      residue: ESTIMATES,
    },
    { name: 'EXPLAIN of all rows', sql: 'EXPLAIN SELECT * FROM retail.customers', residue: ESTIMATES },
    {
      name: 'EXPLAIN ANALYZE, which counts rows that were left out',
      sql: 'EXPLAIN (ANALYZE, TIMING OFF, SUMMARY OFF) SELECT * FROM retail.customers',
      residue: ESTIMATES,
    },
    { name: 'the size of a table', sql: `SELECT pg_relation_size('retail.customers')`, residue: ESTIMATES },
    { name: 'the position of a row', sql: 'SELECT ctid FROM retail.customers', residue: ESTIMATES },
    {
      name: 'the number of the transaction',
      sql: 'SELECT txid_current_if_assigned(), pg_current_snapshot()',
      residue: ESTIMATES,
    },
  ],
);
