import type { AisleError } from './errors.ts';
import type { CallFacts, RequestContext, RequestOrigin } from './request-context.ts';

type Severity = 'DEBUG' | 'INFO' | 'WARNING' | 'ERROR' | 'CRITICAL';

/** Something that security cares about and that is no tool call: who was let in or refused, who changed whose rights. */
export interface SecurityEvent {
  /** In snake_case, e.g. `authentication_failed`, `access_granted`, `api_key_created`. */
  readonly type: string;
  /** What was done or tried, in a word or two, e.g. `authenticate`, `grant`. */
  readonly action: string;
  readonly success: boolean;
  readonly severity: Severity;
  /** Why it failed; never a secret. */
  readonly reason?: string | undefined;
  /** Who did it: `access.subjects.subject_id` and name, where they are known. */
  readonly subject?: string | undefined;
  readonly name?: string | undefined;
  readonly storeId?: string | undefined;
  readonly resourceType?: string | undefined;
  readonly resourceId?: string | undefined;
  readonly requestId?: string | undefined;
  readonly sessionId?: string | undefined;
  readonly origin?: RequestOrigin | undefined;
  readonly details?: Readonly<Record<string, unknown>> | undefined;
}

/** Where security events go. */
export interface SecurityLog {
  /** Resolves when the event is committed and can't be lost; throws `UnavailableError` when it can't be written. Not to be
   * awaited while a connection of the database is held: the embedded one has no other. */
  record(event: SecurityEvent): Promise<void>;
}

/** One call, as its pipeline saw it. Masked and bounded by whoever writes it down, not by whoever makes it. */
export interface CallRecord {
  /** Milliseconds since 1970 when it was answered, or, with status `begun`, when it was let through. */
  readonly at: number;
  readonly kind: 'tool' | 'resource' | 'prompt' | 'completion';
  readonly name: string;
  readonly args: unknown;
  readonly context: RequestContext;
  readonly facts: CallFacts;
  /** `begun`: it writes, and is about to run. Its outcome is a record of its own. */
  readonly status: 'begun' | 'ok' | 'error';
  readonly decision: 'allowed' | 'denied';
  readonly error?: AisleError;
  readonly durationMs: number;
}

/** Where calls go. Both throw `UnavailableError` when the record can't be taken: the call must then not be answered. */
export interface CallLog {
  /** Resolves when the record is committed. */
  commit(call: CallRecord): Promise<void>;
  /** Resolves when the record has its place in the queue, from where it is committed within a tenth of a second. */
  enqueue(call: CallRecord): Promise<void>;
}
