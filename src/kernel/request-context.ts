import type { Allowance } from './allowance.ts';
import type { ClientLink } from './client-link.ts';
import type { Principal } from './principal.ts';

/** Where a request came from, as far as the transport could tell. */
export interface RequestOrigin {
  /** The client's address: that of the connection, or what a trusted proxy says. Absent over stdio. */
  readonly ip?: string | undefined;
  readonly userAgent?: string | undefined;
  /** Of a W3C `traceparent`: 32 hex digits. */
  readonly traceId?: string | undefined;
  /** What the trace's vendors add, as W3C's `tracestate`. */
  readonly traceState?: string | undefined;
}

/** A text of a model's, as the audit describes it. Both are asked for after the call was answered. */
interface AuditedSql {
  readonly text: string;
  /** What all texts share that differ in literals, spacing and comments only; undefined for one that was refused. */
  fingerprint(): string | undefined;
  /** The text without its literals and comments. */
  masked(): string;
}

/** What only the inside of a call learns, noted while it runs, for the audit. */
export interface CallFacts {
  sql?: AuditedSql;
  /** `schema.name` of the tables that `sql` names. */
  relations?: readonly string[];
  /** Aisle's own queries that ran. */
  readonly queries: Set<string>;
  /** Rows that the database sent; undefined while it was not asked. */
  rows?: number;
  /** Where the answer came from, when it was not computed for this call. */
  answeredFrom?: AnswerSource;
}

/** The caches of this server and of all, another call that was running, or a cache while the database was out of reach. */
export type AnswerSource = 'memory' | 'redis' | 'shared' | 'stale';

/** What a call read, noted by the database for whoever may want to give its answer again. */
export interface ReadNotes {
  /** Texts of the queries that were begun; one that failed has no scope. */
  readonly queries: string[];
  /** Of each query that was answered, the stores that it saw: their ids, sorted, or a hash where they are many. */
  readonly scopes: string[];
  /** Rows of the longest answer. */
  mostRows: number;
}

/** Everything that is true of one call, from the transport to the database. */
export interface RequestContext {
  readonly principal: Principal;
  /** Unique per call, `[A-Za-z0-9._-]{1,64}`; taken from the caller when it is well-formed, else made. */
  readonly requestId: string;
  /** The client's own name for its conversation, well-formed as a request id; for logs only. */
  readonly sessionId?: string | undefined;
  readonly origin?: RequestOrigin | undefined;
  /** What the call may say to its client, and ask it; absent where there is none, as on the command line. */
  readonly client?: ClientLink | undefined;
  /** Points of the call's cost that have been counted already, with its message. Default 0. */
  readonly prepaid?: number | undefined;
  /** Told what is left of the caller's rate after this call was counted, allowed or not. */
  readonly onAllowance?: ((allowance: Allowance) => void) | undefined;
  /** Where to note what the audit will tell; absent where nothing is audited. */
  readonly facts?: CallFacts | undefined;
  /** Where to note what is read; absent where nobody keeps the answer. */
  readonly reads?: ReadNotes | undefined;
  /** When the call must have been answered, in `Clock.monotonic()` milliseconds; absent: whenever. */
  readonly deadline?: number | undefined;
  /** Aborts when the caller goes away, cancels, or the deadline passes. */
  readonly signal: AbortSignal;
}
