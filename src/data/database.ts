import type { Changes } from '../kernel/changes.ts';
import type { CredentialStore } from '../kernel/credentials.ts';
import type { RequestContext } from '../kernel/request-context.ts';
import type { Role } from '../kernel/role.ts';
import type { SecretKeys } from '../kernel/secret-keys.ts';
import type { AuditStore } from './audit/store.ts';
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
  /**
   * Its plan may be kept for whoever asks the same text again. Not where a literal means another time when it is read later
   * (`'now'`). Default false.
   */
  readonly isTimeless?: boolean;
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

export interface LoadOptions {
  /** Too little for other plans: statistics are not gathered after it, where the database does not by itself. Default false. */
  readonly isSmall?: boolean;
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

/** One thing that a subject may be given: a role, or stores to have it in, named by slug. */
export type Entitlement =
  | { readonly kind: 'role'; readonly role: Role }
  | { readonly kind: 'store'; readonly slug: string }
  | { readonly kind: 'region'; readonly slug: string }
  | { readonly kind: 'all' };

export interface SubjectAccess {
  readonly subject: string;
  readonly slug: string;
  readonly displayName: string;
  readonly isDisabled: boolean;
  readonly roles: readonly Role[];
  /** Slugs. */
  readonly stores: readonly string[];
  readonly regions: readonly string[];
  readonly allStores: boolean;
}

/** Who may see which stores, and what for. A change counts with the next query, a role on running servers within 5 s. */
export interface AccessAdministration {
  /** Everyone, disabled subjects included, by slug. */
  list(): Promise<readonly SubjectAccess[]>;
  /** Throws `ValidationError` when the slug is taken or malformed. */
  add(slug: string, displayName: string): Promise<SubjectAccess>;
  /** All or nothing; what is held already stays. Throws `ValidationError` for a subject, store or region that is not there. */
  grant(subject: string, what: readonly Entitlement[]): Promise<SubjectAccess>;
  /** All or nothing. Throws `ValidationError` also for what the subject does not hold. */
  revoke(subject: string, what: readonly Entitlement[]): Promise<SubjectAccess>;
  /** A subject that is disabled is nobody; its roles and grants stay. */
  setDisabled(subject: string, isDisabled: boolean): Promise<SubjectAccess>;
}

/** What came of bringing the sensitive fields under the secret key in force. */
export interface FieldRotation {
  /** Values that were encrypted anew. */
  readonly rewritten: number;
  /** Values that no key opens; they were left as they are. */
  readonly unreadable: number;
  /** Id of the key in force. */
  readonly current: string;
  /** Ids of SECRET_KEYS that no sensitive field needs any more, or yet. */
  readonly unused: readonly string[];
}

/** The one door to data. */
export interface Database {
  /** The only way a caller's data is reached: every query of `work` sees the stores of the context's principal
   * and no others. Aborting its signal stops the query in the database. When a connection is lost `work` is run again on
   * another one, so that it must only read. */
  withTenant<Result>(
    context: RequestContext,
    work: (tenant: TenantSession) => Promise<Result>,
  ): Promise<Result>;
  /** For seeding, importing and keeping what is derived from the rows: one transaction over all stores, never for a caller's request. */
  asLoader<Result>(
    signal: AbortSignal,
    work: (session: LoaderSession) => Promise<Result>,
    options?: LoadOptions,
  ): Promise<Result>;
  /** The audit logs, which no query of a caller's reaches. */
  readonly audit: AuditStore;
  /** Who has this id (UUID) or slug; undefined when nobody, or disabled. */
  findSubject(idOrSlug: string): Promise<Subject | undefined>;
  /**
   * Which of the stores that `subject` may see `id` (UUID) names: by the id of the store, or that of a subject whose only
   * grant is that store. Undefined when it names none, or one of somebody else's.
   */
  findOwnStore(subject: string, id: string): Promise<string | undefined>;
  /** For an operator: throws `UnavailableError` when the database is out of reach. */
  readonly keys: KeyAdministration;
  /** For an operator; each throws `UnavailableError` too. */
  readonly access: AccessAdministration;
  /** Identities, API keys and revoked tokens. All of it throws `UnavailableError` when the database is out of reach. */
  readonly credentials: CredentialStore;
  /** The migrations that were run when it was opened. */
  readonly migrated: readonly string[];
  /** What its sensitive fields, the hashes of its API keys and the chains of its audit are made with. */
  readonly secretKeys: SecretKeys;
  /** Who changes what, while it happens. */
  readonly changes: Changes;
  /** A text that tells this database from any other, and from itself before a migration. Throws `UnavailableError`. */
  identity(): Promise<string>;
  /**
   * Encrypts all sensitive fields with the secret key in force, batch by batch, while others go on working; `onProgress`
   * is told how many were done so far. May be stopped at any time and run again.
   */
  rotateFields(signal: AbortSignal, onProgress: (rewritten: number) => void): Promise<FieldRotation>;
  /** Everyone, for the start-up banner and operators. */
  listSubjects(): Promise<readonly Subject[]>;
  /** What the database knows of functions named `name` or `schema.name`, in the same order. */
  functionFacts(names: readonly string[]): Promise<readonly FunctionFacts[]>;
  /** Resolves when the database answers; throws `UnavailableError` otherwise. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
