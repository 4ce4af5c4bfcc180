import type { FastifyInstance } from 'fastify';
import type { Readiness } from '../kernel/readiness.ts';

/**
 * For probes and load balancers: no identity, and no Host check, as probes address the process by whatever IP it has.
 * Nothing here tells more than whether the server is well.
 */
export function addHealthRoutes(app: FastifyInstance, readiness: Readiness): void {
  app.get('/health', async () => ({ status: 'ok', service: 'mcp-server' }));
  app.get('/health/live', async () => ({ status: 'ok' }));
  app.get('/health/ready', async (_, reply) => {
    const state = await readiness.check();
    if (state.ready) return { status: 'ready' };
    return reply.code(503).send({ status: 'unavailable', reason: state.reason });
  });
}
