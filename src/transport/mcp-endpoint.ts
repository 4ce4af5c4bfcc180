import type { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ProtectedResource } from '../auth/protected-resource.ts';
import type { Allowance } from '../kernel/allowance.ts';
import { AisleError } from '../kernel/errors.ts';
import type { Serving } from '../protocol/serving.ts';
import { type CallerRate, spend } from '../resilience/caller-rate.ts';
import { createHotPath, onReply } from './hot-path.ts';
import { createIdentification, type IdentificationOptions } from './identification.ts';
import type { InFlight } from './in-flight.ts';
import { type AddressLimits, limitAddress } from './limit-address.ts';
import { createMcpAnswers } from './mcp-answers.ts';
import { costOf, messagesOf } from './message-costs.ts';
import { messageOf } from './message-of.ts';
import { createOrdinaryRequest, type OrdinaryRequest } from './ordinary-request.ts';
import { originOf } from './origin.ts';
import { rateHeaders } from './rate-headers.ts';
import { verdictOn, withVerdict } from './refusals.ts';
import { callIds, wellFormedId } from './request-id.ts';
import type { SessionLimits } from './sessions.ts';
import { timeLimit } from './time-limit.ts';

/** What `/mcp` answers with once the server has started. */
export interface Served extends Omit<IdentificationOptions, 'logger'> {
  readonly serving: Serving;
  /** Where clients learn where to log in; absent where nobody can. */
  readonly resource?: ProtectedResource | undefined;
  /** Absent: addresses may send as much as they like. */
  readonly addressLimits?: AddressLimits | undefined;
  /** What messages are counted against as they come; the pipeline counts what calls cost beyond that against the same. */
  readonly callerRate?: CallerRate | undefined;
  /** Absent: no sessions, every request is answered by itself. */
  readonly sessions?: SessionLimits | undefined;
  /** Tells which requests take the hot path. For tests, which send them by the SDK too. */
  readonly ordinaryRequest?: OrdinaryRequest | undefined;
}

export interface McpEndpoint {
  /** Throws `RateLimitedError`, `AuthenticationError`, `AuthorizationError`, `UnavailableError`. Comes before the body is read. */
  identify(request: FastifyRequest, reply: FastifyReply): Promise<void>;
  /** Counts what the body holds, once it has been read: each message of it. Throws `RateLimitedError`. */
  admit(request: FastifyRequest, reply: FastifyReply): Promise<void>;
  /** `WWW-Authenticate` for an error of `identify`. */
  challenge(error: unknown): string | undefined;
  /** What is to be sent; of what is no Response the status and headers are the reply's. */
  answer(request: FastifyRequest, reply: FastifyReply): Promise<Response | string | Readable>;
  close(): Promise<void>;
}

export interface McpEndpointOptions extends Served {
  readonly inFlight: InFlight;
  /** Aborts every call, with the reason to answer with. */
  readonly stop: AbortSignal;
  /** Milliseconds that a request may take from its first byte to its answer. */
  readonly requestTimeoutMs: number;
}

/** The SDK says `no-cache` of its streams, which a browser may still keep on disk. */
const KEPT_NOWHERE = 'no-store, no-transform';

/** Establishes who calls, has the request answered for them, and says with HTTP what came of it. */
export function createMcpEndpoint(options: McpEndpointOptions): McpEndpoint {
  const { serving, authenticator, addressLimits, callerRate, inFlight } = options;
  const { stop, requestTimeoutMs, ordinaryRequest = createOrdinaryRequest() } = options;
  const { identify, senderOf, authenticate } = createIdentification({ ...options, logger: serving.logger });
  const hotPath = createHotPath(serving);
  const answers = createMcpAnswers({ ...options, authenticate });
  return {
    async identify(request, reply) {
      if (addressLimits !== undefined) await limitAddress(addressLimits, request, reply);
      await identify(request);
    },
    async admit(request, reply) {
      const { body } = request;
      const more = messagesOf(body).length - 1;
      if (addressLimits !== undefined && more > 0) await limitAddress(addressLimits, request, reply, more);
      const points = costOf(body);
      if (callerRate === undefined || points === 0) return;
      const spender = {
        ...{ principal: senderOf(request), requestId: request.id, origin: originOf(request) },
        onAllowance: (allowance: Allowance) => void reply.headers(rateHeaders([allowance])),
      };
      await spend(callerRate, spender, { action: 'request', points, several: true });
    },
    challenge: (error) => (error instanceof AisleError ? authenticator.challenge?.(error) : undefined),
    async answer(request, reply) {
      const principal = senderOf(request);
      const refusals: AisleError[] = [];
      const allowances: Allowance[] = [];
      const caller = {
        ...{ principal, nextRequestId: callIds(request.id), origin: originOf(request) },
        sessionId: wellFormedId(request.headers['x-claude-session-id']),
        prepaid: callerRate === undefined ? 0 : 1,
        onRefusal: (error: AisleError) => refusals.push(error),
        onAllowance: (allowance: Allowance) => allowances.push(allowance),
      };
      const gone = inFlight.track(reply.raw, waitsForEvents(request));
      const challenge = (error: AisleError) => authenticator.challenge?.(error, principal);
      const ordinary = ordinaryRequest(request);
      if (ordinary !== undefined && hotPath.takes(ordinary)) {
        const ends = [gone, stop, timeLimit(requestTimeoutMs, reply)];
        const answered = await hotPath.answer(ordinary, caller, ends);
        reply.headers(rateHeaders(allowances)).header('cache-control', KEPT_NOWHERE);
        return onReply(reply, answered, verdictOn(refusals, request, challenge));
      }
      const answered = await answers.answer({ request, reply, caller, gone });
      const response = await withVerdict(answered, verdictOn(refusals, request, challenge));
      response.headers.set('Cache-Control', KEPT_NOWHERE);
      reply.headers(rateHeaders(allowances));
      return response;
    },
    close: () => answers.close(),
  };
}

function waitsForEvents({ method, body }: FastifyRequest): boolean {
  return method === 'GET' || messageOf(body).method === 'subscriptions/listen';
}
