export interface DemoOptions {
  /** The same seed with the same numbers and dates gives the same rows. A whole number. */
  readonly seed: number;
  /** At least one for each store. */
  readonly customers: number;
  /** Sales and returns together. */
  readonly orders: number;
  /** The Pacific day (YYYY-MM-DD) on which the data ends; the last orders are of the evening before. */
  readonly until: string;
}

/** The day of the first order. */
export const DEMO_START = '2020-01-01';

/** Small enough for the embedded database; the caller adds the day it ends. */
export const DEFAULT_DEMO = { seed: 42, customers: 5_000, orders: 20_000 } as const;
