/** Something that a committed transaction changed. */
export interface Change {
  /** `schema.name` of the table that stores the rows. Absent: anything may have changed, since some of it was not heard. */
  readonly table?: string;
  /** Only rows of these stores (`store_id`); absent: of any. */
  readonly stores?: readonly string[];
}

/** What changes in the database, whoever changes it. */
export interface Changes {
  /** Tells of every change from here on, in the order of commits; returns how to end that. */
  subscribe(listener: (change: Change) => void): () => void;
  /** Whether all that was committed until `STALENESS_BOUND_MS` ago has been told. While it was not, trust nothing remembered. */
  isCurrent(): boolean;
  /** The tables, as `schema.name`, whose every change is told. */
  watched(): Promise<ReadonlySet<string>>;
}

/** How long a change may go unheard before `isCurrent` says so, in milliseconds. */
export const STALENESS_BOUND_MS = 3000;
