import cors from '@fastify/cors';
import type { FastifyInstance } from 'fastify';

/** What a page may read of an answer beside its body. */
const EXPOSED = 'Mcp-Session-Id, WWW-Authenticate, Retry-After, RateLimit, RateLimit-Policy, X-Request-ID';
const PREFLIGHT_SECONDS = 600;

/**
 * Lets the pages of allowed origins call, and no others: each is named, never `*`. Credentials go in headers that a page sets
 * itself, so cookies are not asked for; which headers it may set is not restricted, since whoever may call may send any.
 */
export function addCors(app: FastifyInstance, isAllowed: (origin: string) => boolean): void {
  app.register(cors, {
    origin: async (origin: string | undefined) =>
      origin !== undefined && isAllowed(origin) ? origin : false,
    methods: ['GET', 'POST', 'DELETE'],
    exposedHeaders: EXPOSED,
    maxAge: PREFLIGHT_SECONDS,
    credentials: false,
  });
}
