import type { FastifyInstance } from 'fastify';
import type { ProtectedResource } from '../auth/protected-resource.ts';
import { requestError } from '../protocol/errors.ts';
import { send } from './http-answers.ts';

const ROOT = '/.well-known/oauth-protected-resource';

/** RFC 9728: under the path of the resource, and at the root for clients that know no better. Public by nature. */
export function addMetadataRoutes(app: FastifyInstance, resource: () => ProtectedResource | undefined): void {
  for (const url of [ROOT, `${ROOT}/*`]) {
    app.get(url, async (request, reply) => {
      const known = resource();
      const path = request.url.split('?', 1)[0];
      if (known === undefined || (path !== ROOT && path !== new URL(known.metadataUrl).pathname))
        return send(reply, requestError(404, 'There is nothing here. MCP is served at /mcp.', request.id));
      return reply.send(known.metadata);
    });
  }
}
