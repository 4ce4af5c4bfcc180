type Bound = string | number | boolean | null | readonly string[];

/** Values of a statement that is put together of parts: each part binds its own, and nothing is written into the text. */
export class Bindings {
  readonly values: Bound[] = [];

  /** The placeholder for a value of a PostgreSQL type: `$3::uuid`. */
  of(value: Bound, type: string): string {
    this.values.push(value);
    return `$${this.values.length}::${type}`;
  }
}
