import type { CredentialStore, SecretKeys } from '../kernel/credentials.ts';
import type { RequestContext } from '../kernel/request-context.ts';
import type { Role } from '../kernel/role.ts';
import type { FunctionFacts } from './function-facts.ts';

/** A value of a result, exact: see docs/data-types.md for the text of each PostgreSQL type. */
export type Value = string | number | boolean | null | readonly Value[] | { readonly [key: string]: Value };

export interface Column {
  readonly name: string;
  /** PostgreSQL type name, e.g. `numeric`, `timestamptz`, `text[]`. */
  readonly type: string;
}

export interface Rows {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Value[])[];
  /** True when the query had more rows than `maxRows`. */
  readonly truncated: boolean;
}

export interface ScopedQuery {
  /** One statement; bind values as $1, $2 …, never by writing them into the text. */
  readonly text: string;
  readonly values?: readonly (string | number | boolean | null | readonly string[])[];
  /** Rows sent at most; further ones are not fetched. Default 1000. */
  readonly maxRows?: number;
  /** Milliseconds in the database; default from the configuration. */
  readonly timeoutMs?: number;
  /** Ends its transaction by ROLLBACK in place of COMMIT: for `doctor --attack`, which is to change nothing. */
  readonly rollBack?: boolean;
}

export interface TenantSession {
  /**
   * Runs one statement inside the tenant's walls, in one round trip and one read-only transaction.
   * Throws `DatabaseError`, `QueryTimeoutError`, `ResultTooLargeError`, `TimeoutError`, `CancelledError`, `BusyError`,
   * `UnavailableError`.
   */
  query(query: ScopedQuery): Promise<Rows>;
}

/** Anything `COPY` can read as the text of a value. */
export type LoadValue = string | number | boolean | null;

export interface LoaderSession {
  query<Row extends object = Record<string, unknown>>(
    text: string,
    values?: readonly unknown[],
  ): Promise<Row[]>;
  /**
   * Streams rows into a table: COPY on a server, arrays on the embedded database. `columns` maps each column name to its
   * PostgreSQL type, in the order of the values. Returns how many rows went in.
   */
  load(
    table: string,
    columns: Readonly<Record<string, string>>,
    rows: Iterable<readonly LoadValue[]> | AsyncIterable<readonly LoadValue[]>,
  ): Promise<number>;
}

export interface Subject {
  readonly subject: string;
  readonly name: string;
  readonly displayName: string;
  readonly roles: readonly Role[];
}

export interface KeyState {
  readonly keyId: string;
  readonly createdAt: Date;
  /** From when on it verifies nothing; null while no end is set. */
  readonly retiresAt: Date | null;
  readonly state: 'signs' | 'verifies' | 'retired';
}

/** The keys that sign tenant contexts. */
export interface KeyAdministration {
  /** Newest first; no secrets. */
  list(): Promise<readonly KeyState[]>;
  /**
   * Makes a new key, which signs at once here and within seconds on other servers; returns its id. The others verify for
   * another `overlapSeconds`; with 0 they are worth nothing from here on.
   */
  rotate(overlapSeconds: number): Promise<string>;
  /** Takes a key away at once. Throws `ValidationError` when there is none of that id, or it is the one that signs. */
  retire(keyId: string): Promise<void>;
}

/** The one door to data. */
export interface Database {
  /** The only way a caller's data is reached: every query of `work` sees the stores of the context's principal
   * and no others. Aborting its signal stops the query in the database. */
  withTenant<Result>(
    context: RequestContext,
    work: (tenant: TenantSession) => Promise<Result>,
  ): Promise<Result>;
  /** For seeding and importing by an operator: one transaction over all stores, never for a caller's request. */
  asLoader<Result>(signal: AbortSignal, work: (session: LoaderSession) => Promise<Result>): Promise<Result>;
  /** Who has this id (UUID) or slug; undefined when nobody, or disabled. */
  findSubject(idOrSlug: string): Promise<Subject | undefined>;
  /** For an operator: throws `UnavailableError` when the database is out of reach. */
  readonly keys: KeyAdministration;
  /** Identities, API keys and revoked tokens. All of it throws `UnavailableError` when the database is out of reach. */
  readonly credentials: CredentialStore;
  /** Keys derived from those that sign contexts, and gone with them. */
  readonly derivedKeys: SecretKeys;
  /** Everyone, for the start-up banner and operators. */
  listSubjects(): Promise<readonly Subject[]>;
  /** What the database knows of functions named `name` or `schema.name`, in the same order. */
  functionFacts(names: readonly string[]): Promise<readonly FunctionFacts[]>;
  /** Resolves when the database answers; throws `UnavailableError` otherwise. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
