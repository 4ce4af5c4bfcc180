import { randomBytes } from 'node:crypto';
import { Server, type ServerContext } from '@modelcontextprotocol/server';
import type { Hearing } from '../kernel/hearing.ts';
import type { Caller } from './caller.ts';
import { catalogue } from './catalogue.ts';
import { serveCompletions } from './completions.ts';
import type { Instance } from './instance.ts';
import { promptDirectory } from './prompt-directory.ts';
import { servePrompts } from './prompts.ts';
import { createRequestState } from './request-state.ts';
import { resourceDirectory } from './resource-directory.ts';
import { serveResources } from './resources.ts';
import { LIST_HINT, serverInfo } from './server-info.ts';
import { INSTRUCTIONS, type Serving } from './serving.ts';
import { serveSubscriptions } from './subscriptions.ts';
import { serveTools } from './tools.ts';

/**
 * Makes a server for one request, one session or one stdio connection. `hearing` is of its client; undefined where that can
 * be told nothing after the answer, and is not offered it.
 */
export type ServerFactory = (hearing: Hearing | undefined) => Server;

const CACHE_HINTS = {
  ...{ 'tools/list': LIST_HINT, 'prompts/list': LIST_HINT, 'resources/list': LIST_HINT },
  'resources/templates/list': LIST_HINT,
  'resources/read': { ttlMs: 0, cacheScope: 'private' },
} as const;

/** How long a person may take to answer a client of 2025-11-25, and how often one call may ask. */
const ASKING = { roundTimeoutMs: 600_000, maxRounds: 8 };

/**
 * Reads the modules once and returns what makes servers of them. The low-level `Server` rather than `McpServer`:
 * that one checks arguments itself, with messages of its own, and forwards the text of any exception to the model.
 * `callerOf` tells who sent a request.
 */
export function createServerFactory(
  serving: Serving,
  callerOf: (sdk: ServerContext) => Caller,
): ServerFactory {
  const { modules, stateKey = randomBytes(32), watches } = serving;
  const tools = catalogue(modules);
  const resources = resourceDirectory(modules);
  const prompts = promptDirectory(modules);
  const requestState = createRequestState(stateKey, (sdk) => callerOf(sdk).principal);
  return (hearing) => {
    const subscriptions = watches && hearing && { watches, hearing };
    const server = new Server(serverInfo(serving.version), {
      capabilities: {
        ...{ tools: {}, completions: {}, logging: {} },
        resources: subscriptions === undefined ? {} : { subscribe: true },
        ...(prompts.size > 0 && { prompts: {} }),
      },
      instructions: INSTRUCTIONS,
      cacheHints: CACHE_HINTS,
      inputRequired: ASKING,
      requestState: { verify: requestState.verify },
    });
    const instance: Instance = {
      ...{ serving, tools, resources, prompts },
      ...{ requestState, server, callerOf },
    };
    serveTools(server, instance);
    serveResources(server, instance);
    serveCompletions(server, instance);
    if (prompts.size > 0) servePrompts(server, instance);
    if (subscriptions !== undefined) serveSubscriptions(server, instance, subscriptions);
    return server;
  };
}
