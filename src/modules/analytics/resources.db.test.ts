import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { databases } from '../../../test/harness/databases.ts';
import { READABLE_TABLES } from '../../data/tables.ts';
import { analyticsResources } from './resources.ts';
import { createSchemaCatalogue } from './schema-catalogue.ts';
import { twoShops } from './testing/open-shops.ts';
import { as, HEAD_OFFICE, NORTH, SOUTH, STRANGER } from './testing/two-currencies.ts';

describe.each(databases)('$name', ({ open }) => {
  const shops = twoShops(open);
  beforeAll(shops.open);
  afterAll(shops.close);

  const resources = new Map(
    analyticsResources(shops.door, createSchemaCatalogue()).map((resource) => [resource.uri, resource]),
  );
  const read = async (uri: string, variables: Record<string, string>, principal = NORTH.principal) =>
    (await resources.get(uri)?.read(variables, as(principal)))?.text ?? '';

  test('the schema names every table, and nobody’s values', async () => {
    const text = await read('database://schema', {});
    for (const table of READABLE_TABLES) expect(text).toContain(`\n${table} -- `);
    expect(text).not.toMatch(/north|coast| in \["/);
  });

  test('a table shows the values of the caller', async () => {
    expect(await read('database://schema/{table}', { table: 'customers' })).toContain(
      'tier text! in ["free","pro"] -- Loyalty tier.',
    );
    expect(await read('database://schema/{table}', { table: 'retail.customers' }, SOUTH.principal)).toContain(
      'in ["enterprise"]',
    );
  });

  test.each(['custmers', 'access.grants', '', '../x'])('%j is not found', async (table) => {
    await expect(read('database://schema/{table}', { table })).rejects.toMatchObject({
      code: 'RESOURCE_NOT_FOUND',
    });
  });

  test.each([
    ['order', ['orders', 'order_items']],
    ['retail.pr', ['retail.product_types', 'retail.products']],
    ['x', []],
  ])('%j is completed', async (typed, names) => {
    const complete = resources.get('database://schema/{table}')?.complete?.table;
    expect(await complete?.(typed, as(NORTH.principal))).toEqual(names);
  });

  test('stores are the caller’s own', async () => {
    const north = {
      store_id: NORTH.storeId,
      slug: 'north',
      name: 'Store North',
      location: '1 North Road',
      region: 'coast',
      is_online: false,
      currency: 'USD',
    };
    const south = {
      store_id: SOUTH.storeId,
      slug: 'south',
      name: 'Store South',
      location: '2 South Road',
      region: 'inland',
      is_online: true,
      currency: 'EUR',
    };
    const stores = async (principal = NORTH.principal) =>
      JSON.parse(await read('retail://stores', {}, principal));
    expect(await stores()).toEqual({ stores: [north], truncated: false });
    expect(await stores(HEAD_OFFICE)).toEqual({ stores: [north, south], truncated: false });
    expect(await stores(STRANGER)).toEqual({ stores: [], truncated: false });
  });
});
