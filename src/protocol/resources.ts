import type { Server } from '@modelcontextprotocol/server';
import type { Principal } from '../kernel/principal.ts';
import type { Resource } from '../kernel/resource.ts';
import { converse } from './conversation.ts';
import { answer, findOrCount, type Instance } from './instance.ts';
import { pageOf } from './paging.ts';
import { PAGE_SIZE } from './serving.ts';

/** `resources/list`, `resources/templates/list` and `resources/read`. */
export function serveResources(server: Server, instance: Instance): void {
  server.setRequestHandler('resources/list', async ({ params }, sdk) =>
    answer(instance, sdk, async ({ principal }) => {
      const { items, ...next } = page(instance, principal, instance.resources.fixed, params?.cursor);
      return { resources: items.map((resource) => ({ uri: resource.uri, ...describe(resource) })), ...next };
    }),
  );
  server.setRequestHandler('resources/templates/list', async ({ params }, sdk) =>
    answer(instance, sdk, async ({ principal }) => {
      const { items, ...next } = page(instance, principal, instance.resources.templates, params?.cursor);
      const resourceTemplates = items.map((resource) => ({
        uriTemplate: resource.uri,
        ...describe(resource),
      }));
      return { resourceTemplates, ...next };
    }),
  );
  server.setRequestHandler('resources/read', async ({ params: { uri } }, sdk) =>
    answer(
      instance,
      sdk,
      async (context) => {
        const { resource, variables } = await findOrCount(instance, context, () =>
          instance.resources.match(uri),
        );
        return converse(instance, sdk, [uri], context, async (asking) => {
          const content = await instance.serving.pipeline.readResource(resource, variables, asking);
          return { contents: [{ uri, ...content }] };
        });
      },
      uri,
    ),
  );
}

function page({ serving }: Instance, principal: Principal, resources: readonly Resource[], cursor?: string) {
  const visible = resources.filter((resource) => serving.pipeline.shows(principal, resource));
  return pageOf(visible, ({ uri }) => uri, cursor, PAGE_SIZE);
}

function describe({ name, title, description, mimeType }: Resource) {
  return { name, title, description, mimeType };
}
