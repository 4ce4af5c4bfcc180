import {
  isJSONRPCNotification,
  type JSONRPCMessage,
  ProtocolError,
  ProtocolErrorCode,
  type RequestId,
  SUBSCRIPTION_ID_META_KEY,
} from '@modelcontextprotocol/server';
import type { StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import { ALWAYS_HEARD } from '../kernel/hearing.ts';
import type { ResourceWatches } from '../kernel/resource-watches.ts';
import type { Caller } from '../protocol/caller.ts';
import { contextOf, mapErrors } from '../protocol/instance.ts';
import { resourceDirectory } from '../protocol/resource-directory.ts';
import type { Serving } from '../protocol/serving.ts';
import { createWatching, type Watching } from '../protocol/watching.ts';
import { messageOf } from './message-of.ts';

interface Asked {
  readonly id: RequestId;
  readonly uris: readonly string[];
}

const UNKNOWN = new ProtocolError(
  ProtocolErrorCode.InternalError,
  'It could not be watched. Try again shortly.',
);

/**
 * `subscriptions/listen` of 2026-07-28 on a connection. The SDK reads and acknowledges it; the acknowledgement is held back
 * until what it promises is watched, and an error goes out in its place where that may not be. Returns what ends all of it.
 */
export function listenOverStdio(
  transport: StdioServerTransport,
  serving: Serving,
  watches: ResourceWatches,
  caller: Caller,
): () => void {
  const resources = resourceDirectory(serving.modules);
  const open = new Map<RequestId, Watching>();
  const send = transport.send.bind(transport);
  const receive = transport.onmessage;
  const cancel = (id: RequestId): void => {
    open.get(id)?.end();
    open.delete(id);
  };

  const watch = async (id: RequestId, uris: readonly string[]): Promise<void> => {
    const tell = (uri: string): void => {
      const params = { uri, _meta: { [SUBSCRIPTION_ID_META_KEY]: id } };
      // The connection may end while something is told; nobody is left to tell.
      void send({ jsonrpc: '2.0', method: 'notifications/resources/updated', params }).catch(() => {});
    };
    const watching = createWatching({ serving, resources, watches, hearing: ALWAYS_HEARD, tell });
    cancel(id);
    open.set(id, watching);
    for (const uri of uris) {
      if (open.get(id) !== watching) return; // cancelled meanwhile
      const context = contextOf(caller, caller.signal, undefined);
      const { principal } = caller;
      await mapErrors(serving, caller, context, () => watching.add(uri, context, () => principal), uri);
    }
  };

  const begin = async ({ id, uris }: Asked, acknowledgement: JSONRPCMessage): Promise<void> => {
    try {
      await watch(id, uris);
      if (open.has(id)) await send(acknowledgement);
    } catch (error) {
      if (!open.has(id)) return;
      cancel(id);
      const params = { requestId: id, reason: 'refused' };
      receive?.({ jsonrpc: '2.0', method: 'notifications/cancelled', params });
      const { code, message, data } = error instanceof ProtocolError ? error : UNKNOWN;
      await send({ jsonrpc: '2.0', id, error: { code, message, data } });
    }
  };

  transport.send = async (message) => {
    const asked = acknowledged(message);
    if (asked === undefined) return send(message);
    // Not waited for: the SDK takes no other message before this one has gone. The connection may end meanwhile.
    void begin(asked, message).catch(() => {});
  };
  transport.onmessage = (message) => {
    if (isJSONRPCNotification(message) && message.method === 'notifications/cancelled')
      cancel(messageOf(message.params).requestId as RequestId);
    receive?.(message);
  };
  return () => {
    for (const id of open.keys()) cancel(id);
  };
}

/** Which request a message acknowledges, and what it promises to tell of; undefined for any other message. */
function acknowledged(message: JSONRPCMessage): Asked | undefined {
  if (!isJSONRPCNotification(message) || message.method !== 'notifications/subscriptions/acknowledged')
    return undefined;
  const { _meta: meta, notifications } = messageOf(message.params);
  const { resourceSubscriptions = [] } = messageOf(notifications) as {
    resourceSubscriptions?: readonly string[];
  };
  return {
    id: messageOf(meta)[SUBSCRIPTION_ID_META_KEY] as RequestId,
    uris: [...new Set(resourceSubscriptions)],
  };
}
