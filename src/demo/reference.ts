import { DAY_MS, dayOf, HOUR_MS } from './calendar.ts';
import { CATALOGUE } from './catalogue/index.ts';
import { Random } from './random.ts';
import { type DemoTable, dollars, type Row, timestamp } from './rows.ts';
import { REGIONS, STORES, SUBJECTS } from './stores.ts';
import { uuid } from './uuid.ts';

export interface Product {
  readonly id: string;
  readonly sku: string;
  readonly name: string;
  /** Index in CATALOGUE. */
  readonly category: number;
  readonly type: string;
  readonly priceCents: number;
  /** No longer sold from this time on; Infinity for nearly all. */
  readonly soldUntil: number;
}

/** What does not depend on the seed: regions, stores, callers, catalogue. Ids are the same in every demo database. */
export interface Reference {
  readonly tables: readonly DemoTable[];
  /** In the order of STORES. */
  readonly storeIds: readonly string[];
  readonly products: readonly Product[];
}

/** Replaced by newer models; still in the books because they were sold. */
const DISCONTINUED: ReadonlyMap<string, string> = new Map([
  ['HT-1503', '2024-10-01'],
  ['PT-2303', '2025-03-15'],
  ['PA-3408', '2023-12-31'],
  ['HW-4402', '2025-06-30'],
  ['EL-6203', '2024-05-20'],
  ['PL-7304', '2025-01-31'],
  ['GO-8302', '2024-09-30'],
  ['ST-9107', '2025-08-31'],
]);

/** The list price that leaves a margin of 33 %, in cents: cost / 0.67. */
export function listPrice(costCents: number): number {
  return Math.round((costCents * 100) / 67);
}

const BOOKS_OPENED = dayOf('2009-01-05') * DAY_MS + 17 * HOUR_MS;

export function reference(): Reference {
  const random = new Random(0, 'reference');
  const regionIds = new Map(REGIONS.map(({ slug }) => [slug, uuid(BOOKS_OPENED, random)]));
  const opened = STORES.map((store) => dayOf(store.opened) * DAY_MS + 17 * HOUR_MS);
  const storeIds = opened.map((time) => uuid(time, random));
  const catalogue = catalogueTables(random);
  const tables: DemoTable[] = [
    {
      name: 'retail.regions',
      columns: { region_id: 'uuid', slug: 'text', name: 'text' },
      rows: REGIONS.map(({ slug, name }) => [regionIds.get(slug) ?? null, slug, name]),
    },
    {
      name: 'retail.stores',
      columns: {
        store_id: 'uuid',
        slug: 'text',
        name: 'text',
        location: 'text',
        region_id: 'uuid',
        is_online: 'boolean',
        created_at: 'timestamptz',
      },
      rows: STORES.map((store, index) => [
        storeIds[index] ?? null,
        store.slug,
        store.name,
        store.location,
        regionIds.get(store.region) ?? null,
        store.online,
        timestamp(opened[index] ?? BOOKS_OPENED),
      ]),
    },
    ...accessTables(regionIds, storeIds),
    ...catalogue.tables,
  ];
  return { tables, storeIds, products: catalogue.products };
}

const ROLE_OF_SCOPE = { store: 'store_manager', region: 'regional_manager', all: 'super_admin' } as const;

function accessTables(regionIds: ReadonlyMap<string, string>, storeIds: readonly string[]): DemoTable[] {
  const stores = new Map(STORES.map(({ slug }, index) => [slug, storeIds[index] ?? null]));
  return [
    {
      name: 'access.subjects',
      columns: { subject_id: 'uuid', slug: 'text', display_name: 'text' },
      rows: SUBJECTS.map(({ subject, slug, displayName }) => [subject, slug, displayName]),
    },
    {
      name: 'access.subject_roles',
      columns: { subject_id: 'uuid', role: 'text' },
      rows: SUBJECTS.map(({ subject, scope }) => [subject, ROLE_OF_SCOPE[scope]]),
    },
    {
      name: 'access.grants',
      columns: { subject_id: 'uuid', scope: 'text', store_id: 'uuid', region_id: 'uuid' },
      rows: SUBJECTS.map(({ subject, scope, granted = '' }) => [
        subject,
        scope,
        scope === 'store' ? (stores.get(granted) ?? null) : null,
        scope === 'region' ? (regionIds.get(granted) ?? null) : null,
      ]),
    },
  ];
}

function catalogueTables(random: Random): { tables: readonly DemoTable[]; products: readonly Product[] } {
  const categories: Row[] = [];
  const types: Row[] = [];
  const rows: Row[] = [];
  const products: Product[] = [];
  for (const [category, { name, types: typesOf }] of CATALOGUE.entries()) {
    const categoryId = uuid(BOOKS_OPENED, random);
    categories.push([categoryId, name]);
    for (const { name: type, products: lines } of typesOf) {
      const typeId = uuid(BOOKS_OPENED, random);
      types.push([typeId, categoryId, type]);
      for (const [sku, name, cost, description] of lines) {
        const created = BOOKS_OPENED + random.between(0, 3500) * DAY_MS;
        const id = uuid(created, random);
        const until = DISCONTINUED.get(sku);
        const priceCents = listPrice(cost);
        rows.push([
          ...[id, sku, name, description, categoryId, typeId, dollars(cost), dollars(priceCents)],
          ...[until !== undefined, timestamp(created)],
        ]);
        const soldUntil = until === undefined ? Number.POSITIVE_INFINITY : dayOf(until) * DAY_MS;
        products.push({ id, sku, name, category, type, priceCents, soldUntil });
      }
    }
  }
  return {
    tables: [
      { name: 'retail.categories', columns: { category_id: 'uuid', name: 'text' }, rows: categories },
      {
        name: 'retail.product_types',
        columns: { type_id: 'uuid', category_id: 'uuid', name: 'text' },
        rows: types,
      },
      {
        name: 'retail.products',
        columns: {
          product_id: 'uuid',
          sku: 'text',
          name: 'text',
          description: 'text',
          category_id: 'uuid',
          type_id: 'uuid',
          cost: 'numeric',
          unit_price: 'numeric',
          discontinued: 'boolean',
          created_at: 'timestamptz',
        },
        rows,
      },
    ],
    products,
  };
}
