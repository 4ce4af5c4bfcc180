import type { FastifyRequest } from 'fastify';
import { type AisleError, BusyError, InsufficientScopeError, RateLimitedError } from '../kernel/errors.ts';
import { httpError } from '../protocol/errors.ts';

/**
 * What HTTP has to say of refusals that MCP has answered. Busy stands beside the answer: a model is to read it. Rate
 * limits and missing scopes take its place, since clients act on them by their status and never ask the model; but not in
 * a batch, whose other calls have answers of their own.
 */
export async function withRefusals(
  response: Response,
  refusals: readonly AisleError[],
  request: FastifyRequest,
  challenge: (error: AisleError) => string | undefined,
): Promise<Response> {
  const isBatch = Array.isArray(request.body);
  const decisive = isBatch ? undefined : refusals.find(isDecisive);
  if (decisive !== undefined) {
    await response.body?.cancel();
    const { status, body } = httpError(decisive, request.id, idOf(request.body));
    return Response.json(body, { status, headers: headersOf(decisive, challenge(decisive)) });
  }
  const waits = refusals.filter((error) => error instanceof BusyError || error instanceof RateLimitedError);
  if (waits.length > 0) {
    response.headers.set('Retry-After', String(Math.max(...waits.map((error) => error.retryAfterSeconds))));
  }
  return response;
}

function isDecisive(error: AisleError): boolean {
  return error instanceof RateLimitedError || error instanceof InsufficientScopeError;
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
