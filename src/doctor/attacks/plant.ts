import type { LoaderSession } from '../../data/database.ts';
import { ConfigurationError } from '../../kernel/errors.ts';
import { type CanaryStore, LOCATION, SLUG_PATTERN } from './canaries.ts';

const PRODUCT = { category: 'aisle-canary', type: 'aisle-canary', sku: 'aisle-canary' };

/** Tables whose rows name their store, children first. */
const BELONGINGS = [
  'payments',
  'support_tickets',
  'order_items',
  'inventory',
  'orders',
  'customers',
] as const;

/** What a planted row would set off that nobody could take back. Aisle's own functions are known. */
const FOREIGN_TRIGGERS = `SELECT DISTINCT format('%s on %s.%s', t.tgname, n.nspname, c.relname) AS name
  FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_proc p ON p.oid = t.tgfoid
  WHERE n.nspname IN ('retail', 'private') AND NOT t.tgisinternal
    AND c.relname IN ('stores', 'customers', 'orders', 'order_items', 'inventory', 'support_tickets', 'payments')
    AND p.proowner <> (SELECT oid FROM pg_roles WHERE rolname = 'aisle_owner') ORDER BY 1`;

/** Throws `ConfigurationError` where canaries can't come and go without a trace. */
export async function refuseUnsafe(session: LoaderSession): Promise<void> {
  const [state] = await session.query<{ standby: boolean; readOnly: string }>(
    `SELECT pg_is_in_recovery() AS standby, current_setting('transaction_read_only') AS "readOnly"`,
  );
  if (state?.standby === true || state?.readOnly === 'on') {
    throw new ConfigurationError(
      'This database takes no writes (a standby, or read-only by default), so no canary rows can be added. Attack the primary, or a copy.',
    );
  }
  const triggers = await session.query<{ name: string }>(FOREIGN_TRIGGERS);
  if (triggers.length > 0) {
    throw new ConfigurationError(
      `Adding canary rows would fire triggers that Aisle does not know, and what they do could not be taken back: ${triggers.map(({ name }) => name).join(', ')}. Attack a copy of this database without them.`,
    );
  }
}

/** Adds a store with one row in each tenant table, and the subject that may see it. */
export async function plant(session: LoaderSession, store: CanaryStore): Promise<void> {
  const product = await anyProduct(session);
  const rows: readonly (readonly [table: string, row: Readonly<Record<string, unknown>>])[] = [
    [
      'retail.stores',
      { store_id: store.storeId, slug: store.slug, name: store.name, location: LOCATION, is_online: false },
    ],
    [
      'access.subjects',
      { subject_id: store.subject, slug: store.slug, display_name: 'Canary of aisle doctor' },
    ],
    ['access.grants', { subject_id: store.subject, scope: 'store', store_id: store.storeId }],
    [
      'customers', // by the loader's search path: the table, and not a view that masks it
      {
        store_id: store.storeId,
        customer_id: store.customerId,
        customer_number: store.customerNumber,
        first_name: store.firstName,
        last_name: store.lastName,
        email: store.email,
        phone: store.phone,
      },
    ],
    [
      'retail.orders',
      {
        store_id: store.storeId,
        order_id: store.orderId,
        order_number: store.orderNumber,
        customer_id: store.customerId,
        order_date: new Date(),
        status: 'cancelled', // reports leave those out
        total_amount: store.totalAmount,
        item_count: 1,
      },
    ],
    [
      'retail.order_items',
      {
        store_id: store.storeId,
        order_id: store.orderId,
        line_number: 1,
        product_id: product,
        quantity: 1,
        unit_price: store.unitPrice,
      },
    ],
    ['retail.inventory', { store_id: store.storeId, product_id: product, stock_level: 0, reorder_level: 0 }],
    [
      'retail.support_tickets',
      {
        store_id: store.storeId,
        ticket_id: store.ticketId,
        customer_id: store.customerId,
        subject: store.ticketSubject,
        body: store.ticketBody,
        status: 'closed',
      },
    ],
    [
      'retail.payments',
      {
        store_id: store.storeId,
        payment_id: store.paymentId,
        order_id: store.orderId,
        amount: store.payment,
        method: 'cash',
        status: 'failed',
      },
    ],
  ];
  for (const [table, row] of rows) await insert(session, table, row);
}

async function insert(
  session: LoaderSession,
  table: string,
  row: Readonly<Record<string, unknown>>,
): Promise<void> {
  const names = Object.keys(row);
  const places = names.map((_, index) => `$${index + 1}`);
  await session.query(
    `INSERT INTO ${table} (${names.join(', ')}) VALUES (${places.join(', ')})`,
    Object.values(row),
  );
}

/** A product of the catalogue, which all stores share and see; one of our own only where there is none. */
async function anyProduct(session: LoaderSession): Promise<string> {
  const [known] = await session.query<{ id: string }>(
    'SELECT product_id AS id FROM retail.products ORDER BY product_id LIMIT 1',
  );
  if (known !== undefined) return known.id;
  const [made] = await session.query<{ id: string }>(
    `WITH category AS (INSERT INTO retail.categories (name) VALUES ($1) RETURNING category_id),
       type AS (INSERT INTO retail.product_types (category_id, name) SELECT category_id, $2 FROM category
         RETURNING category_id, type_id)
     INSERT INTO retail.products (sku, name, category_id, type_id, unit_price)
       SELECT $3, $3, category_id, type_id, 0 FROM type RETURNING product_id AS id`,
    [PRODUCT.category, PRODUCT.type, PRODUCT.sku],
  );
  return made?.id ?? '';
}

/** Removes the canaries of every run, this one's and those of runs that were killed; returns how many stores went. */
export async function removeCanaries(session: LoaderSession): Promise<number> {
  const stores = await session.query<{ id: string; slug: string }>(
    'SELECT store_id AS id, slug FROM retail.stores WHERE slug ~ $1 AND location = $2',
    [SLUG_PATTERN, LOCATION],
  );
  const ids = stores.map(({ id }) => id);
  for (const table of BELONGINGS)
    await session.query(`DELETE FROM ${table} WHERE store_id = ANY ($1::uuid[])`, [ids]);
  const slugs = stores.map(({ slug }) => slug);
  await session.query(
    'DELETE FROM access.grants WHERE subject_id IN (SELECT subject_id FROM access.subjects WHERE slug = ANY ($1))',
    [slugs],
  );
  await session.query('DELETE FROM access.subjects WHERE slug = ANY ($1)', [slugs]);
  await session.query('DELETE FROM retail.stores WHERE store_id = ANY ($1::uuid[])', [ids]);
  if (ids.length > 0) await removeProduct(session);
  return ids.length;
}

async function removeProduct(session: LoaderSession): Promise<void> {
  const [used] = await session.query(
    `SELECT FROM retail.products p WHERE sku = $1
       AND EXISTS (SELECT FROM retail.order_items i WHERE i.product_id = p.product_id)`,
    [PRODUCT.sku],
  );
  if (used !== undefined) return;
  await session.query('DELETE FROM retail.products WHERE sku = $1', [PRODUCT.sku]);
  await session.query('DELETE FROM retail.product_types WHERE name = $1', [PRODUCT.type]);
  await session.query('DELETE FROM retail.categories WHERE name = $1', [PRODUCT.category]);
}
