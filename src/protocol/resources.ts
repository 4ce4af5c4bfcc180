import type { Server } from '@modelcontextprotocol/server';
import { NotFoundError } from '../kernel/errors.ts';
import type { RequestContext } from '../kernel/request-context.ts';
import type { Resource } from '../kernel/resource.ts';
import { answer, findOrCount, refuseCursor, requestContext, type Session } from './session.ts';

/** The most values a completion may hold, by the specification. */
const MAX_COMPLETIONS = 100;

/** `resources/list`, `resources/templates/list`, `resources/read` and `completion/complete`. */
export function serveResources(server: Server, session: Session): void {
  server.setRequestHandler('resources/list', async ({ params }, sdk) =>
    answer(session, requestContext(session, sdk).requestId, async () => {
      refuseCursor(params?.cursor);
      const resources = allowed(session, session.resources.fixed);
      return { resources: resources.map((resource) => ({ uri: resource.uri, ...describe(resource) })) };
    }),
  );
  server.setRequestHandler('resources/templates/list', async ({ params }, sdk) =>
    answer(session, requestContext(session, sdk).requestId, async () => {
      refuseCursor(params?.cursor);
      const resources = allowed(session, session.resources.templates);
      return {
        resourceTemplates: resources.map((resource) => ({
          uriTemplate: resource.uri,
          ...describe(resource),
        })),
      };
    }),
  );
  server.setRequestHandler('resources/read', async ({ params: { uri } }, sdk) => {
    const context = requestContext(session, sdk);
    return answer(session, context.requestId, () => read(session, uri, context), uri);
  });
  server.setRequestHandler('completion/complete', async ({ params }, sdk) => {
    const context = requestContext(session, sdk);
    return answer(session, context.requestId, async () => {
      const uri = params.ref.type === 'ref/resource' ? params.ref.uri : undefined;
      const values = await complete(session, uri, params.argument, context);
      const shown = values.slice(0, MAX_COMPLETIONS);
      return { completion: { values: shown, total: values.length, hasMore: values.length > shown.length } };
    });
  });
}

async function read(session: Session, uri: string, context: RequestContext) {
  const { serving, resources } = session;
  const { resource, variables } = await findOrCount(session, context, () => resources.match(uri));
  const { mimeType, text } = await serving.pipeline.readResource(resource, variables, context);
  return { contents: [{ uri, mimeType, text }] };
}

async function complete(
  session: Session,
  uri: string | undefined,
  argument: { readonly name: string; readonly value: string },
  context: RequestContext,
): Promise<readonly string[]> {
  const resource = await findOrCount(session, context, () => completed(session, uri));
  return session.serving.pipeline.complete(resource, argument.name, argument.value, context);
}

function completed({ resources }: Session, uri: string | undefined): Resource {
  const resource = uri === undefined ? undefined : resources.find(uri);
  if (resource === undefined) throw new NotFoundError('NOT_FOUND', 'There is no such thing to complete.');
  return resource;
}

function allowed({ serving, caller }: Session, resources: readonly Resource[]): readonly Resource[] {
  return resources.filter((resource) => serving.pipeline.shows(caller.principal, resource));
}

function describe({ name, title, description, mimeType }: Resource) {
  return { name, title, description, mimeType };
}
