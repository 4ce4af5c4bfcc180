import type { LoaderSession } from '../data/database.ts';
import { storedTable } from '../data/tables.ts';
import { dayOf } from '../demo/calendar.ts';
import { DEMO_START, type DemoOptions } from '../demo/demo-options.ts';
import { generateDemo } from '../demo/generate-demo.ts';
import type { DemoTable } from '../demo/rows.ts';
import { STORES } from '../demo/stores.ts';
import { ValidationError } from '../kernel/errors.ts';

export type SeedSummary =
  | { readonly alreadySeeded: true }
  | {
      readonly alreadySeeded: false;
      /** Rows loaded, by table: `retail.orders` … */
      readonly rows: Readonly<Record<string, number>>;
    };

/** `done` of `total` rows counted so far (customers, stock and orders); `what` is being loaded. */
export type SeedProgress = (done: number, total: number, what: string) => void;

/** Enough to keep COPY busy, few enough to keep in memory and to move a progress bar. */
const ORDERS_PER_BATCH = 4_000;
/** Any number, as long as every seeder takes the same one. */
const LOCK = 7_241_186_002;
const MOST_CUSTOMERS = 5_000_000;
const MOST_ORDERS = 50_000_000;
const LAST_DATE = '2100-01-01';

/**
 * Fills an empty database with the demo retailer; one that has it already stays as it is. Must run in a transaction of
 * its own, so that an interrupted seed leaves nothing. Of several at once, one seeds and the others wait and find it done.
 * Throws `ValidationError` when the options make no sense or the database holds other data under the demo's names.
 */
export async function seedDemo(
  session: LoaderSession,
  options: DemoOptions,
  onProgress: SeedProgress = () => {},
): Promise<SeedSummary> {
  checkOptions(options);
  await session.query('SELECT pg_advisory_xact_lock($1::bigint)', [LOCK]);
  const seeds = await session.query('SELECT 1 FROM audit.seeds LIMIT 1');
  if (seeds.length > 0) return { alreadySeeded: true };
  await refuseTakenNames(session);

  const rows: Record<string, number> = {};
  let total = options.orders + options.customers;
  let done = 0;
  const load = async ({ name, columns, rows: values }: DemoTable): Promise<number> => {
    const loaded = await session.load(storedTable(name), columns, values);
    rows[name] = (rows[name] ?? 0) + loaded;
    return loaded;
  };

  const demo = generateDemo(options);
  total += demo.stockRows;
  for (const table of demo.tables) {
    const what = table.name.replace(/^.*\./, '').replaceAll('_', ' ');
    onProgress(done, total, what);
    const loaded = await load(table);
    if (table.name === 'retail.customers' || table.name === 'retail.inventory') done += loaded;
  }
  for (const [orders, ...belongings] of demo.salesBatches(ORDERS_PER_BATCH)) {
    onProgress(done, total, 'orders');
    done += await load(orders);
    for (const table of belongings) await load(table);
  }
  await session.query(
    'INSERT INTO audit.seeds (seed, customers, orders, until_date) VALUES ($1, $2, $3, $4)',
    [options.seed, options.customers, options.orders, options.until],
  );
  onProgress(total, total, 'orders');
  return { alreadySeeded: false, rows };
}

function checkOptions({ seed, customers, orders, until }: DemoOptions): void {
  requireWhole('seed', seed, 0, Number.MAX_SAFE_INTEGER);
  requireWhole('customers', customers, STORES.length, MOST_CUSTOMERS);
  requireWhole('orders', orders, 0, MOST_ORDERS);
  const day = dayOf(until);
  if (!(day > dayOf(DEMO_START) && day <= dayOf(LAST_DATE))) {
    throw new ValidationError(
      `The demo data must end on a day after ${DEMO_START} and not after ${LAST_DATE}, given as YYYY-MM-DD.`,
    );
  }
}

function requireWhole(name: string, value: number, least: number, most: number): void {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return;
  throw new ValidationError(
    `The number for ${name} of the demo data must be a whole number from ${least} to ${most}.`,
  );
}

/** An import may have made a store called "seattle": then the demo would mix with somebody's real figures. */
async function refuseTakenNames(session: LoaderSession): Promise<void> {
  const slugs = STORES.map(({ slug }) => slug);
  const taken = await session.query<{ slug: string }>(
    'SELECT slug FROM retail.stores WHERE slug = ANY ($1) ORDER BY slug LIMIT 3',
    [slugs],
  );
  if (taken.length === 0) return;
  const names = taken.map(({ slug }) => slug).join(', ');
  throw new ValidationError(
    `The database already has stores with the names of the demo data (${names}). Seed an empty database: give another --data-dir or DATABASE_URL.`,
  );
}
