import type { FastifyRequest } from 'fastify';
import type { ClaimedCaller } from '../auth/authenticator.ts';
import type { SecurityLog } from '../kernel/audit.ts';
import { AuthenticationError, AuthorizationError } from '../kernel/errors.ts';
import type { Principal } from '../kernel/principal.ts';
import { originOf } from './origin.ts';
import { wellFormedId } from './request-id.ts';

/**
 * Puts a failed attempt into the security log before it is answered. A request without a credential is none: that is how
 * every client asks where to log in. That the provider or the database is out of reach is no fault of the caller.
 *
 * `who` is whoever proved who it is, and was refused the store it wanted to be confined to. Of all others there is what they
 * `claimed`, which anybody can: it goes under a name that says so and never into the column of subjects.
 */
export async function recordFailure(
  securityLog: SecurityLog,
  request: FastifyRequest,
  error: unknown,
  { who, claimed }: { readonly who?: Principal | undefined; readonly claimed?: ClaimedCaller | undefined },
): Promise<void> {
  const { authorization, 'x-api-key': apiKey, 'x-rls-user-id': claimedId } = request.headers;
  const tried = authorization !== undefined || apiKey !== undefined || claimedId !== undefined;
  if (!tried || !(error instanceof AuthenticationError || error instanceof AuthorizationError)) return;
  await securityLog.record({
    ...(who === undefined
      ? { type: 'authentication_failed', action: 'authenticate', name: claimed && nameOf(claimed) }
      : { type: 'narrowing_refused', action: 'narrow', subject: who.subject, name: who.name }),
    success: false,
    severity: 'WARNING',
    reason: error.message,
    requestId: request.id,
    sessionId: wellFormedId(request.headers['x-claude-session-id']),
    origin: originOf(request),
    details: { code: error.code, ...(who === undefined && claimed !== undefined && { claimed }) },
  });
}

function nameOf({ kind, id, issuer }: ClaimedCaller): string {
  return `claimed ${kind} ${id}${issuer === undefined ? '' : ` of ${issuer}`}`;
}
