import type { APIError } from 'openai';
import { ConfigurationError } from '../kernel/errors.ts';
import { redactText } from '../telemetry/redact.ts';
import type { Endpoint } from './endpoint.ts';
import { retryAfterMs } from './retry-after.ts';

/**
 * - `limited`: too many requests just now; others may pass in a while.
 * - `exhausted`: there is nothing left to pay with; waiting does not help.
 * - `transient`: it may well pass when it is tried again.
 * - `refused`: it takes none of this text, or not all of these at once.
 * - `misconfigured`: an operator has to mend something.
 */
type FailureKind = 'limited' | 'exhausted' | 'transient' | 'refused' | 'misconfigured';

export interface Failure {
  readonly kind: FailureKind;
  /** What happened, in words of ours, for callers: `HTTP 503`. */
  readonly what: string;
  /** How long the provider asks to be left alone, where it says so. */
  readonly retryAfterMs?: number | undefined;
  /** Of `misconfigured`: what to do. */
  readonly mend?: string;
  /** For the log: what the provider said, shortened, without secrets. */
  readonly cause?: unknown;
}

const LONGEST_SAID = 300;

/** What an error of the package's, or of the network's, means. */
export function failureOf(error: unknown, model: string, endpoint: Endpoint, now: number): Failure {
  const cause = factsOf(error, endpoint.key);
  const { cause: beneath } = error instanceof Error ? error : {};
  if (beneath instanceof ConfigurationError)
    return { kind: 'misconfigured', what: 'nobody is signed in', mend: beneath.message, cause };
  if (error instanceof SyntaxError) return { kind: 'transient', what: 'its answer is no JSON', cause };
  if (!isApiError(error)) return { kind: 'transient', what: 'its answer broke off', cause };
  const { status } = error;
  if (status === undefined)
    return {
      kind: 'transient',
      what: isBroken(error) ? 'the connection broke' : "it can't be connected to",
      cause,
    };
  const kind = kindOf(status, error.code ?? error.type);
  return {
    kind,
    what: `HTTP ${status}`,
    cause,
    retryAfterMs: error.headers === undefined ? undefined : retryAfterMs(error.headers, now),
    ...(kind === 'misconfigured' && { mend: mendOf(status, model, endpoint) }),
  };
}

function kindOf(status: number, code: string | null | undefined): FailureKind {
  if (status === 402 || (status === 429 && code === 'insufficient_quota')) return 'exhausted';
  if (status === 429) return 'limited';
  if (status >= 500 || [408, 409, 425].includes(status)) return 'transient';
  return [400, 413, 422].includes(status) ? 'refused' : 'misconfigured';
}

/** What the system and `fetch` call it when a connection ends that was there. */
const BROKEN = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

function isBroken(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return ('code' in error && BROKEN.has(String(error.code))) || isBroken(error.cause);
}

/** No setting's name stands before a colon: what follows would be taken for a key, and masked. */
function mendOf(status: number, model: string, { settings: { address, key } }: Endpoint): string {
  if (status === 401 || status === 403)
    return `It does not take what ${key} holds, or not for the model "${model}".`;
  if (status === 404)
    return `EMBEDDING_MODEL, ${address}: there is no model "${model}" at that address, or no embeddings at all.`;
  return `${address}: what answers there takes no embeddings by this path.`;
}

/** By its shape: its class would bring the package along. */
function isApiError(error: unknown): error is APIError {
  return error instanceof Error && 'status' in error && 'headers' in error && 'requestID' in error;
}

function factsOf(error: unknown, key: string | undefined): Readonly<Record<string, unknown>> {
  if (!(error instanceof Error)) return { said: typeof error };
  return {
    said: said(error.message, key),
    ...(error.cause instanceof Error && { because: said(reasonOf(error.cause), key) }),
    ...(isApiError(error) && { status: error.status, request_id: error.requestID }),
  };
}

/** A provider may repeat a key that it does not know, and no shape tells that it is one. */
function said(text: string, key: string | undefined): string {
  const hidden = key === undefined || key === '' ? text : text.replaceAll(key, '***');
  return redactText(hidden).slice(0, LONGEST_SAID);
}

/** `fetch failed` says nothing; what is beneath does: `connect ECONNREFUSED 127.0.0.1:11434`. */
function reasonOf(error: Error): string {
  return error.cause instanceof Error ? error.cause.message : error.message;
}
