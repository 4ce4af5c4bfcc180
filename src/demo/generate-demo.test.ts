import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { CATALOGUE } from './catalogue/index.ts';
import { monthFactor } from './demand.ts';
import { DEFAULT_DEMO, type DemoOptions } from './demo-options.ts';
import { generateDemo } from './generate-demo.ts';
import type { Cell, DemoTable } from './rows.ts';
import { STORES } from './stores.ts';

const OPTIONS: DemoOptions = { seed: 42, customers: 6_000, orders: 24_000, until: '2026-05-02' };
const END = Date.parse('2026-05-02T07:00:00Z');

type Named = Readonly<Record<string, Cell>>;
type Tables = Readonly<Record<string, readonly Named[]>>;

function* allTables(options: DemoOptions, batch = 1000): Generator<DemoTable> {
  const demo = generateDemo(options);
  yield* demo.tables;
  for (const tables of demo.salesBatches(batch)) yield* tables;
}

function readAll(options: DemoOptions): Tables {
  const tables: Record<string, Named[]> = {};
  for (const { name, columns, rows } of allTables(options)) {
    const names = Object.keys(columns);
    const named = tables[name] ?? [];
    tables[name] = named;
    for (const row of rows) {
      if (row.length !== names.length)
        expect.fail(`${name}: ${row.length} values for ${names.length} columns`);
      named.push(Object.fromEntries(names.map((column, index) => [column, row[index] ?? null])));
    }
  }
  return tables;
}

function sha256(options: DemoOptions, batch?: number): string {
  const lines = new Map<string, string[]>();
  for (const { name, rows } of allTables(options, batch)) {
    const of = lines.get(name) ?? [];
    for (const row of rows) of.push(JSON.stringify(row));
    lines.set(name, of);
  }
  const hash = createHash('sha256');
  for (const [name, of] of lines) hash.update(`${name}\n${of.join('\n')}\n`);
  return hash.digest('hex');
}

const cents = (value: Cell | undefined): number => Math.round(Number(value) * 100);
const time = (value: Cell | undefined): number => Date.parse(String(value));
const share = <Item>(items: readonly Item[], wanted: (item: Item) => boolean): number =>
  items.filter(wanted).length / items.length;
const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

describe('determinism', () => {
  const small: DemoOptions = { seed: 1, customers: 200, orders: 800, until: '2024-03-01' };

  it('makes the same rows of the same options, however large the batches', () => {
    expect(sha256(small, 7)).toBe(sha256(small, 800));
  });

  it.each<Partial<DemoOptions>>([{ seed: 2 }, { customers: 201 }, { orders: 801 }, { until: '2024-03-02' }])(
    'makes others of %o',
    (other) => {
      expect(sha256({ ...small, ...other })).not.toBe(sha256(small));
    },
  );

  it('makes the same rows on every machine', () => {
    // A change of the generator changes this on purpose: say so in the commit, for figures in documents change too.
    expect(sha256(small)).toBe('6eec6594888b036ef031f9df18cb91e2208d88949b42659fab0ebdf247c83de4');
  });

  it('gives the same rows when a table is read again', () => {
    for (const { name, rows } of generateDemo(small).tables) expect([...rows], name).toEqual([...rows]);
  });
});

describe('the demo data', () => {
  let tables: Tables;
  const of = (name: string): readonly Named[] => tables[name] ?? expect.fail(`no ${name}`);
  const sales = () => of('retail.orders').filter((order) => order.status !== 'returned');
  const slugOf = () => new Map(of('retail.stores').map((store) => [store.store_id, store.slug]));

  beforeAll(() => {
    tables = readAll(OPTIONS);
  });

  it('has exactly as many rows as were asked for', () => {
    const { length: products } = of('retail.products');
    expect(
      Object.fromEntries(Object.entries(tables).map(([name, rows]) => [name, rows.length])),
    ).toMatchObject({
      'retail.regions': 3,
      'retail.stores': 8,
      'access.subjects': 10,
      'access.subject_roles': 10,
      'access.grants': 10,
      'retail.categories': 9,
      'retail.customers': OPTIONS.customers,
      'retail.orders': OPTIONS.orders,
      'retail.payments': OPTIONS.orders,
      'retail.inventory': 8 * products,
    });
    expect(products).toBeGreaterThanOrEqual(420);
    expect(generateDemo(OPTIONS).stockRows).toBe(8 * products);
  });

  it('points only at rows that exist, of the same store', () => {
    const key = (...parts: readonly (Cell | undefined)[]) => parts.join('/');
    const keys = (name: string, ...columns: string[]) => {
      const all = of(name).map((row) => key(...columns.map((column) => row[column])));
      const found = new Set(all);
      expect(found.size, `${name}: ${columns}`).toBe(all.length);
      return found;
    };
    const check = (name: string, target: Set<string>, ...columns: string[]) => {
      for (const row of of(name)) {
        const wanted = key(...columns.map((column) => row[column]));
        if (!target.has(wanted)) expect.fail(`${name}: no ${columns} ${wanted}`);
      }
    };
    const stores = keys('retail.stores', 'store_id');
    const products = keys('retail.products', 'product_id');
    const customers = keys('retail.customers', 'store_id', 'customer_id');
    const orders = keys('retail.orders', 'store_id', 'order_id');
    check('retail.stores', keys('retail.regions', 'region_id'), 'region_id');
    check('retail.product_types', keys('retail.categories', 'category_id'), 'category_id');
    check(
      'retail.products',
      keys('retail.product_types', 'category_id', 'type_id'),
      'category_id',
      'type_id',
    );
    check('access.grants', keys('access.subjects', 'subject_id'), 'subject_id');
    check('retail.customers', stores, 'store_id');
    check('retail.orders', customers, 'store_id', 'customer_id');
    check('retail.order_items', orders, 'store_id', 'order_id');
    check('retail.order_items', products, 'product_id');
    check('retail.payments', orders, 'store_id', 'order_id');
    check('retail.inventory', products, 'product_id');
    check('retail.support_tickets', customers, 'store_id', 'customer_id');
    keys('retail.orders', 'store_id', 'order_number');
    keys('retail.order_items', 'store_id', 'order_id', 'line_number');
    keys('retail.customers', 'store_id', 'customer_number');
    keys('retail.customers', 'store_id', 'email');
    keys('retail.inventory', 'store_id', 'product_id');
  });

  it('has totals that are the exact sums of the lines, and one payment of that amount', () => {
    const lines = new Map<Cell | undefined, { total: number; count: number }>();
    for (const item of of('retail.order_items')) {
      const { total = 0, count = 0 } = lines.get(item.order_id) ?? {};
      const line = Number(item.quantity) * cents(item.unit_price) - cents(item.discount);
      lines.set(item.order_id, { total: total + line, count: count + 1 });
    }
    const paid = new Map(of('retail.payments').map((payment) => [payment.order_id, payment.amount]));
    expect(paid.size).toBe(OPTIONS.orders);
    for (const order of of('retail.orders')) {
      expect(order.total_amount).toMatch(/^-?\d+\.\d\d$/);
      expect(lines.get(order.order_id)).toEqual({
        total: cents(order.total_amount),
        count: order.item_count,
      });
      expect(paid.get(order.order_id)).toBe(order.total_amount);
    }
  });

  it('prices every product at cost / 0.67', () => {
    for (const { cost, unit_price } of of('retail.products')) {
      expect(unit_price).toBe((Math.round((cents(cost) * 100) / 67) / 100).toFixed(2));
    }
  });

  it('keeps all times in order and in range', () => {
    const joined = new Map(
      of('retail.customers').map((customer) => [customer.customer_id, time(customer.created_at)]),
    );
    for (const customer of of('retail.customers')) {
      expect(time(customer.created_at)).toBeGreaterThanOrEqual(Date.parse('2019-01-01T08:00:00Z'));
      expect(time(customer.updated_at)).toBeGreaterThanOrEqual(time(customer.created_at));
      expect(time(customer.updated_at)).toBeLessThan(END);
    }
    let previous = Date.parse('2020-01-01T08:00:00Z');
    for (const order of of('retail.orders')) {
      const placed = time(order.order_date);
      expect(placed).toBeGreaterThanOrEqual(previous);
      expect(placed).toBeLessThan(END);
      expect(placed).toBeGreaterThan(joined.get(order.customer_id) ?? END);
      expect(time(order.updated_at)).toBeGreaterThanOrEqual(placed);
      expect(time(order.updated_at)).toBeLessThan(END);
      previous = placed;
    }
    for (const ticket of of('retail.support_tickets')) {
      expect(time(ticket.created_at)).toBeGreaterThan(joined.get(ticket.customer_id) ?? END);
      expect(time(ticket.resolved_at ?? ticket.created_at)).toBeGreaterThanOrEqual(time(ticket.created_at));
      expect(time(ticket.resolved_at ?? ticket.created_at)).toBeLessThan(END);
      expect(ticket.resolved_at === null).toBe(['open', 'pending'].includes(String(ticket.status)));
    }
    for (const { updated_at } of of('retail.inventory')) expect(time(updated_at)).toBeLessThan(END);
  });

  it('sells in opening hours, Pacific time', () => {
    const clock = new Intl.DateTimeFormat('en-US', {
      timeZone: 'America/Los_Angeles',
      hourCycle: 'h23',
      hour: '2-digit',
    });
    const slugs = slugOf();
    for (const { store_id, order_date } of of('retail.orders')) {
      const hour = Number(clock.format(time(order_date)));
      const opens = slugs.get(store_id ?? null) === 'online' ? 5 : 7;
      expect(hour).toBeGreaterThanOrEqual(opens);
      expect(hour).toBeLessThanOrEqual(opens === 5 ? 23 : 20);
    }
  });

  it('gives ids that are UUIDs of version 7 and sort by time', () => {
    let previous = '';
    for (const { order_id, created_at } of of('retail.orders')) {
      expect(order_id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      const stamp = String(order_id).replace('-', '').slice(0, 12);
      expect(Number.parseInt(stamp, 16)).toBe(time(created_at));
      expect(stamp >= previous).toBe(true);
      previous = stamp;
    }
  });

  it('knows the callers of R133, two people above them, and what each may see', () => {
    const grants = new Map(of('access.grants').map((grant) => [grant.subject_id, grant]));
    const slugs = slugOf();
    for (const { subject_id, slug } of of('access.subjects')) {
      const grant = grants.get(subject_id ?? null) ?? expect.fail(`no grant for ${slug}`);
      if (slug === 'head-office')
        expect(grant).toMatchObject({ scope: 'all', store_id: null, region_id: null });
      else if (slug === 'puget-sound-manager')
        expect(grant).toMatchObject({ scope: 'region', store_id: null });
      else expect([grant.scope, slugs.get(grant.store_id ?? null)]).toEqual(['store', slug]);
    }
    expect(of('access.subjects').find(({ slug }) => slug === 'seattle')?.subject_id).toBe(
      'f47ac10b-58cc-4372-a567-0e02b2c3d479',
    );
  });

  it('spreads customers by weight, and orders by weight and frequency, within a tenth or 0.5 %', () => {
    const slugs = slugOf();
    const customers = sum(STORES.map(({ customerWeight }) => customerWeight));
    const orders = sum(STORES.map(({ customerWeight, orderFrequency }) => customerWeight * orderFrequency));
    for (const { slug, customerWeight, orderFrequency } of STORES) {
      const here = ({ store_id }: Named) => slugs.get(store_id ?? null) === slug;
      const wantedCustomers = customerWeight / customers;
      const wantedOrders = (customerWeight * orderFrequency) / orders;
      const near = (wanted: number) => Math.max(0.1 * wanted, 0.005);
      expect(Math.abs(share(of('retail.customers'), here) - wantedCustomers), slug).toBeLessThan(
        near(wantedCustomers),
      );
      expect(Math.abs(share(of('retail.orders'), here) - wantedOrders), slug).toBeLessThan(
        near(wantedOrders),
      );
    }
  });

  it('makes an order worth its multiple of the store, within 12 %', () => {
    const slugs = slugOf();
    const totals = new Map(STORES.map(({ slug }) => [slug, [0, 0]]));
    for (const { store_id, total_amount } of sales()) {
      const total = totals.get(String(slugs.get(store_id ?? null))) ?? expect.fail();
      totals.set(String(slugs.get(store_id ?? null)), [
        (total[0] ?? 0) + cents(total_amount),
        (total[1] ?? 0) + 1,
      ]);
    }
    const average = (slug: string) => (totals.get(slug)?.[0] ?? 0) / (totals.get(slug)?.[1] ?? 1);
    // Seattle has the most orders: the steadiest to compare with.
    const unit = average('seattle') / 1.3;
    for (const { slug, orderValue } of STORES) {
      const ratio = average(slug) / unit / orderValue;
      expect(ratio, slug).toBeGreaterThan(0.88);
      expect(ratio, slug).toBeLessThan(1.12);
    }
  });

  it('sells each category by its season, within 15 %', () => {
    const category = new Map(
      of('retail.products').map((product) => [product.product_id, product.category_id]),
    );
    const names = new Map(of('retail.categories').map(({ category_id, name }) => [category_id, name]));
    const month = new Map(
      of('retail.orders').flatMap(({ order_id, order_date }) =>
        String(order_date) < '2026' ? [[order_id, Number(String(order_date).slice(5, 7)) - 1] as const] : [],
      ),
    );
    const counts = new Map<Cell | undefined, number[]>();
    for (const { order_id, product_id, quantity } of of('retail.order_items')) {
      const at = month.get(order_id ?? null);
      if (at === undefined || Number(quantity) < 0) continue;
      const name = names.get(category.get(product_id ?? null) ?? null);
      const year = counts.get(name) ?? Array.from({ length: 12 }, () => 0);
      year[at] = (year[at] ?? 0) + 1;
      counts.set(name, year);
    }
    for (const [index, { name }] of CATALOGUE.entries()) {
      const year = counts.get(name) ?? expect.fail(name);
      // Quarters: months differ in length and in weekends.
      for (const quarter of [0, 3, 6, 9]) {
        const sold = sum(year.slice(quarter, quarter + 3)) / sum(year);
        const wanted = sum([0, 1, 2].map((plus) => monthFactor(index, quarter + plus))) / 12;
        expect(sold / wanted, `${name}, month ${quarter + 1}`).toBeGreaterThan(0.85);
        expect(sold / wanted, `${name}, month ${quarter + 1}`).toBeLessThan(1.15);
      }
    }
  });

  it('discounts 15 % of the lines it sells, has one to five lines an order and few pieces a line', () => {
    const sold = of('retail.order_items').filter(({ quantity }) => Number(quantity) > 0);
    expect(share(sold, ({ discount }) => cents(discount) > 0)).toBeCloseTo(0.15, 2);
    expect(share(sold, ({ quantity }) => Number(quantity) <= 3)).toBeGreaterThan(0.8);
    const counts = sales().map(({ item_count }) => Number(item_count));
    expect([...new Set(counts)].sort()).toEqual([1, 2, 3, 4, 5]);
  });

  it('takes back 2 % of all orders: what was sold, to who bought it, for what was paid', () => {
    const returns = of('retail.orders').filter(({ status }) => status === 'returned');
    expect(returns.length / OPTIONS.orders).toBeCloseTo(0.02, 2);
    const orders = new Map(
      of('retail.orders').map((order) => [`${order.store_id}/${order.order_number}`, order]),
    );
    const items = new Map<Cell | undefined, Map<Cell | undefined, number>>();
    const paid = new Map<string, number>();
    for (const { order_id, product_id, quantity, unit_price, discount } of of('retail.order_items')) {
      const line = items.get(order_id) ?? new Map<Cell | undefined, number>();
      items.set(order_id, line.set(product_id, Number(quantity)));
      paid.set(`${order_id}/${product_id}`, Number(quantity) * cents(unit_price) - cents(discount));
    }
    const payments = new Map(of('retail.payments').map((payment) => [payment.order_id, payment]));
    for (const back of returns) {
      const { original_order } = JSON.parse(String(back.metadata)) as { original_order: string };
      const original =
        orders.get(`${back.store_id}/${original_order}`) ?? expect.fail(`no ${original_order}`);
      expect(original).toMatchObject({ customer_id: back.customer_id, status: 'completed' });
      expect(time(back.order_date)).toBeGreaterThan(time(original.updated_at));
      for (const [product, quantity] of items.get(back.order_id) ?? []) {
        expect(quantity).toBe(-(items.get(original.order_id)?.get(product) ?? 0));
        expect(paid.get(`${back.order_id}/${product}`)).toBe(
          -(paid.get(`${original.order_id}/${product}`) ?? 0),
        );
      }
      expect(payments.get(back.order_id)).toMatchObject({
        status: 'refunded',
        method: payments.get(original.order_id)?.method,
      });
    }
  });

  it('has orders under way in the last days only', () => {
    const open = sales().filter(({ status }) => status !== 'completed');
    expect(new Set(open.map(({ status }) => status))).toEqual(new Set(['pending', 'confirmed', 'shipped']));
    for (const { order_date } of open) expect(END - time(order_date)).toBeLessThan(9 * 86_400_000);
    const pending = new Set(open.flatMap(({ order_id, status }) => (status === 'pending' ? [order_id] : [])));
    for (const { order_id, status } of of('retail.payments')) {
      expect(['pending', 'failed'].includes(String(status)), String(order_id)).toBe(
        pending.has(order_id ?? null),
      );
    }
  });

  it('has a few customers who order much and many who order little', () => {
    const counts = new Map<Cell | undefined, number>(
      of('retail.customers').map(({ customer_id }) => [customer_id, 0]),
    );
    for (const { customer_id } of of('retail.orders'))
      counts.set(customer_id, (counts.get(customer_id) ?? 0) + 1);
    const sorted = [...counts.values()].sort((left, right) => right - left);
    const best = sum(sorted.slice(0, sorted.length / 5)) / OPTIONS.orders;
    expect(best).toBeGreaterThan(0.5);
    expect(best).toBeLessThan(0.8);
    expect(share(sorted, (count) => count === 0)).toBeLessThan(0.2);
  });

  it('has customers of three tiers who can be reached nowhere', () => {
    const customers = of('retail.customers');
    expect(share(customers, ({ tier }) => tier === 'free')).toBeCloseTo(0.8, 1);
    expect(share(customers, ({ tier }) => tier === 'pro')).toBeCloseTo(0.15, 1);
    expect(share(customers, ({ tier }) => tier === 'enterprise')).toBeCloseTo(0.05, 1);
    for (const { email, phone, customer_number } of customers) {
      expect(email).toMatch(/^[a-z]+[._-][a-z]+\d*@example\.(com|org|net)$/);
      expect(phone).toMatch(/^\d{3}-555-01\d\d$/);
      expect(customer_number).toMatch(/^C-\d{6}$/);
    }
  });

  it('numbers the orders of each store and year without gaps', () => {
    const next = new Map<string, number>();
    for (const { order_number } of of('retail.orders')) {
      const [, prefix = '', digits] = /^([A-Z]{3}-20\d\d)-(\d{6})$/.exec(String(order_number)) ?? [];
      expect(Number(digits)).toBe(next.get(prefix) ?? 1);
      next.set(prefix, Number(digits) + 1);
    }
    expect(next.size).toBe(8 * 7);
  });

  it('has stock in every store, some sold out, some due for reordering', () => {
    const stock = of('retail.inventory');
    const low = share(
      stock,
      ({ stock_level, reorder_level }) => Number(stock_level) <= Number(reorder_level),
    );
    expect(low).toBeGreaterThan(0.05);
    expect(low).toBeLessThan(0.2);
    expect(share(stock, ({ stock_level }) => stock_level === 0)).toBeGreaterThan(0.005);
  });

  it('sells nothing that is discontinued', () => {
    const gone = new Set(
      of('retail.products').flatMap((row) => (row.discontinued === true ? [row.product_id] : [])),
    );
    expect(gone.size).toBe(8);
    const latest = new Set(
      of('retail.orders').flatMap((row) =>
        String(row.order_date) > '2025-09-01' && row.status !== 'returned' ? [row.order_id] : [],
      ),
    );
    const sold = of('retail.order_items').filter(({ product_id }) => gone.has(product_id ?? null));
    expect(sold.length).toBeGreaterThan(0);
    expect(sold.filter(({ order_id }) => latest.has(order_id ?? null))).toEqual([]);
  });

  it('has about 4 % of customers asking for help, in many words', () => {
    const tickets = of('retail.support_tickets');
    expect(tickets.length / OPTIONS.customers).toBeCloseTo(0.04, 2);
    expect(new Set(tickets.map(({ customer_id }) => customer_id)).size).toBe(tickets.length);
    expect(new Set(tickets.map(({ body }) => body)).size).toBeGreaterThan(0.95 * tickets.length);
    expect(tickets.some(({ status }) => status === 'open')).toBe(true);
    for (const { subject, body } of tickets) {
      expect(`${subject} ${body}`).not.toMatch(/[{}]|undefined/);
      expect(String(subject).length).toBeLessThanOrEqual(200);
    }
  });
});

describe('the smallest demo', () => {
  it('has a customer in each store and orders from the first day', () => {
    const tables = readAll({ seed: 5, customers: 8, orders: 40, until: '2020-01-02' });
    expect(new Set(tables['retail.customers']?.map(({ store_id }) => store_id)).size).toBe(8);
    expect(tables['retail.orders']).toHaveLength(40);
  });

  it('can be without orders', () => {
    expect(
      readAll({ seed: 5, customers: 8, orders: 0, until: '2026-05-02' })['retail.orders'],
    ).toBeUndefined();
  });
});

describe('speed', () => {
  it('makes the default demo in a fraction of a second', () => {
    const before = process.cpuUsage();
    let rows = 0;
    for (const table of allTables({ ...DEFAULT_DEMO, until: '2026-05-02' }))
      for (const _ of table.rows) rows += 1;
    const { user, system } = process.cpuUsage(before);
    expect(rows).toBeGreaterThan(90_000);
    // A tenth of the largest demo, which has ten seconds.
    expect((user + system) / 1e6).toBeLessThan(3);
  });
});
