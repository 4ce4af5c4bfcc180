import type { Server } from '@modelcontextprotocol/server';
import type { Hearing } from '../kernel/hearing.ts';
import type { ResourceWatches } from '../kernel/resource-watches.ts';
import { answer, type Instance } from './instance.ts';
import { createWatching } from './watching.ts';

/**
 * `resources/subscribe` and `resources/unsubscribe` of 2025-11-25, for as long as the connection or the session lasts. Who
 * may not read a resource does not learn that it changes.
 */
export function serveSubscriptions(
  server: Server,
  instance: Instance,
  { watches, hearing }: { readonly watches: ResourceWatches; readonly hearing: Hearing },
): void {
  const { serving, resources } = instance;
  // The connection may end while something is told; nobody is left to tell.
  const tell = (uri: string) => void server.sendResourceUpdated({ uri }).catch(() => {});
  const watching = createWatching({ serving, resources, watches, hearing, tell });
  hearing.onHeardAgain(() => watches.lookSoon());
  server.setRequestHandler('resources/subscribe', async ({ params: { uri } }, sdk) =>
    answer(
      instance,
      sdk,
      async (context) => {
        const caller = instance.callerOf(sdk);
        await watching.add(uri, context, () => caller.principal);
        return {};
      },
      uri,
    ),
  );
  server.setRequestHandler('resources/unsubscribe', async ({ params: { uri } }, sdk) =>
    answer(instance, sdk, async () => {
      watching.remove(uri);
      return {};
    }),
  );
  server.onclose = () => watching.end();
}
