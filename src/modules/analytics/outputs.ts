import { z } from 'zod';
import type { Rows } from '../../data/database.ts';

/** Shapes that the answers of several tools share; without descriptions, which would only cost a model tokens. */
export const tabular = {
  // name, type
  columns: z.array(z.record(z.string(), z.string())),
  rows: z.array(z.array(z.unknown())),
  row_count: z.number(),
  truncated: z.boolean(),
};

/** start and end, half-open: `start <= t < end`, ISO 8601 in UTC. */
export const period = z.record(z.string(), z.string());

/** A small table inside an answer: names of columns, then rows. */
export const table = z.object({ columns: z.array(z.string()), rows: z.array(z.array(z.unknown())) });

export type Table = z.output<typeof table>;

/** A result in the shape of `tabular`. */
export function tabularOutput({ columns, rows, truncated }: Rows): z.output<z.ZodObject<typeof tabular>> {
  return {
    columns: columns.map((column) => ({ ...column })),
    rows: rows.map((row) => [...row]),
    row_count: rows.length,
    truncated,
  };
}
