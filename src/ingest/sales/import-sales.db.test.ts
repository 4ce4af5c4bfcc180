import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { databases, type OpenedDatabase } from '../../../test/harness/databases.ts';
import type { LoaderSession } from '../../data/database.ts';
import { CancelledError, ValidationError } from '../../kernel/errors.ts';
import type { ImportOptions } from './import-options.ts';
import { type ImportReport, importSales } from './import-sales.ts';
import type { SalesInput } from './sales-source.ts';

const HEADER = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country';
const DIRTY = `${HEADER}
100,A1,LANTERN,6,2010-12-01 08:27:00,2.55,17850.0,United Kingdom
100,B2,"MUG, ""RED""",2,2010-12-01 08:26:00,3.395,17850.0,United Kingdom
C101,A1,Lantern broken,-1,2010-12-02 09:00:00,2.55,17850.0,United Kingdom
102,A1,LANTERN,4,2010-12-02 10:00:00,2.95,,Côte d'Ivoire
103,B2,,1,2010-12-03 10:00:00,0,12.5,Côte d'Ivoire
103,ADJ,Adjust bad debt,1,2010-12-03 10:00:00,-11062.06,12.5,Côte d'Ivoire

,A1,LANTERN,1,2010-12-03 10:00:00,1,,EIRE
104,,LANTERN,1,2010-12-03 10:00:00,1,,EIRE
104,A1,LANTERN,many,2010-12-03 10:00:00,1,,EIRE
104,A1,LANTERN,2147483648,2010-12-03 10:00:00,1,,EIRE
104,A1,LANTERN,1,2010-02-30 10:00:00,1,,EIRE
104,A1,LANTERN,1,2010-12-03 10:00:00,1,,EIRE,extra
104,A1,"LANTERN,1,2010-12-03 10:00:00,1,,EIRE
104,A1,LAN"TERN,1,2010-12-03 10:00:00,1,,EIRE
104,${'x'.repeat(51)},LANTERN,1,2010-12-03 10:00:00,1,,EIRE
104,A1,LAN\0TERN,1,2010-12-03 10:00:00,1,,EIRE
104,A1,LANTERN,1,2010-12-03 10:00:00,1e3,,EIRE
104,A1,LANTERN,1,2010-12-03 10:00:00,1,,
102,B2,MUG,-3,2010-12-02 11:00:00,3.395,,Côte d'Ivoire
100,A1,LANTERN,1,2010-12-01 09:00:00,2.55,,United Kingdom
`;

const DIRTY_REJECTS = `line,reason,raw
9,"missing order_number",",A1,LANTERN,1,2010-12-03 10:00:00,1,,EIRE"
10,"missing sku","104,,LANTERN,1,2010-12-03 10:00:00,1,,EIRE"
11,"quantity is no whole number","104,A1,LANTERN,many,2010-12-03 10:00:00,1,,EIRE"
12,"quantity beyond 32 bits","104,A1,LANTERN,2147483648,2010-12-03 10:00:00,1,,EIRE"
13,"order_date is no date","104,A1,LANTERN,1,2010-02-30 10:00:00,1,,EIRE"
14,"9 columns instead of 8","104,A1,LANTERN,1,2010-12-03 10:00:00,1,,EIRE,extra"
15,"text after a closing quote","104,A1,""LANTERN,1,2010-12-03 10:00:00,1,,EIRE"
16,"a quote inside a field that does not begin with one","104,A1,LAN""TERN,1,2010-12-03 10:00:00,1,,EIRE"
17,"sku longer than 50 characters","104,${'x'.repeat(51)},LANTERN,1,2010-12-03 10:00:00,1,,EIRE"
18,"holds a NUL byte","104,A1,LAN\u2400TERN,1,2010-12-03 10:00:00,1,,EIRE"
19,"unit_price is no decimal of at most 15 digits","104,A1,LANTERN,1,2010-12-03 10:00:00,1e3,,EIRE"
20,"missing store","104,A1,LANTERN,1,2010-12-03 10:00:00,1,,"
`;

const SNAPSHOT = `
  SELECT s.slug || ' ' || s.name || ' ' || s.currency AS row FROM retail.stores s
  UNION ALL SELECT 'product ' || sku || ' ' || name || ' ' || unit_price FROM retail.products
  UNION ALL SELECT 'customer ' || s.slug || ' ' || c.customer_number FROM private.customers c JOIN retail.stores s USING (store_id)
  UNION ALL SELECT concat_ws(' ', 'order', s.slug, o.order_number, coalesce(c.customer_number, '-'),
    to_char(o.order_date, 'YYYY-MM-DD HH24:MI'), o.status, trim_scale(o.total_amount), o.item_count)
    FROM retail.orders o JOIN retail.stores s USING (store_id) LEFT JOIN private.customers c USING (store_id, customer_id)
  UNION ALL SELECT concat_ws(' ', 'line', o.order_number, i.line_number, p.sku, i.quantity, trim_scale(i.unit_price), trim_scale(i.line_total))
    FROM retail.order_items i JOIN retail.orders o USING (store_id, order_id) JOIN retail.products p USING (product_id)
  UNION ALL SELECT concat_ws(' ', 'subject', u.slug, u.display_name, g.scope, s.slug)
    FROM access.subjects u JOIN access.grants g USING (subject_id) LEFT JOIN retail.stores s USING (store_id)
  ORDER BY 1`;

describe.each(databases)('$name', (kind) => {
  let opened: OpenedDatabase;
  let directory: string;
  let rejectsFile: string;

  async function load(input: SalesInput, options: Partial<ImportOptions> = {}): Promise<ImportReport> {
    return opened.database.asLoader(new AbortController().signal, (session) =>
      importSales(session, input, { profile: 'online-retail', rejectsFile, ...options }),
    );
  }

  function csv(...lines: string[]): SalesInput {
    async function* chunks() {
      yield `${HEADER}\n`;
      for (const line of lines) yield `${line}\n`;
    }
    return { name: 'test', lines: chunks() };
  }

  async function rows(sql: string): Promise<string[]> {
    const found = await opened.database.asLoader(new AbortController().signal, (session) =>
      session.query<{ row: string }>(sql),
    );
    return found.map(({ row }) => row);
  }

  const rejects = () => readFile(rejectsFile, 'utf8');

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'aisle-import-test-'));
    rejectsFile = join(directory, 'rejects.csv');
    opened = await kind.open();
  });
  afterEach(async () => {
    for (const table of ['order_items', 'orders', 'customers', 'products', 'product_types', 'categories']) {
      await rows(`DELETE FROM ${table}`);
    }
    await rows('DELETE FROM access.subjects');
    await rows('DELETE FROM retail.stores');
  });
  afterAll(async () => {
    await opened.close();
    await rm(directory, { recursive: true, force: true });
  });

  const IMPORTED = [
    "cote-d-ivoire Côte d'Ivoire GBP",
    'customer cote-d-ivoire 12.5',
    'customer united-kingdom 17850',
    'line 100 1 A1 6 2.55 15.3',
    'line 100 2 B2 2 3.395 6.79',
    'line 100 3 A1 1 2.55 2.55',
    'line 102 1 A1 4 2.95 11.8',
    'line 102 2 B2 -3 3.395 -10.185',
    'line 103 1 B2 1 0 0',
    'line 103 2 ADJ 1 -11062.06 -11062.06',
    'line C101 1 A1 -1 2.55 -2.55',
    'order cote-d-ivoire 102 - 2010-12-02 10:00 completed 1.615 2',
    'order cote-d-ivoire 103 12.5 2010-12-03 10:00 completed -11062.06 2',
    'order united-kingdom 100 17850 2010-12-01 08:26 completed 24.64 3',
    'order united-kingdom C101 17850 2010-12-02 09:00 returned -2.55 1',
    'product A1 LANTERN 2.55',
    'product ADJ Adjust bad debt 0',
    'product B2 MUG, "RED" 3.395',
    "subject cote-d-ivoire Côte d'Ivoire store cote-d-ivoire",
    'subject head-office Head office all',
    'subject united-kingdom United Kingdom store united-kingdom',
    'united-kingdom United Kingdom GBP',
  ].sort();

  test('a dirty file: what can be read goes in exactly, the rest is told line by line', async () => {
    const path = join(directory, 'dirty.csv.gz');
    await writeFile(path, gzipSync(DIRTY));
    const figures = {
      lines: 8,
      sum: '-11038.355',
      negativeLines: 2,
      orders: 4,
      customers: 2,
      skus: 3,
      stores: 2,
    };
    const report = {
      linesRead: 20,
      added: 8,
      known: 0,
      rejected: 12,
      conflicts: 0,
      rejectsFile,
      file: figures,
      database: figures,
      matches: true,
    };
    expect(await load(path)).toMatchObject(report);
    expect((await rows(SNAPSHOT)).sort()).toEqual(IMPORTED);
    expect(await rejects()).toBe(DIRTY_REJECTS);

    expect(await load(path)).toMatchObject({ ...report, added: 0, known: 8 });
    expect((await rows(SNAPSHOT)).sort()).toEqual(IMPORTED);
    expect(await rejects()).toBe(DIRTY_REJECTS);
    expect(
      await rows(`SELECT concat_ws(' ', source_name LIKE '%dirty.csv.gz', length(sha256), lines_read, lines_added, lines_known,
        lines_rejected) AS row FROM audit.imports ORDER BY finished_at`),
    ).toEqual(['t 32 20 8 0 12', 't 32 20 0 8 12']);
  });

  test('without the right to leave out foreign key checks the result is the same', async () => {
    await opened.database.asLoader(new AbortController().signal, (session) => {
      const withoutRight: LoaderSession = {
        load: session.load.bind(session),
        async query<Row extends object>(text: string, values?: readonly unknown[]): Promise<Row[]> {
          expect(text).not.toContain('session_replication_role = replica');
          const found = await session.query<Row>(text, values);
          return text.includes('has_parameter_privilege')
            ? found.map((row) => ({ ...row, may: false }))
            : found;
        },
      };
      return importSales(
        withoutRight,
        { name: 'x', lines: toLines(DIRTY) },
        { profile: 'online-retail', rejectsFile },
      );
    });
    expect((await rows(SNAPSHOT)).sort()).toEqual(IMPORTED);
  });

  test('exports that overlap: lines that are there stay, lines that are missing come in', async () => {
    const day = (date: string, order: string, sku: string) =>
      `${order},${sku},X,1,${date} 10:00:00,1.5,7.0,EIRE`;
    const first = [day('2011-01-01', '1', 'A'), day('2011-01-02', '2', 'A')];
    const second = [day('2011-01-02', '2', 'A'), day('2011-01-02', '2', 'B'), day('2011-01-03', '3', 'A')];
    expect(await load(csv(...first))).toMatchObject({ added: 2, known: 0, matches: true });
    expect(await load(csv(...second))).toMatchObject({ added: 2, known: 1, rejected: 0, matches: true });
    expect(await load(csv(...first, ...second.slice(1)))).toMatchObject({
      added: 0,
      known: 4,
      rejected: 0,
      matches: true,
    });
    expect(
      await rows(
        `SELECT concat_ws(' ', order_number, trim_scale(total_amount), item_count) AS row FROM retail.orders ORDER BY 1`,
      ),
    ).toEqual(['1 1.5 1', '2 3.0 2', '3 1.5 1'].map((row) => row.replace('.0', '')));
  });

  test('a line that is known with other values is a conflict, told and not written', async () => {
    await load(
      csv(
        '1,A,X,1,2011-01-01,1.5,7,EIRE',
        '1,B,Y,2,2011-01-01,2,7,EIRE',
        '2,A,X,1,2011-01-01,1,,EIRE',
        '3,A,X,1,2011-01-05,1,,EIRE',
        '4,A,X,1,2011-01-05,1,,EIRE',
        '5,A,X,1,2011-01-05,1,,EIRE',
      ),
    );
    const before = await rows(SNAPSHOT);
    const report = await load(
      csv(
        '1,A,X,1,2011-01-01,1.5,7,EIRE',
        '1,NEW,Y,2,2011-01-01,2,7,EIRE',
        '2,A,X,1,2011-01-01,1,8,EIRE',
        '3,A,X,1,2011-01-06,1,,EIRE',
        '4,A,X,2,2011-01-05,1,,EIRE',
        '5,A,X,1,2011-01-05,1.001,,EIRE',
      ),
    );
    expect(report).toMatchObject({
      linesRead: 6,
      added: 0,
      known: 1,
      rejected: 5,
      conflicts: 5,
      matches: false,
    });
    expect(await rejects()).toBe(`line,reason,raw
3,"conflict: line 2 of the order is known with other values","1,NEW,Y,2,2011-01-01,2,7,EIRE"
4,"conflict: the order is known with no customer","2,A,X,1,2011-01-01,1,8,EIRE"
5,"conflict: the order is known with the date 2011-01-05 00:00:00 UTC","3,A,X,1,2011-01-06,1,,EIRE"
6,"conflict: line 1 of the order is known with other values","4,A,X,2,2011-01-05,1,,EIRE"
7,"conflict: line 1 of the order is known with other values","5,A,X,1,2011-01-05,1.001,,EIRE"
`);
    expect(await rows(SNAPSHOT)).toEqual(before);
  });

  test('a mended line takes the place that was kept for it', async () => {
    const lines = (quantity: string) => [
      `1,A,X,1,2011-01-01,1.5,,EIRE`,
      `1,B,X,${quantity},2011-01-01,1.5,,EIRE`,
      `1,C,X,3,2011-01-01,1.5,,EIRE`,
    ];
    expect(await load(csv(...lines('two')))).toMatchObject({ added: 2, rejected: 1, matches: true });
    expect(await load(csv(...lines('2')))).toMatchObject({ added: 1, known: 2, rejected: 0, matches: true });
    expect(
      await rows(`SELECT concat_ws(' ', line_number, quantity) AS row FROM retail.order_items ORDER BY 1`),
    ).toEqual(['1 1', '2 2', '3 3']);
  });

  const ANOTHER = 'conflict: another line of this order contradicts what is known; nothing was added to it';
  const GONE =
    'conflict: a line of this order that is known could not be found in the file; nothing was added to it';
  const other = (place: number) => `conflict: line ${place} of the order is known with other values`;
  /** A line of order 1 that sells one of `sku`. */
  const one = (sku: string, quantity = '1', customer = '') =>
    `1,${sku},X,${quantity},2011-01-01,1,${customer},EIRE`;

  test.each([
    {
      name: 'mended, it could not be split before',
      before: [one('A'), `${one('B')},extra`, one('C')],
      after: [one('A'), one('B'), one('C')],
      stored: ['1 A', '2 C'],
      conflicts: { 3: other(2), 4: ANOTHER },
    },
    {
      name: 'mended, it named no order before',
      before: [one('A'), one('B').slice(1), one('C')],
      after: [one('A'), one('B'), one('C')],
      stored: ['1 A', '2 C'],
      conflicts: { 3: other(2), 4: ANOTHER },
    },
    {
      name: 'taken out',
      before: [one('A'), one('B'), one('C')],
      after: [one('A'), one('C'), one('D'), one('E')],
      stored: ['1 A', '2 B', '3 C'],
      conflicts: { 3: other(2), 4: other(3), 5: ANOTHER },
    },
    {
      name: 'moved',
      before: [one('A'), one('B'), one('C')],
      after: [one('B'), one('A'), one('C'), one('D')],
      stored: ['1 A', '2 B', '3 C'],
      conflicts: { 2: other(1), 3: other(2), 5: ANOTHER },
    },
    {
      name: 'taken out, it was rejected before',
      before: [one('A'), one('B', 'two'), one('C')],
      after: [one('A'), one('C')],
      stored: ['1 A', '3 C'],
      conflicts: { 3: GONE },
    },
    {
      name: 'mended, and another one at the place of a known one can not be read',
      before: [one('A'), `${one('B')},extra`, one('C', 'two'), one('D')],
      after: [one('A'), one('B'), one('C', 'two'), one('D')],
      stored: ['1 A', '3 D'],
      conflicts: { 3: GONE, 5: GONE },
    },
    {
      name: "another customer's",
      before: [one('A', '1', '7')],
      after: [one('A', '1', '7'), one('B', '1', '8'), one('C', '1', '7')],
      stored: ['1 A'],
      conflicts: {
        3: 'conflict: another customer than in the lines before it in the same order',
        4: ANOTHER,
      },
    },
  ])('nothing is added to a known order with a line that is $name', async (shown) => {
    await load(csv(...shown.before));
    const [order] = await rows('SELECT to_jsonb(o)::text AS row FROM retail.orders o');
    const report = await load(csv(...shown.after, '2,Z,X,1,2011-01-01,1,,EIRE'));
    const conflicts = Object.entries(shown.conflicts);
    const unread = shown.after.filter((line) => line.includes('two')).length;
    expect(report).toMatchObject({
      linesRead: shown.after.length + 1,
      added: 1,
      known: shown.after.length - conflicts.length - unread,
      rejected: conflicts.length + unread,
      conflicts: conflicts.length,
      matches: false,
    });
    const told = (await rejects()).split('\n').filter((line) => !/^(line|\d+,"quantity|$)/.test(line));
    expect(told).toEqual(
      conflicts.map(([line, reason]) => `${line},"${reason}","${shown.after[Number(line) - 2]}"`),
    );
    expect(
      await rows(`SELECT concat_ws(' ', line_number, sku) AS row FROM retail.order_items
        JOIN retail.orders USING (store_id, order_id) JOIN retail.products USING (product_id)
        WHERE order_number = '1' ORDER BY 1`),
    ).toEqual(shown.stored);
    expect(
      await rows(`SELECT to_jsonb(o)::text AS row FROM retail.orders o WHERE order_number = '1'`),
    ).toEqual([order]);
    expect(await rows(`SELECT sku AS row FROM retail.products WHERE sku = 'E'`)).toEqual([]);
  });

  test.each([
    ['in one segment', {}, ['8 1 1']],
    ['over several segments', { segmentLines: 4 }, ['8 1 1', '9 1 1000000000000']],
  ])('an order past 1e12 %s is rejected, the others go in', async (_name, options, stored) => {
    const lines = ['9,A,X,1000,2011-01-01,1000000000,7,EIRE', '8,A,X,1,2011-01-01,1,,EIRE'];
    const report = await load(csv(...lines, '9,A,X,1,2011-01-01,0.01,7,EIRE'), options);
    const refused = 3 - stored.length;
    expect(report).toMatchObject({ added: 3 - refused, known: 0, rejected: refused, conflicts: refused });
    expect(await rejects()).toContain(
      '4,"the total of the order is beyond 1e12","9,A,X,1,2011-01-01,0.01,7,EIRE"\n',
    );
    const orders = `SELECT concat_ws(' ', order_number, item_count, trim_scale(total_amount)) AS row FROM retail.orders ORDER BY 1`;
    expect(await rows(orders)).toEqual(stored);
  });

  test('what would take a known order past 1e12 is rejected, what another customer has does not count', async () => {
    const big = '9,A,X,1000,2011-01-01,1000000000,7,EIRE';
    const less = '9,A,X,-1,2011-01-01,1,8,EIRE';
    await load(csv(big));
    expect(await load(csv(big, '9,A,X,1,2011-01-01,1,7,EIRE'))).toMatchObject({ known: 1, rejected: 1 });
    expect(await rejects()).toBe(
      'line,reason,raw\n3,"the total of the order is beyond 1e12","9,A,X,1,2011-01-01,1,7,EIRE"\n',
    );
    const fresh = [big, less, '9,A,X,1,2011-01-01,1,7,EIRE'].map((line) => line.replace('9,', '10,'));
    expect(await load(csv(...fresh))).toMatchObject({ added: 0, rejected: 3, conflicts: 3 });
    expect(await rows('SELECT order_number AS row FROM retail.orders')).toEqual(['9']);
  });

  test('a return is told by the prefix that is given', async () => {
    const lines = ['CAMDEN-1,A,X,1,2011-01-01,1,,EIRE', 'R-1,A,X,-1,2011-01-01,1,,EIRE'];
    const statuses = () =>
      rows(`SELECT concat_ws(' ', order_number, status) AS row FROM retail.orders ORDER BY 1`);
    await load(csv(...lines), { cancellationPrefix: 'R-' });
    expect(await statuses()).toEqual(['CAMDEN-1 completed', 'R-1 returned']);
    await load(csv(...lines.map((line) => line.replace('-1,', '-2,'))), { cancellationPrefix: '' });
    expect(await statuses()).toEqual([
      'CAMDEN-1 completed',
      'CAMDEN-2 completed',
      'R-1 returned',
      'R-2 completed',
    ]);
  });

  test('an order with two customers keeps the first', async () => {
    const report = await load(
      csv(
        '1,A,X,1,2011-01-01,1,,EIRE',
        '1,A,X,1,2011-01-01,1,7,EIRE',
        '1,ONLY,X,1,2011-01-01,1,8,EIRE',
        '1,A,X,2,2011-01-01,1,,EIRE',
      ),
    );
    expect(report).toMatchObject({ added: 3, rejected: 1, conflicts: 1 });
    expect(await rejects()).toContain(
      '4,"conflict: another customer than in the lines before it in the same order",',
    );
    expect(
      await rows(
        `SELECT concat_ws(' ', customer_number, item_count) AS row FROM retail.orders JOIN private.customers USING (store_id, customer_id)`,
      ),
    ).toEqual(['7 3']);
    expect(await rows('SELECT sku AS row FROM retail.products')).toEqual(['A']);
  });

  test('orders over several segments, names and prices by the whole file', async () => {
    async function* lines() {
      yield `${HEADER}\n9,OLD,first,1,2011-01-02,1,,EIRE\n9,BAD,x,?,2011-01-02,1,,EIRE\n`;
      for (let at = 0; at < 3000; at += 1) yield `${at % 25},P,many,2,2011-01-03 00:00:00,0.125,5,EIRE\n`;
      yield '9,OLD,often,1,2011-01-01,3,6,EIRE\n9,OLD,often,1,2011-01-01,3,6,EIRE\n';
    }
    const report = await load({ name: 'long', lines: lines() }, { segmentLines: 700 });
    expect(report).toMatchObject({ added: 3001, conflicts: 2, rejected: 3 });
    expect(
      await rows(
        `SELECT concat_ws(' ', item_count, trim_scale(total_amount), order_date::date) AS row FROM retail.orders WHERE order_number = '9'`,
      ),
    ).toEqual(['121 31 2011-01-02']);
    expect(
      await rows(
        `SELECT concat_ws(' ', count(*), count(DISTINCT order_id), sum(item_count)) AS row FROM retail.orders`,
      ),
    ).toEqual(['25 25 3001']);
    expect(
      await rows(`SELECT concat_ws(' ', sku, name, unit_price) AS row FROM retail.products ORDER BY 1`),
    ).toEqual(['OLD often 3', 'P many 0.125']);
  });

  test('existing stores, identities and products stay as they are', async () => {
    await rows(`WITH s AS (INSERT INTO retail.stores (slug, name, location, currency) VALUES ('eire', 'EIRE', 'Dublin', 'GBP') RETURNING store_id),
      u AS (INSERT INTO access.subjects (subject_id, slug, display_name) VALUES (gen_random_uuid(), 'head-office', 'HQ'), (gen_random_uuid(), 'france', 'Other'))
      SELECT 'x' AS row FROM s`);
    await load(csv('1,A,X,1,2011-01-01,1,,EIRE', '2,A,X,1,2011-01-01,1,,France'));
    expect(await rows(`SELECT concat_ws(' ', slug, location) AS row FROM retail.stores ORDER BY 1`)).toEqual([
      'eire Dublin',
      'france France',
    ]);
    expect(
      await rows('SELECT slug AS row FROM access.subjects JOIN access.grants USING (subject_id)'),
    ).toEqual([]);
    await expect(load(csv('3,A,X,1,2011-01-01,1,,Eire'))).rejects.toThrow(
      'The store "Eire" of the file would be "eire", which is the store "EIRE"',
    );
    await expect(load(csv('3,A,X,1,2011-01-01,1,,EIRE'), { currency: 'EUR' })).rejects.toThrow(
      'keeps its books in GBP, the file is in EUR',
    );
    await load(csv('3,A,X,1,2011-01-01,1,,whatever'), { store: 'eire' });
    expect(
      await rows(
        `SELECT count(*)::text AS row FROM retail.orders JOIN retail.stores USING (store_id) WHERE slug = 'eire'`,
      ),
    ).toEqual(['2']);
  });

  test('dates without a zone are read in the zone that is given', async () => {
    await load(csv('1,A,X,1,2011-07-01 12:00:00,1,,EIRE', '2,A,X,1,2011-07-01 12:00:00Z,1,,EIRE'), {
      timezone: 'Europe/London',
    });
    expect(
      await rows(
        `SELECT to_char(order_date AT TIME ZONE 'UTC', 'HH24:MI') AS row FROM retail.orders ORDER BY order_number`,
      ),
    ).toEqual(['11:00', '12:00']);
  });

  test.each([
    [
      'an unfit header',
      { name: 'x', lines: toLines('InvoiceNo,Stockcode\n1,2\n') },
      'no column "StockCode" for sku (nearest: "Stockcode")',
    ],
    ['an empty file', { name: 'x', lines: toLines('') }, 'x is empty'],
    ['a missing file', '/nowhere/sales.csv', 'There is no file /nowhere/sales.csv'],
    ['a broken gzip', 'BROKEN', 'is no whole gzip file'],
    [
      'two names of one store',
      { name: 'x', lines: toLines(`${HEADER}\n1,A,X,1,2011-01-01,1,,A B\n2,A,X,1,2011-01-01,1,,a-b\n`) },
      'The stores "A B" and "a-b"',
    ],
  ] satisfies [string, SalesInput, string][])(
    'refuses %s as a whole and leaves nothing',
    async (_name, input, message) => {
      let source: SalesInput = input;
      if (input === 'BROKEN') {
        source = join(directory, 'broken.csv.gz');
        await writeFile(source, gzipSync(DIRTY).subarray(0, 200));
      }
      const refusal = await load(source).catch((error: unknown) => error);
      expect(refusal).toBeInstanceOf(ValidationError);
      expect(refusal).toHaveProperty('message', expect.stringContaining(message));
      expect(await rows(SNAPSHOT)).toEqual([]);
      await expect(stat(rejectsFile)).rejects.toThrow('ENOENT');
    },
  );

  test('aborted half-way, it leaves nothing, and the next one begins anew', async () => {
    const abort = new AbortController();
    async function* endless() {
      yield `${HEADER}\n`;
      for (let at = 0; at < 20_000; at += 1)
        yield `${at >> 4},P${at % 50},x,2,2011-01-03 00:00:00,0.125,5,EIRE\n`;
    }
    const running = opened.database.asLoader(abort.signal, (session) =>
      importSales(
        session,
        { name: 'x', lines: endless() },
        { profile: 'online-retail', rejectsFile, segmentLines: 4000 },
        ({ lines }) => {
          if (lines > 0) abort.abort();
        },
      ),
    );
    await expect(running).rejects.toThrow(CancelledError);
    expect(await rows(SNAPSHOT)).toEqual([]);
    expect(await load(csv('1,A,X,1,2011-01-01,1,,EIRE'))).toMatchObject({ added: 1, matches: true });
  });
});

async function* toLines(text: string) {
  yield text;
}
