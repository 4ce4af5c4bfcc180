import { z } from 'zod';

/** Shapes that the answers of several tools share; without descriptions, which would only cost a model tokens. */
export const tabular = {
  columns: z.array(z.object({ name: z.string(), type: z.string() })),
  rows: z.array(z.array(z.unknown())),
  row_count: z.number(),
  truncated: z.boolean(),
};

/** Half-open: `start <= t < end`, ISO 8601 in UTC. */
export const period = z.object({ start: z.string(), end: z.string() });

/** A small table inside an answer: names of columns, then rows. */
export const table = z.object({ columns: z.array(z.string()), rows: z.array(z.array(z.unknown())) });

export type Table = z.output<typeof table>;
