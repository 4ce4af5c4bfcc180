import type { FastifyReply } from 'fastify';
import { TimeoutError } from '../kernel/errors.ts';

/** Aborts when the request has taken `limitMs` since its headers came, with the reason to answer with. */
export function timeLimit(limitMs: number, reply: FastifyReply): AbortSignal {
  const late = new AbortController();
  const timer = setTimeout(
    () => {
      const seconds = limitMs / 1000;
      late.abort(
        new TimeoutError(`The request exceeded ${seconds}s timeout`, { data: { timeout_ms: limitMs } }),
      );
    },
    Math.max(0, limitMs - reply.elapsedTime),
  );
  reply.raw.once('close', () => clearTimeout(timer));
  return late.signal;
}
