import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/server';
import type { Headers as RequestHeaders } from '../auth/authenticator.ts';
import { UnavailableError } from '../kernel/errors.ts';
import type { Principal } from '../kernel/principal.ts';
import type { ServerFactory } from '../protocol/server-factory.ts';
import type { SessionEvents } from './event-log.ts';
import { messageOf } from './message-of.ts';
import { createStandingStream } from './standing-stream.ts';

/** Whom a session belongs to, as of the latest request: a call that waits for a person goes on with the rights of now. */
export interface Owner {
  readonly principal: Principal;
  /** What the request proved its principal with. */
  readonly headers: RequestHeaders;
}

/** What a client of 2025-11-25 has opened with `initialize`: a server of its own, which can ask it and be come back to. */
export interface Session {
  readonly id: string;
  owner: Owner;
  /** Aborts when it ends. */
  readonly signal: AbortSignal;
  /** Whether a response of it is being sent, a stream that waits for events among them. */
  readonly isOpen: boolean;
  /** Milliseconds that nothing was asked and no response was open. */
  readonly idleMs: number;
  answer(request: Request, body: unknown, response: ServerResponse): Promise<Response>;
  end(): Promise<void>;
}

export async function openSession(
  makeServer: ServerFactory,
  events: SessionEvents,
  owner: Owner,
  onEnd: (id: string) => void,
): Promise<Session> {
  const id = randomUUID();
  const transport = new WebStandardStreamableHTTPServerTransport({
    sessionIdGenerator: () => id,
    eventStore: events,
  });
  const standing = createStandingStream(events);
  await makeServer(standing).connect(transport);
  const ended = new AbortController();
  // The SDK has put its own listener here, which ends the calls that run.
  const endServer = transport.onclose;
  transport.onclose = () => {
    endServer?.();
    ended.abort(new UnavailableError('The session has ended. Initialize a new one.'));
    events.forget();
    onEnd(id);
  };
  let open = 0;
  let lastUsed = performance.now();
  return {
    ...{ id, owner },
    signal: ended.signal,
    get isOpen() {
      return open > 0;
    },
    get idleMs() {
      return open > 0 ? 0 : performance.now() - lastUsed;
    },
    async answer(request, body, response) {
      open += 1;
      response.once('close', () => {
        open -= 1;
        lastUsed = performance.now();
      });
      const answer = await transport.handleRequest(request, body === undefined ? {} : { parsedBody: body });
      await standing.answered(request, answer, response);
      closeCancelled(transport, body);
      // It refused to be initialized, and will never be asked again.
      if (transport.sessionId === undefined) await transport.close();
      return answer;
    },
    end: () => transport.close(),
  };
}

/** The SDK does not answer what was cancelled, and would keep its stream open for ever. */
function closeCancelled(transport: WebStandardStreamableHTTPServerTransport, body: unknown): void {
  const { method, params } = messageOf(body);
  const { requestId } = messageOf(params);
  const isId = typeof requestId === 'string' || typeof requestId === 'number';
  if (method === 'notifications/cancelled' && isId) transport.closeSSEStream(requestId);
}
