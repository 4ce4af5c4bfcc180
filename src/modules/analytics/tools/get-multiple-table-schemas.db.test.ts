import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { databases } from '../../../../test/harness/databases.ts';
import { READABLE_TABLES } from '../../../data/tables.ts';
import { createSchemaCatalogue } from '../schema-catalogue.ts';
import { call, twoShops } from '../testing/open-shops.ts';
import { as, HEAD_OFFICE, NORTH, SOUTH, STRANGER } from '../testing/two-currencies.ts';
import { getMultipleTableSchemas } from './get-multiple-table-schemas.ts';

interface Described {
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly values?: readonly string[] }[];
}

describe.each(databases)('$name', ({ open }) => {
  const shops = twoShops(open);
  beforeAll(shops.open);
  afterAll(shops.close);

  // One catalogue for all tests, as in a server: what it remembers must not carry anyone's values.
  const tool = getMultipleTableSchemas(shops.door, createSchemaCatalogue());
  const ask = (table_names: string[], principal = NORTH.principal) =>
    call(tool, { table_names }, as(principal));
  const valuesOf = async (table: string, column: string, principal = NORTH.principal) => {
    const { structured } = await ask([table], principal);
    const [described] = structured.tables as readonly Described[];
    return described?.columns.find(({ name }) => name === column)?.values;
  };

  test('columns, keys, relationships, comments', async () => {
    const { structured, text } = await ask(['retail.order_items', 'ORDERS', 'orders']);
    expect(structured.tables).toMatchObject([
      {
        name: 'retail.order_items',
        comment: 'Lines of orders.',
        primary_key: ['store_id', 'order_id', 'line_number'],
        foreign_keys: ['(store_id, order_id) -> retail.orders', '(product_id) -> retail.products'].sort(),
        columns: expect.arrayContaining([
          {
            name: 'line_total',
            type: 'numeric',
            nullable: false,
            comment: 'quantity * unit_price - discount, exact.',
          },
        ]),
      },
      { name: 'retail.orders', unique: [['store_id', 'order_number']] },
    ]);
    expect(structured.tables).toHaveLength(2);
    expect(text).toContain(
      '\n  status text! in ["completed","cancelled","returned"] -- returned: the goods came back',
    );
    expect(text).toContain('\n  order_date timestamptz!\n');
    expect(text).toContain('\n  customer_id uuid -- NULL for an anonymous sale.\n');
    expect(text).toContain('\n  fk (store_id, customer_id) -> retail.customers');
  });

  test('every readable table has a structure', async () => {
    const { structured } = await ask([...READABLE_TABLES]);
    expect((structured.tables as readonly Described[]).map(({ name }) => name)).toEqual(READABLE_TABLES);
  });

  test.each([
    ['customers', 'tier', NORTH.principal, ['free', 'pro']],
    ['customers', 'tier', SOUTH.principal, ['enterprise']],
    ['customers', 'tier', HEAD_OFFICE, ['free', 'pro', 'enterprise']],
    ['customers', 'tier', STRANGER, undefined],
    ['orders', 'status', SOUTH.principal, ['shipped', 'completed']],
    ['stores', 'slug', NORTH.principal, ['north']],
    ['stores', 'currency', HEAD_OFFICE, ['EUR', 'USD']],
    ['regions', 'slug', NORTH.principal, ['coast']],
    ['regions', 'slug', STRANGER, undefined],
    ['categories', 'name', NORTH.principal, ['Garden', 'Tools']],
    ['product_types', 'name', NORTH.principal, ['Hand tools', 'Pots']],
    ['products', 'name', NORTH.principal, undefined],
  ])('%s.%s lists what occurs in rows of the caller', async (table, column, principal, values) => {
    expect(await valuesOf(table, column, principal)).toEqual(values);
  });

  test('an unknown table is refused with the nearest name', async () => {
    await expect(ask(['orders', 'custmers'])).rejects.toMatchObject({
      code: 'VALIDATION_ERROR',
      message: expect.stringContaining('There is no table "custmers". The nearest is customers;'),
    });
    await expect(ask(['access.grants'])).rejects.toMatchObject({ code: 'VALIDATION_ERROR' });
  });

  test.each([
    {},
    { table_names: [] },
    { table_names: 'orders' },
    { table_names: [1] },
    { table_names: Array(13).fill('orders') },
  ])('%j is refused', (args) => expect(tool.input.safeParse(args).success).toBe(false));
});
