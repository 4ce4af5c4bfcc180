/** One value as `LoaderSession.load` takes it. */
export type Cell = string | number | boolean | null;
export type Row = readonly Cell[];

/** The columns of a table that the demo fills, with their PostgreSQL types, in the order of a row's values. */
export type Columns = Readonly<Record<string, string>>;

export interface DemoTable {
  readonly name: string;
  readonly columns: Columns;
  /** Can be iterated again, with the same rows. */
  readonly rows: Iterable<Row>;
}

/** Rows that are made while they are read; every reading makes the same. */
export function streamed(make: () => Generator<Row>): Iterable<Row> {
  return { [Symbol.iterator]: make };
}

/** Whole cents as the text of a `numeric`. */
export function dollars(cents: number): string {
  const size = Math.abs(cents);
  const rest = size % 100;
  return `${cents < 0 ? '-' : ''}${(size - rest) / 100}.${rest < 10 ? '0' : ''}${rest}`;
}

export function timestamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
