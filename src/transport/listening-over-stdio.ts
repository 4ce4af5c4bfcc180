import {
  isJSONRPCNotification,
  type JSONRPCMessage,
  ProtocolError,
  type RequestId,
  SUBSCRIPTION_ID_META_KEY,
} from '@modelcontextprotocol/server';
import type { StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import type { ResourceWatches } from '../kernel/resource-watches.ts';
import type { Caller } from '../protocol/caller.ts';
import { contextOf, mapErrors } from '../protocol/instance.ts';
import { resourceDirectory } from '../protocol/resource-directory.ts';
import type { Serving } from '../protocol/serving.ts';
import { createWatching, type Watching } from '../protocol/watching.ts';
import { messageOf } from './message-of.ts';

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
    const watching = createWatching({ serving, resources, watches, tell });
    cancel(id);
    open.set(id, watching);
    for (const uri of uris) {
      const context = contextOf(caller, caller.signal, undefined);
      const { principal } = caller;
      await mapErrors(serving, caller, context, () => watching.add(uri, context, () => principal), uri);
    }
  };

  transport.send = async (message) => {
    const asked = acknowledged(message);
    if (asked === undefined) return send(message);
    try {
      await watch(asked.id, asked.uris);
    } catch (error) {
      cancel(asked.id);
      if (!(error instanceof ProtocolError)) throw error;
      const params = { requestId: asked.id, reason: 'refused' };
      receive?.({ jsonrpc: '2.0', method: 'notifications/cancelled', params });
      const { code, message: text, data } = error;
      return send({ jsonrpc: '2.0', id: asked.id, error: { code, message: text, data } });
    }
    return send(message);
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
function acknowledged(message: JSONRPCMessage): { id: RequestId; uris: readonly string[] } | undefined {
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
