import { z } from 'zod';
import type { Database } from '../../../data/database.ts';
import { READABLE_TABLES } from '../../../data/tables.ts';
import { ValidationError } from '../../../kernel/errors.ts';
import { defineTool, READ_ONLY, type Tool } from '../../../kernel/tool.ts';
import type { TableStructure } from '../queries/table-structures.ts';
import { validValues } from '../queries/valid-values.ts';
import type { SchemaCatalogue } from '../schema-catalogue.ts';
import { foreignKeyText, schemaText } from '../schema-text.ts';
import { findTable, noSuchTable, SHORT_NAMES } from '../table-names.ts';

interface DescribedColumn {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
  readonly comment?: string;
  /** Those that occur in the caller's rows. */
  readonly values?: readonly string[];
}

interface DescribedTable {
  readonly name: string;
  readonly comment: string | null;
  readonly columns: readonly DescribedColumn[];
  readonly primary_key: readonly string[];
  readonly unique: readonly (readonly string[])[];
  readonly foreign_keys: readonly string[];
}

function describe(table: TableStructure, values: ReadonlyMap<string, readonly string[]>): DescribedTable {
  return {
    name: table.name,
    comment: table.comment,
    columns: table.columns.map(({ name, type, nullable, comment }) => {
      const list = values.get(`${table.name}.${name}`);
      return { name, type, nullable, ...(comment !== null && { comment }), ...(list && { values: list }) };
    }),
    primary_key: table.primaryKey,
    unique: table.unique,
    foreign_keys: table.foreignKeys.map(foreignKeyText),
  };
}

function resolve(written: readonly string[]): string[] {
  const names = written.map((name) => {
    const found = findTable(name);
    if (found === undefined)
      throw new ValidationError(noSuchTable(name), { data: { tables: READABLE_TABLES } });
    return found;
  });
  return [...new Set(names)];
}

export function getMultipleTableSchemas(
  database: Pick<Database, 'withTenant'>,
  catalogue: SchemaCatalogue,
): Tool {
  return defineTool({
    name: 'get_multiple_table_schemas',
    title: 'Table schemas',
    description: `Columns, keys, meanings and valid values of tables. Call it before writing SQL. Tables: ${SHORT_NAMES.join(', ')}.`,
    input: z.strictObject({
      table_names: z
        .array(z.string())
        .min(1)
        .max(READABLE_TABLES.length)
        .describe('All tables you need, in one call'),
    }),
    // `DescribedTable`s, not spelt out: see `figures` in get-store-performance.ts.
    output: z.object({ tables: z.array(z.record(z.string(), z.unknown())) }),
    permission: 'read:analytics',
    annotations: READ_ONLY,
    cache: { ttlSeconds: 300 },
    async run({ table_names }, context) {
      const names = resolve(table_names);
      return database.withTenant(context, async (tenant) => {
        const known = await catalogue.tables(tenant);
        const tables = names.flatMap((name) => known.get(name) ?? []);
        const values = await validValues(tenant, tables);
        return {
          structured: { tables: tables.map((table) => ({ ...describe(table, values) })) },
          text: schemaText(tables, values),
        };
      });
    },
  });
}
