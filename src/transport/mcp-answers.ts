import {
  createMcpHandler,
  isLegacyRequest,
  type McpServerFactory,
  type ServerContext,
} from '@modelcontextprotocol/server';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Authenticator } from '../auth/authenticator.ts';
import { AuthenticationError } from '../kernel/errors.ts';
import { ALWAYS_HEARD } from '../kernel/hearing.ts';
import type { Caller } from '../protocol/caller.ts';
import { requestError } from '../protocol/errors.ts';
import { createServerFactory } from '../protocol/server-factory.ts';
import type { Serving } from '../protocol/serving.ts';
import { createCancellations } from './cancellations.ts';
import { withFirstChunk, withOpening } from './first-chunk.ts';
import { createListening } from './listening.ts';
import { messageOf } from './message-of.ts';
import { wellFormedId } from './request-id.ts';
import type { Session } from './session.ts';
import { createSessions, type SessionLimits } from './sessions.ts';
import { timeLimit } from './time-limit.ts';

export interface McpAnswersOptions {
  readonly serving: Serving;
  /** Absent: no sessions, every request is answered by itself. */
  readonly sessions?: SessionLimits | undefined;
  /** Who the headers of an earlier request are now. */
  readonly authenticate: Authenticator['authenticate'];
  /** Aborts every call, with the reason to answer with. */
  readonly stop: AbortSignal;
  /** Milliseconds that a request outside of a session may take from its first byte to its answer. */
  readonly requestTimeoutMs: number;
}

interface Asked {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly caller: Omit<Caller, 'signal'>;
  /** Aborts when the client has gone. */
  readonly gone: AbortSignal;
}

/** The SDK's handlers for both eras, told who calls: each request by itself, or in the session that it names. */
export interface McpAnswers {
  answer(asked: Asked): Promise<Response>;
  close(): Promise<void>;
}

const NO_SESSIONS: SessionLimits = { max: 0, idleMs: 0 };
const NO_SUCH_SESSION = 'There is no such session, or it is not yours. Initialize a new one.';

export function createMcpAnswers(options: McpAnswersOptions): McpAnswers {
  const { serving, authenticate, stop, requestTimeoutMs, sessions: limits = NO_SESSIONS } = options;
  const { logger, watches } = serving;
  // The SDK hands the very Request back to the handlers; a map keyed by it can't be forged, as `authInfo` could be mistyped.
  const callers = new WeakMap<Request, Caller>();
  const callerOf = ({ http }: ServerContext): Caller => known(http?.req && callers.get(http.req));
  const makeServer = createServerFactory(serving, callerOf);
  // Of 2026-07-28 a client may listen; an older one without a session has no stream to be told anything on.
  const makeAlone: McpServerFactory = ({ era }) => makeServer(era === 'modern' ? ALWAYS_HEARD : undefined);
  const handler = createMcpHandler(makeAlone, {
    onerror: (error) => logger.debug('protocol_error', { error }),
  });
  const sessions = createSessions({ limits, makeServer, authenticate, logger });
  const cancellations = createCancellations();
  const listening =
    watches && createListening({ serving, watches, makeServer, authenticate, watchMs: limits.watchMs });

  const answerAlone = async ({ request, reply, caller, gone }: Asked): Promise<Response> => {
    const { subject } = caller.principal;
    const ends = limits.max > 0 ? gone : AbortSignal.any([gone, cancellations.read(subject, request, reply)]);
    const webRequest = toWebRequest(request, ends);
    const late = timeLimit(requestTimeoutMs, reply);
    callers.set(webRequest, { ...caller, signal: AbortSignal.any([stop, late]) });
    return withFirstChunk(await handler.fetch(webRequest, parsedBody(request)));
  };

  /** Of 2026-07-28; undefined for everything else. */
  const answerListener = async ({ request, reply, caller, gone }: Asked): Promise<Response | undefined> => {
    if (listening === undefined || messageOf(request.body).method !== 'subscriptions/listen')
      return undefined;
    const webRequest = toWebRequest(request, gone);
    if (await isLegacyRequest(webRequest, request.body)) return undefined;
    const signal = AbortSignal.any([gone, stop]);
    return listening.answer({ request, reply, caller: { ...caller, signal } }, webRequest);
  };

  const answerIn = async (session: Session, { request, reply, caller, gone }: Asked): Promise<Response> => {
    const left = new AbortController();
    const leave = (): void => left.abort();
    gone.addEventListener('abort', leave, { once: true });
    const webRequest = toWebRequest(request, gone);
    callers.set(webRequest, {
      ...caller,
      get principal() {
        return session.owner.principal;
      },
      signal: AbortSignal.any([stop, session.signal, left.signal]),
    });
    const answered = await session.answer(webRequest, request.body, reply.raw);
    if (request.method !== 'POST') return withOpening(answered);
    const begun = await withFirstChunk(answered);
    // From here the client can come back for what it misses, so that its going is no reason to stop.
    gone.removeEventListener('abort', leave);
    return begun;
  };

  /** Undefined: none is named, and none can be had. */
  const sessionOf = async ({ request, caller }: Asked): Promise<Session | 'unknown' | undefined> => {
    const named = request.headers['mcp-session-id'];
    const isOpening = named === undefined && messageOf(request.body).method === 'initialize';
    if (limits.max === 0 || (named === undefined && !isOpening)) return undefined;
    if (!(await isLegacyRequest(toWebRequest(request), request.body))) return undefined;
    const owner = { principal: caller.principal, headers: request.headers };
    return isOpening ? sessions.open(owner) : (sessions.find(wellFormedId(named) ?? '', owner) ?? 'unknown');
  };

  return {
    async answer(asked) {
      const listened = await answerListener(asked);
      if (listened !== undefined) return listened;
      const session = await sessionOf(asked);
      if (session === undefined) return answerAlone(asked);
      if (session !== 'unknown') return answerIn(session, asked);
      const { status, body } = requestError(404, NO_SUCH_SESSION, asked.request.id);
      return Response.json(body, { status });
    },
    async close() {
      await listening?.close();
      await sessions.close();
      await handler.close();
    },
  };
}

function known<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new AuthenticationError('The caller is not known.');
  return value;
}

function parsedBody({ body }: FastifyRequest): { readonly parsedBody?: unknown } {
  return body === undefined ? {} : { parsedBody: body };
}

/** Headers only: the body has been read, bounded and parsed, and goes beside it. */
function toWebRequest({ method, url, headers }: FastifyRequest, signal: AbortSignal | null = null): Request {
  const copied = new Headers();
  for (const [name, value] of Object.entries(headers)) {
    for (const item of [value ?? []].flat()) copied.append(name, item);
  }
  return new Request(new URL(url, 'http://aisle.invalid'), { method, headers: copied, signal });
}
