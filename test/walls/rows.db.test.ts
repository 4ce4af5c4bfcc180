/**
 * The database wall alone: no guard in these tests. Whatever SQL a caller sends as the reader, no row of another store
 * comes back. Each case is named after the hole that it closes.
 */
import { describe, expect, it } from 'vitest';
import { TENANT_TABLES } from '../../src/data/tables.ts';
import { databasesAndManaged } from '../harness/databases.ts';
import { HEAD_OFFICE, NORTH, principal, SOUTH, STRANGER } from '../harness/two-stores.ts';
import { wallOn } from '../harness/wall.ts';

describe.each(databasesAndManaged)('the database wall on $name', ({ name, open }) => {
  const { as, asNorth, failure, outcomeOf, operate } = wallOn(open);

  describe.each(TENANT_TABLES)('%s', (table) => {
    it('shows a store its own rows only', async () => {
      expect((await asNorth(`SELECT DISTINCT store_id FROM ${table}`)).rows).toEqual([[NORTH.storeId]]);
      expect(
        (await asNorth(`SELECT count(*) FROM ${table} WHERE store_id = '${SOUTH.storeId}'`)).rows,
      ).toEqual([[0]]);
    });

    it('shows the head office both stores', async () => {
      const { rows } = await as(HEAD_OFFICE, `SELECT DISTINCT store_id FROM ${table} ORDER BY 1`);
      expect(rows).toEqual([[NORTH.storeId], [SOUTH.storeId]]);
    });

    it('shows nothing to a subject that nobody knows, nor to the all-zero id of a missing header', async () => {
      const zero = principal('00000000-0000-0000-0000-000000000000', 'nobody');
      expect((await as(STRANGER, `SELECT count(*) FROM ${table}`)).rows).toEqual([[0]]);
      expect((await as(zero, `SELECT count(*) FROM ${table}`)).rows).toEqual([[0]]);
    });
  });

  it('has no role of Aisle that is a superuser, bypasses row security, or can make roles', async () => {
    const { rows } = await asNorth(
      `SELECT count(*) FROM pg_roles WHERE rolname LIKE 'aisle%' AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb)`,
    );
    expect(rows).toEqual([[0]]);
  });

  it('hands out no id of a subject in any column that readers see', async () => {
    const columns = await operate(
      `SELECT c.relnamespace::regnamespace || '.' || c.relname AS name, a.attname AS column FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
       WHERE c.relnamespace IN ('retail'::regnamespace, 'private'::regnamespace) AND c.relkind = 'r' AND a.atttypid = 'uuid'::regtype ORDER BY 1, 2`,
    );
    const found = await operate(
      (columns as { name: string; column: string }[])
        .map(
          ({ name: table, column }) =>
            `SELECT '${table}.${column}' AS where FROM ${table} JOIN access.subjects ON subject_id = ${column}`,
        )
        .join(' UNION ALL '),
    );
    expect(columns.length).toBeGreaterThan(20);
    expect(found).toEqual([]);
  });

  it('SQL given as text to query_to_xml crosses no store', async () => {
    const outcome = await outcomeOf(
      `SELECT query_to_xml('SELECT order_number FROM retail.orders', true, true, '')::text`,
    );
    if (name === 'managed postgres') {
      expect(JSON.stringify(outcome)).toContain('O-0');
      expect(JSON.stringify(outcome)).not.toContain('O-1');
    } else expect(outcome).toBe('42501');
  });

  it('error texts never carry a value of a row', async () => {
    const error = await failure('SELECT email::integer FROM retail.customers');
    expect(error.message).toBe(
      'A text could not be read as the type it was cast to. Filter the rows with a pattern first, or compare as text.',
    );
    expect(JSON.stringify({ ...error, message: error.message, data: error.data })).not.toContain(
      'ann@example.com',
    );
  });
});
