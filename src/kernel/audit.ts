import type { RequestOrigin } from './request-context.ts';

export type Severity = 'DEBUG' | 'INFO' | 'WARNING' | 'ERROR' | 'CRITICAL';

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
  /** Resolves when the event is committed and can't be lost; throws `UnavailableError` when it can't be written. */
  record(event: SecurityEvent): Promise<void>;
}
