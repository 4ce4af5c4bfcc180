import type { Server } from '@modelcontextprotocol/server';
import { ValidationError } from '../kernel/errors.ts';
import { answer, type Instance } from './instance.ts';
import type { Serving } from './serving.ts';

/** Resources that one connection may watch. */
const MAX_WATCHED = 100;

/**
 * `resources/subscribe` and `resources/unsubscribe` of 2025-11-25, for as long as the connection or the session lasts. Who
 * may not read a resource does not learn that it changes.
 */
export function serveSubscriptions(
  server: Server,
  instance: Instance,
  onResourceChange: NonNullable<Serving['onResourceChange']>,
): void {
  const watched = new Set<string>();
  let forget: (() => void) | undefined;
  const tell = (uri: string): void => {
    if (watched.has(uri)) void server.sendResourceUpdated({ uri }).catch(ignoreGone);
  };
  server.setRequestHandler('resources/subscribe', async ({ params: { uri } }, sdk) =>
    answer(
      instance,
      sdk,
      async ({ principal }) => {
        const { resource } = instance.resources.match(uri);
        instance.serving.pipeline.authorize(principal, resource);
        if (watched.size >= MAX_WATCHED && !watched.has(uri))
          throw new ValidationError(
            `You watch ${MAX_WATCHED} resources already. Unsubscribe from one first.`,
          );
        watched.add(uri);
        forget ??= onResourceChange(tell);
        return {};
      },
      uri,
    ),
  );
  server.setRequestHandler('resources/unsubscribe', async ({ params: { uri } }, sdk) =>
    answer(instance, sdk, async () => {
      watched.delete(uri);
      return {};
    }),
  );
  server.onclose = () => forget?.();
}

/** The connection may end while something is told; nobody is left to tell. */
function ignoreGone(): void {}
