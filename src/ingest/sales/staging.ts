import type { LoaderSession } from '../../data/database.ts';
import { FRAGMENT_COLUMNS } from './order-fragments.ts';

/** Columns of the rows that `ProductFacts` makes. */
export const FACT_COLUMNS = {
  sku: 'text',
  name: 'text',
  price: 'numeric',
  lines: 'bigint',
  first_line: 'bigint',
} as const;

/** The number that seeding takes too (../seed.ts), on purpose: both fill the same tables, so each waits for the other. */
const ONE_IMPORT_AT_A_TIME = 7_241_186_002;

function definition(columns: Readonly<Record<string, string>>): string {
  return Object.entries(columns)
    .map(([name, type]) => `${name} ${type}`)
    .join(', ');
}

const FRAGMENTS = definition(FRAGMENT_COLUMNS);
const FACTS = definition(FACT_COLUMNS);

/** Emptied after every segment of the file. */
const OF_A_SEGMENT = {
  import_segment: FRAGMENTS,
  import_met: `store text, order_number text, first_line bigint, places bigint, customer_number text, readable boolean`,
  import_places: `first_line bigint, places integer, before bigint, store text, order_number text, readable boolean,
    accepted boolean, refusal text, amount numeric, order_date timestamptz`,
  import_sold: `store_id uuid, order_id uuid, order_number text, customer_number text, segment integer, seq bigint,
    amount numeric, lines bigint, order_date timestamptz`,
  import_new_facts: FACTS,
} as const;

/** Kept to the end: what grows with the orders and products of the file, and lines that need a second look. */
const OF_THE_FILE = {
  // fresh: not in the database before this import. earlier, places: places taken before and with the last segment.
  import_orders: `store text, order_number text, store_id uuid, order_id uuid, fresh boolean, readable boolean,
    customer_number text, segment integer, seq bigint, earlier bigint, places bigint, PRIMARY KEY (store, order_number)`,
  import_customers: 'customer_number text PRIMARY KEY',
  // Customers that the new orders belong to.
  import_owners:
    'store_id uuid, customer_number text, customer_id uuid, PRIMARY KEY (store_id, customer_number)',
  // made: by this import.
  import_products: 'sku text PRIMARY KEY, product_id uuid, made boolean',
  import_facts: FACTS,
  import_known: `${FRAGMENTS}, before bigint, order_id uuid`,
  import_conflicts: 'line bigint, reason text, order_id uuid',
} as const;

/** Makes the staging tables. They go with the transaction, whatever its end. */
export async function prepareStaging(session: LoaderSession): Promise<void> {
  await session.query(`SELECT pg_advisory_xact_lock(${ONE_IMPORT_AT_A_TIME})`);
  // Just-in-time compilation would cost seconds on these plans.
  await session.query('SET LOCAL jit = off');
  await session.query("SET LOCAL work_mem = '64MB'");
  // Enough of a sample for plans of joins between staging tables, at a tenth of the cost.
  await session.query('SET LOCAL default_statistics_target = 10');
  const tables = Object.entries({ ...OF_A_SEGMENT, ...OF_THE_FILE });
  await session.query(
    tables.map(([table, columns]) => `CREATE TEMP TABLE ${table} (${columns}) ON COMMIT DROP`).join('; '),
  );
  // Compressing the arrays would cost more than the disk it saves.
  await session.query(`ALTER TABLE import_segment ALTER skus SET STORAGE EXTERNAL,
    ALTER quantities SET STORAGE EXTERNAL, ALTER prices SET STORAGE EXTERNAL`);
}

export async function emptySegment(session: LoaderSession): Promise<void> {
  await session.query(`TRUNCATE ${Object.keys(OF_A_SEGMENT).join(', ')}`);
}
