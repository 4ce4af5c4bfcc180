import type { ServerContext } from '@modelcontextprotocol/server';
import { AisleError, ValidationError } from '../kernel/errors.ts';
import type { RequestContext } from '../kernel/request-context.ts';
import type { Caller } from './caller.ts';
import type { CatalogueEntry } from './catalogue.ts';
import { protocolError } from './errors.ts';
import type { ResourceDirectory } from './resource-directory.ts';
import type { Serving } from './serving.ts';

/** What one server instance answers from. */
export interface Session {
  readonly serving: Serving;
  readonly tools: ReadonlyMap<string, CatalogueEntry>;
  readonly resources: ResourceDirectory;
  readonly caller: Caller;
}

/** The context of one call: the caller's, and the SDK's signal for cancellation and disconnection. */
export function requestContext({ caller }: Session, { mcpReq }: ServerContext): RequestContext {
  return {
    principal: caller.principal,
    requestId: caller.nextRequestId(),
    sessionId: caller.sessionId,
    origin: caller.origin,
    onAllowance: caller.onAllowance,
    signal: AbortSignal.any([mcpReq.signal, caller.signal]),
  };
}

/** Runs the handler of a method; the SDK would send the message of whatever it throws, so only a mapped error leaves. */
export async function answer<Result>(
  session: Session,
  requestId: string,
  work: () => Promise<Result>,
  uri?: string,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    noteRefusal(session, error);
    const mapped = protocolError(error, requestId, uri);
    const level = error instanceof AisleError ? 'debug' : 'error';
    session.serving.logger[level]('request_failed', {
      request_id: requestId,
      json_rpc_code: mapped.code,
      error,
    });
    throw mapped;
  }
}

/** What is called; a call of what there is not is counted as one before it is refused. */
export async function findOrCount<Found>(
  { serving }: Session,
  context: RequestContext,
  find: () => Found,
): Promise<Found> {
  try {
    return find();
  } catch (error) {
    await serving.pipeline.missed(context);
    throw error;
  }
}

/** The answer says so itself; a transport may say it once more. */
export function noteRefusal({ caller }: Session, error: unknown): void {
  if (error instanceof AisleError) caller.onRefusal?.(error);
}

/** Lists come whole, so no cursor was ever given out. */
export function refuseCursor(cursor: string | undefined): void {
  if (cursor !== undefined) throw new ValidationError('Unknown cursor: this list has one page.');
}
