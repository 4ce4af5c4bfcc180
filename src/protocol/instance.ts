import {
  type Server,
  type ServerContext,
  TRACEPARENT_META_KEY,
  TRACESTATE_META_KEY,
} from '@modelcontextprotocol/server';
import { AisleError } from '../kernel/errors.ts';
import type { RequestContext } from '../kernel/request-context.ts';
import { readTraceContext } from '../telemetry/trace-context.ts';
import type { Caller } from './caller.ts';
import type { CatalogueEntry } from './catalogue.ts';
import { protocolError } from './errors.ts';
import type { PromptDirectory } from './prompt-directory.ts';
import type { RequestState } from './request-state.ts';
import type { ResourceDirectory } from './resource-directory.ts';
import type { Serving } from './serving.ts';

/** What one server instance answers from. */
export interface Instance {
  readonly serving: Serving;
  readonly tools: ReadonlyMap<string, CatalogueEntry>;
  readonly resources: ResourceDirectory;
  readonly prompts: PromptDirectory;
  readonly requestState: RequestState;
  readonly server: Server;
  /** Who sent the request that is being answered. Throws `AuthenticationError` for one that nobody sent. */
  readonly callerOf: (sdk: ServerContext) => Caller;
}

/** The context of one call: the caller's, and the SDK's signal for cancellation and disconnection. */
function requestContext({ callerOf }: Instance, sdk: ServerContext): RequestContext {
  const caller = callerOf(sdk);
  const { _meta: meta, signal } = sdk.mcpReq;
  // What the message says counts before what its envelope says: a proxy may have begun a trace of its own.
  const trace = readTraceContext(meta?.[TRACEPARENT_META_KEY], meta?.[TRACESTATE_META_KEY]);
  return contextOf(caller, AbortSignal.any([signal, caller.signal]), trace);
}

/** The context of the caller's next call, which `signal` aborts. */
export function contextOf(
  caller: Caller,
  signal: AbortSignal,
  trace: ReturnType<typeof readTraceContext>,
): RequestContext {
  return {
    principal: caller.principal,
    requestId: caller.nextRequestId(),
    sessionId: caller.sessionId,
    origin: trace === undefined ? caller.origin : { ...caller.origin, ...trace },
    prepaid: caller.prepaid,
    onAllowance: caller.onAllowance,
    signal,
  };
}

/** Runs the handler of a method; the SDK would send the message of whatever it throws, so only a mapped error leaves. */
export async function answer<Result>(
  instance: Instance,
  sdk: ServerContext,
  work: (context: RequestContext) => Promise<Result>,
  uri?: string,
): Promise<Result> {
  const context = requestContext(instance, sdk);
  return mapErrors(instance.serving, instance.callerOf(sdk), context, work, uri);
}

/** The same for a caller who is known already. */
export async function mapErrors<Result>(
  { logger }: Serving,
  caller: Caller,
  context: RequestContext,
  work: (context: RequestContext) => Promise<Result>,
  uri?: string,
): Promise<Result> {
  const { requestId } = context;
  try {
    return await work(context);
  } catch (error) {
    if (error instanceof AisleError) caller.onRefusal?.(error);
    const mapped = protocolError(error, requestId, uri);
    const level = error instanceof AisleError ? 'debug' : 'error';
    logger[level]('request_failed', {
      request_id: requestId,
      json_rpc_code: mapped.code,
      error,
    });
    throw mapped;
  }
}

/** What is called; a call of what there is not is counted as one before it is refused. */
export async function findOrCount<Found>(
  { serving }: Pick<Instance, 'serving'>,
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
export function noteRefusal({ callerOf }: Instance, sdk: ServerContext, error: unknown): void {
  if (error instanceof AisleError) callerOf(sdk).onRefusal?.(error);
}
