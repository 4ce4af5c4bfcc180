import { Server } from '@modelcontextprotocol/server';
import type { Caller } from './caller.ts';
import { catalogue } from './catalogue.ts';
import { resourceDirectory } from './resource-directory.ts';
import { serveResources } from './resources.ts';
import { INSTRUCTIONS, type Serving } from './serving.ts';
import { serveTools } from './tools.ts';

/** Makes a server for one HTTP request or one stdio connection. */
export type ServerFactory = (caller: Caller) => Server;

/**
 * Reads the modules once and returns what makes servers of them. The low-level `Server` rather than `McpServer`:
 * that one checks arguments itself, with messages of its own, and forwards the text of any exception to the model.
 */
export function createServerFactory(serving: Serving): ServerFactory {
  const tools = catalogue(serving.modules);
  const resources = resourceDirectory(serving.modules);
  return (caller) => {
    const server = new Server(
      { name: 'aisle', title: 'Aisle', version: serving.version },
      {
        capabilities: { tools: {}, resources: {}, completions: {} },
        instructions: INSTRUCTIONS,
        // What is listed depends on the caller's permissions, and not on time.
        cacheHints: { 'tools/list': { ttlMs: 60_000, cacheScope: 'private' } },
      },
    );
    const session = { serving, tools, resources, caller };
    serveTools(server, session);
    serveResources(server, session);
    return server;
  };
}
