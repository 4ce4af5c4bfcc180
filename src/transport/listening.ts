import { createMcpHandler, type McpHttpHandler, ProtocolError } from '@modelcontextprotocol/server';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Authenticator } from '../auth/authenticator.ts';
import { AuthenticationError } from '../kernel/errors.ts';
import { ALWAYS_HEARD } from '../kernel/hearing.ts';
import type { ResourceWatches } from '../kernel/resource-watches.ts';
import type { Caller } from '../protocol/caller.ts';
import { contextOf, mapErrors } from '../protocol/instance.ts';
import { resourceDirectory } from '../protocol/resource-directory.ts';
import type { ServerFactory } from '../protocol/server-factory.ts';
import type { Serving } from '../protocol/serving.ts';
import { createWatching } from '../protocol/watching.ts';
import { batchProcess } from '../resilience/batch.ts';
import { messageOf } from './message-of.ts';
import { isSame, losesRights } from './sessions.ts';

export interface ListeningOptions {
  readonly serving: Serving;
  readonly watches: ResourceWatches;
  readonly makeServer: ServerFactory;
  /** Who the headers of an earlier request are now. Throws `AuthenticationError` for nobody any more. */
  readonly authenticate: Authenticator['authenticate'];
  /** How often whoever listens is looked up again, in milliseconds. Default 10,000. */
  readonly watchMs?: number | undefined;
}

interface Listener {
  readonly request: FastifyRequest;
  readonly caller: Caller;
  /** Ends what it watches. */
  readonly forget: () => void;
}

/** Streams of `subscriptions/listen` of 2026-07-28, each told of what its caller watches, for as long as the caller may. */
export interface Listening {
  answer(
    listener: Pick<Listener, 'request' | 'caller'> & { readonly reply: FastifyReply },
    webRequest: Request,
  ): Promise<Response>;
  /** Ends all streams. */
  close(): Promise<void>;
}

const WATCH_MS = 10_000;
/** Few look-ups at once: callers who wait for an answer want them too. */
const CHECKING = { concurrency: 2, size: 100, pauseMs: 10 };

export function createListening(options: ListeningOptions): Listening {
  const { serving, watches, makeServer, authenticate } = options;
  const { logger } = serving;
  const resources = resourceDirectory(serving.modules);
  const open = new Map<McpHttpHandler, Listener>();

  const check = async (handler: McpHttpHandler, listener: Listener): Promise<void> => {
    const { request, caller } = listener;
    try {
      const now = await authenticate(request.headers);
      if (isSame(caller.principal, now) && !losesRights(caller.principal, now)) return;
    } catch (error) {
      if (!(error instanceof AuthenticationError)) return logger.debug('listener_unchecked', { error });
    }
    logger.info('listening_ended', { subject: caller.principal.subject, reason: 'rights' });
    listener.forget();
    await handler.close();
  };
  let isChecking = false;
  const checkAll = async (): Promise<void> => {
    if (isChecking) return;
    isChecking = true;
    await batchProcess([...open], ([handler, listener]) => check(handler, listener), CHECKING);
    isChecking = false;
  };
  const watch = setInterval(() => void checkAll(), options.watchMs ?? WATCH_MS).unref();

  return {
    async answer({ request, reply, caller }, webRequest) {
      // One for each stream: what is told on it is its caller's alone.
      const handler = createMcpHandler(() => makeServer(ALWAYS_HEARD), {
        onerror: (error) => logger.debug('protocol_error', { error }),
      });
      const response = await handler.fetch(webRequest, { parsedBody: request.body });
      if (response.headers.get('content-type') !== 'text/event-stream') return response;
      const tell = (uri: string) => handler.notify.resourceUpdated(uri);
      const watching = createWatching({ serving, resources, watches, hearing: ALWAYS_HEARD, tell });
      const forget = () => {
        watching.end();
        open.delete(handler);
      };
      open.set(handler, { request, caller, forget });
      reply.raw.once('close', forget);
      try {
        caller.signal.throwIfAborted(); // who has left already is told nothing, and closes nothing any more
        for (const [index, uri] of urisOf(request.body).entries()) {
          const prepaid = index === 0 ? caller.prepaid : 0; // the message has been counted, once
          const context = contextOf({ ...caller, prepaid }, caller.signal, undefined);
          const { principal } = caller;
          await mapErrors(serving, caller, context, () => watching.add(uri, context, () => principal), uri);
        }
      } catch (error) {
        forget();
        await response.body?.cancel();
        if (!(error instanceof ProtocolError)) throw error;
        const { code, message, data } = error;
        return Response.json({
          jsonrpc: '2.0',
          id: messageOf(request.body).id,
          error: { code, message, data },
        });
      }
      return response;
    },
    async close() {
      clearInterval(watch);
      await Promise.all([...open.keys()].map((handler) => handler.close()));
    },
  };
}

/** Each once, of a filter that the SDK has found well-formed. */
function urisOf(body: unknown): readonly string[] {
  const { notifications } = messageOf(messageOf(body).params);
  const { resourceSubscriptions = [] } = (notifications ?? {}) as {
    resourceSubscriptions?: readonly string[];
  };
  return [...new Set(resourceSubscriptions)];
}
