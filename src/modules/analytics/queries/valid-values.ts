import { z } from 'zod';
import type { TenantSession } from '../../../data/database.ts';
import { decodeRows } from '../../../data/decode-rows.ts';
import type { TableStructure } from './table-structures.ts';

/** More different values than this, and a list of them helps nobody. */
const MOST_VALUES = 50;

/**
 * Columns whose few values are not listed by a CHECK. Each query sees the caller's rows only; a region, which row
 * security does not guard, counts when one of the caller's stores lies in it.
 */
const NAMED_LISTS: ReadonlyMap<string, Readonly<Record<string, string>>> = new Map([
  [
    'retail.stores',
    { slug: 'SELECT slug FROM retail.stores', currency: 'SELECT currency FROM retail.stores' },
  ],
  ['retail.regions', { slug: 'SELECT r.slug FROM retail.regions r JOIN retail.stores USING (region_id)' }],
  ['retail.categories', { name: 'SELECT name FROM retail.categories' }],
  ['retail.product_types', { name: 'SELECT name FROM retail.product_types' }],
]);

/** Names come from our own migrations; quoted all the same. */
const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** For a column with listed values: which of them occur. One look into the table per value, not one scan of it. */
function occurring(table: string, column: string, parameter: number): string {
  return `SELECT ${literal(table)} AS "table", ${literal(column)} AS "column", v AS value, place
    FROM unnest($${parameter}::text[]) WITH ORDINALITY AS listed(v, place),
      LATERAL (SELECT FROM ${table} t WHERE t.${identifier(column)} = v LIMIT 1) AS found`;
}

function distinct(table: string, column: string, query: string): string {
  return `SELECT ${literal(table)}, ${literal(column)}, v, row_number() OVER (ORDER BY v)
    FROM (SELECT DISTINCT v FROM (${query}) AS all_values(v) LIMIT ${MOST_VALUES + 1}) AS few`;
}

const shape = { table: z.string(), column: z.string(), value: z.string() };

/**
 * Values of low-cardinality columns in the rows that this caller sees, as `table.column` -> values. Never cached: what one
 * caller's rows hold is not another's to know.
 */
export async function validValues(
  tenant: TenantSession,
  tables: readonly TableStructure[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const values: (readonly string[])[] = [];
  const branches = tables.flatMap((table) => [
    ...table.columns
      .filter(({ allowed }) => allowed.length > 0)
      .map(({ name, allowed }) => occurring(table.name, name, values.push(allowed))),
    ...Object.entries(NAMED_LISTS.get(table.name) ?? {}).map(([column, query]) =>
      distinct(table.name, column, query),
    ),
  ]);
  if (branches.length === 0) return new Map();
  const text = `SELECT "table", "column", value FROM (${branches.map((branch) => `(${branch})`).join('\nUNION ALL\n')})
    AS list("table", "column", value, place) ORDER BY 1, 2, place`;
  const found = decodeRows(await tenant.query({ text, values, maxRows: 1000 }), shape);
  const lists = Map.groupBy(found, ({ table, column }) => `${table}.${column}`);
  return new Map(
    [...lists]
      .filter(([, list]) => list.length <= MOST_VALUES)
      .map(([key, list]) => [key, list.map(({ value }) => value)]),
  );
}
