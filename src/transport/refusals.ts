import type { FastifyRequest } from 'fastify';
import { type AisleError, InsufficientScopeError, RateLimitedError } from '../kernel/errors.ts';
import { type HttpAnswer, httpError } from '../protocol/errors.ts';

/** What becomes of an answer: another one in its place, and headers. */
export interface Verdict {
  readonly instead?: HttpAnswer;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * What HTTP has to say of refusals that MCP has answered. Busy and away stand beside the answer: a model is to read it. Rate
 * limits and missing scopes take its place, since clients act on them by their status and never ask the model; but not in
 * a batch, whose other calls have answers of their own.
 */
export function verdictOn(
  refusals: readonly AisleError[],
  { id, body }: FastifyRequest,
  challenge: (error: AisleError) => string | undefined,
): Verdict {
  const decisive = Array.isArray(body) ? undefined : refusals.find(isDecisive);
  if (decisive !== undefined)
    return {
      instead: httpError(decisive, id, idOf(body)),
      headers: headersOf(decisive, challenge(decisive)),
    };
  const waits = refusals.flatMap((error) => retryAfter(error) ?? []);
  return { headers: waits.length === 0 ? {} : { 'Retry-After': String(Math.max(...waits)) } };
}

/** The response, as a verdict has it. */
export async function withVerdict(response: Response, { instead, headers }: Verdict): Promise<Response> {
  if (instead !== undefined) {
    await response.body?.cancel();
    return Response.json(instead.body, { status: instead.status, headers });
  }
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
  return response;
}

function isDecisive(error: AisleError): boolean {
  return error instanceof RateLimitedError || error instanceof InsufficientScopeError;
}

/** Seconds after which it may be tried again, where the refusal knows. */
function retryAfter(error: AisleError): number | undefined {
  return 'retryAfterSeconds' in error ? (error.retryAfterSeconds as number | undefined) : undefined;
}

/** What goes beside the status of a refusal; `challenge` is its `WWW-Authenticate`, if it has one. */
export function headersOf(error: unknown, challenge: string | undefined): Record<string, string> {
  return {
    ...(error instanceof RateLimitedError && { 'Retry-After': String(error.retryAfterSeconds) }),
    ...(challenge !== undefined && { 'WWW-Authenticate': challenge }),
  };
}

/** The id of the JSON-RPC request, so that its answer can be told; null where there is none. */
export function idOf(body: unknown): string | number | null {
  const id = typeof body === 'object' && body !== null && 'id' in body ? body.id : null;
  return typeof id === 'string' || typeof id === 'number' ? id : null;
}
