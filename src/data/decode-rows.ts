import { z } from 'zod';
import type { Rows } from './database.ts';

/** Rows of one of our own queries as objects, checked against the shape that the code relies on. */
export function decodeRows<Shape extends z.ZodRawShape>(
  { columns, rows }: Rows,
  shape: Shape,
): z.output<z.ZodObject<Shape>>[] {
  const schema = z.object(shape);
  return rows.map((row) =>
    schema.parse(Object.fromEntries(columns.map(({ name }, index) => [name, row[index]]))),
  );
}
