import { randomUUID } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { messageOf } from './message-of.ts';
import { wellFormedId } from './request-id.ts';

/**
 * `notifications/cancelled` of 2025-11-25 over HTTP comes as a request of its own and names a request by its JSON-RPC id,
 * which is unique within one client's session only. So clients that initialize are given a session id, which they must send
 * from then on, and a cancellation counts for the same subject in the same session. Nothing else hangs on that id: there
 * are no sessions to lose. (Clients of 2026-07-28 cancel by closing the response, and need none of this.)
 */
export interface Cancellations {
  /** Reads what the request says of sessions and cancelling. The signal aborts when its caller cancels it. */
  read(subject: string, request: FastifyRequest, reply: FastifyReply): AbortSignal;
}

const SESSION_HEADER = 'mcp-session-id';

export function createCancellations(): Cancellations {
  const running = new Map<string, AbortController>();
  return {
    read(subject, { headers, body }, reply) {
      const cancelled = new AbortController();
      const { method, id, params } = messageOf(body);
      if (method === 'initialize') reply.header(SESSION_HEADER, randomUUID());
      const session = wellFormedId(headers[SESSION_HEADER]);
      if (session === undefined) return cancelled.signal;
      const nameOf = (requestId: unknown): string => JSON.stringify([subject, session, requestId]);
      if (method === 'notifications/cancelled') running.get(nameOf(messageOf(params).requestId))?.abort();
      if (id === undefined) return cancelled.signal;
      const name = nameOf(id);
      running.set(name, cancelled);
      reply.raw.once('close', () => {
        if (running.get(name) === cancelled) running.delete(name);
      });
      return cancelled.signal;
    },
  };
}
