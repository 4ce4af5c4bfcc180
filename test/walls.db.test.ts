/**
 * The database wall alone: no guard in these tests. Whatever SQL a caller sends as the reader, no row of another store
 * comes back and nothing is changed. Each case is named after the hole that it closes.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TENANT_TABLES } from '../src/data/tables.ts';
import { loadTwoStores, NORTH, SOUTH } from './harness/two-stores.ts';
import { databases, type OpenedDatabase } from './harness/databases.ts';

describe.each(databases)('$name', ({ open }) => {
  let opened: OpenedDatabase;
  const signal = new AbortController().signal;

  const asNorth = (text: string) =>
    opened.database.withTenant(NORTH.principal, signal, (tenant) => tenant.query({ text, maxRows: 100 }));

  beforeAll(async () => {
    opened = await open();
    await loadTwoStores(opened.database);
  });
  afterAll(() => opened.close());

  it.each(TENANT_TABLES)('%s shows a store its own rows only', async (table) => {
    const { rows } = await asNorth(`SELECT DISTINCT store_id FROM ${table}`);
    expect(rows).toEqual([[NORTH.storeId]]);
    const others = await asNorth(`SELECT count(*) FROM ${table} WHERE store_id = '${SOUTH.storeId}'`);
    expect(others.rows).toEqual([[0]]);
  });
});
