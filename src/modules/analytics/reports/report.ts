import { z } from 'zod';
import type { Rows, Value } from '../../../data/database.ts';
import { decodeRows } from '../../../data/decode-rows.ts';
import type { Permission } from '../../../kernel/permission.ts';
import { quotient } from '../decimal.ts';
import type { Period } from '../period.ts';

/** A report: its query, and how that becomes the rows of the answer. */
export interface Report {
  /** What it takes beside the permission of the tool. */
  readonly permission?: Permission | undefined;
  readonly text: string;
  /** True when the period before is asked for too, labelled `previous`. */
  readonly compares: boolean;
  /** Parameters after those of the scope: from $6. */
  readonly values: (period: Period, limit: number) => (string | number)[];
  /** What the query found, as the columns that the report promises. */
  readonly arrange: (found: Rows) => Rows;
}

interface ReportDefinition<Shape extends z.ZodRawShape> {
  readonly permission?: Permission;
  readonly text: string;
  readonly compares?: boolean;
  readonly values?: Report['values'];
  readonly shape: Shape;
  /** Name and PostgreSQL type of each column of the answer. */
  readonly columns: Readonly<Record<string, string>>;
  /** A row of the answer by column name; what is not a column is left out. */
  readonly row: (record: z.output<z.ZodObject<Shape>>) => Readonly<Record<string, Value>>;
}

/** Amounts are added up per currency, never across currencies. */
export function report<Shape extends z.ZodRawShape>(definition: ReportDefinition<Shape>): Report {
  const { text, permission, shape, row, compares = false, values = () => [] } = definition;
  const columns = Object.entries(definition.columns).map(([name, type]) => ({ name, type }));
  return {
    permission,
    text,
    compares,
    values,
    arrange: (found) => ({
      columns,
      rows: decodeRows(found, shape).map((record) => {
        const arranged = row(record);
        return columns.map(({ name }) => arranged[name] ?? null);
      }),
      truncated: found.truncated,
    }),
  };
}

export const text = z.string();
export const count = z.number();
export const amount = z.string();

/** Sales per order to two places; null without orders. */
export const average = (salesAmount: string, orders: number): string | null =>
  quotient(salesAmount, String(orders), 2);
