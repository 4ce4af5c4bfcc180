/**
 * What more of everything costs: the 20 latest orders of one store, computed, with 8 stores and 200,000 orders, then with
 * 10,000 stores, then with 10,000,000 orders. The rows are made inside PostgreSQL; only how many there are matters here.
 */
import {
  aisle,
  aisleCommand,
  ask,
  type Contestant,
  end,
  figuresOf,
  keyOf,
  latestOrders,
  type Measured,
  measure,
  onOneCore,
  postmasterOf,
  ROUNDS,
  storeOf,
} from './contest.ts';
import type { Figures } from './report.ts';

const STORES = Number(process.env.SCALE_STORES ?? 10_000);
const ORDERS = Number(process.env.SCALE_ORDERS ?? 10_000_000);
const SEEDED = 200_000;

export async function scale(databaseUrl: string): Promise<Readonly<Record<string, Figures>>> {
  await aisleCommand(['seed', '--orders', String(SEEDED)], databaseUrl);
  const sql = latestOrders(await storeOf(databaseUrl, 'seattle'));
  const contestants = {
    'one store': await aisle(databaseUrl, await keyOf('seattle', databaseUrl), sql, 'off'),
    'all stores': await aisle(databaseUrl, await keyOf('head-office', databaseUrl), sql, 'off'),
  };
  try {
    for (const contestant of Object.values(contestants)) await onOneCore(contestant);
    const postmaster = await postmasterOf(databaseUrl);
    const first = await all(contestants, postmaster, `8 stores, ${SEEDED} orders`);
    await addStores(databaseUrl);
    const second = await all(contestants, postmaster, `${STORES} stores, ${SEEDED} orders`);
    await addOrders(databaseUrl);
    const third = await all(contestants, postmaster, `${STORES} stores, ${ORDERS} orders`);
    return { ...first, ...second, ...third };
  } finally {
    for (const contestant of Object.values(contestants)) await end(contestant);
  }
}

/** A row for each caller: one who sees one store, and one who sees them all. */
async function all(
  contestants: Readonly<Record<string, Contestant>>,
  postmaster: number,
  size: string,
): Promise<Record<string, Figures>> {
  const rows: Record<string, Figures> = {};
  for (const [caller, contestant] of Object.entries(contestants)) {
    const rounds: Measured[] = [];
    for (let round = 0; round < ROUNDS; round += 1)
      rounds.push(await measure(contestant, contestant.query, postmaster));
    rows[`${size}: caller of ${caller}`] = figuresOf(rounds);
  }
  return rows;
}

async function addStores(databaseUrl: string): Promise<void> {
  await ask(
    databaseUrl,
    `INSERT INTO retail.stores (slug, name, location)
     SELECT 'scale-' || n, 'Store ' || n, 'Somewhere' FROM generate_series(1, ${STORES} - (SELECT count(*) FROM retail.stores)) AS n`,
  );
  await ask(databaseUrl, 'VACUUM ANALYZE retail.stores');
}

/** Copies of the orders there are, half in the store that made them, half in the added ones. Nobody's triggers or checks run. */
async function addOrders(databaseUrl: string): Promise<void> {
  const columns = await ask<{ name: string }>(
    databaseUrl,
    `SELECT column_name AS name FROM information_schema.columns
     WHERE table_schema = 'retail' AND table_name = 'orders' AND is_generated = 'NEVER'
       AND column_name NOT IN ('store_id', 'order_id', 'order_number', 'order_date')`,
  );
  const others = columns.map(({ name }) => name).join(', ');
  const made = Math.ceil(ORDERS / SEEDED) - 1;
  for (let copy = 1; copy <= made; copy += 1) {
    await ask(
      databaseUrl,
      `SET session_replication_role = replica;
       WITH added AS (SELECT store_id, row_number() OVER () AS n FROM retail.stores WHERE slug LIKE 'scale-%'),
            first AS (SELECT *, row_number() OVER () AS row FROM retail.orders WHERE order_number NOT LIKE '%~%')
       INSERT INTO retail.orders (store_id, order_id, order_number, order_date, ${others})
       SELECT CASE WHEN row % 2 = 0 THEN first.store_id ELSE added.store_id END, gen_random_uuid(), order_number || '~${copy}',
              order_date - interval '${copy} minutes', ${others
                .split(', ')
                .map((name) => `first.${name}`)
                .join(', ')}
       FROM first JOIN added ON added.n = 1 + row % (SELECT count(*) FROM added)`,
    );
  }
  await ask(databaseUrl, 'VACUUM ANALYZE retail.orders');
}
