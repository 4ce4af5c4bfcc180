/** Clients that people use, each behind the same few questions. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as StdioV1 } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport as HttpV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { CallToolResultSchema, ResourceUpdatedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { fastmcpOverHttp } from './fastmcp.ts';
import { inspectorOverHttp, inspectorOverStdio } from './inspector.ts';

/** The answer of `tools/call`, as far as these questions look at it. */
export interface Called {
  readonly structuredContent?: unknown;
  readonly isError?: boolean | undefined;
  readonly content: readonly { readonly type: string; readonly text?: string }[];
}

export interface AnyClient {
  tools(): Promise<readonly string[]>;
  call(name: string, args: Record<string, unknown>, signal?: AbortSignal): Promise<Called>;
  read(uri: string): Promise<unknown>;
  prompt(name: string): Promise<unknown>;
  close(): Promise<void>;
  /** It asks what there is first, and calls nothing else. */
  readonly callsListedOnly?: true;
}

export interface WatchingClient extends AnyClient {
  /** Watches a resource until the first notification, and gives the URI that it names. */
  watch(uri: string): Promise<string>;
}

export interface Reached {
  readonly url: string;
  readonly headers: Record<string, string>;
  /** Takes what a process of the client's or of the server's says on stderr. */
  readonly onStderr: (text: string) => void;
}

/** Asked for, so that calls are answered with streams too. */
const WITH_PROGRESS = { onprogress: () => {} };
const INFO = { name: 'test', version: '0' };
const STDIO_SERVER = fileURLToPath(new URL('./stdio-server.ts', import.meta.url));
const MCP_REMOTE = fileURLToPath(import.meta.resolve('mcp-remote/dist/proxy.js'));

function overV2(client: Client, watch: WatchingClient['watch']): WatchingClient {
  return {
    tools: async () => (await client.listTools()).tools.map(({ name }) => name),
    call: async (name, args, signal) =>
      (await client.callTool(
        { name, arguments: args },
        { ...WITH_PROGRESS, ...(signal && { signal }) },
      )) as Called,
    read: async (uri) => (await client.readResource({ uri })).contents,
    prompt: async (name) => (await client.getPrompt({ name })).messages,
    watch,
    close: () => client.close(),
  };
}

function overV1(client: ClientV1): WatchingClient {
  return {
    tools: async () => (await client.listTools()).tools.map(({ name }) => name),
    call: async (name, args, signal) =>
      (await client.callTool({ name, arguments: args }, CallToolResultSchema, {
        ...WITH_PROGRESS,
        ...(signal && { signal }),
      })) as Called,
    read: async (uri) => (await client.readResource({ uri })).contents,
    prompt: async (name) => (await client.getPrompt({ name })).messages,
    async watch(uri) {
      const { promise: told, resolve } = Promise.withResolvers<string>();
      client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => resolve(params.uri));
      await client.subscribeResource({ uri });
      return told.finally(() => client.unsubscribeResource({ uri }));
    },
    close: () => client.close(),
  };
}

function piped(args: readonly string[], onStderr: Reached['onStderr'], env: Record<string, string> = {}) {
  const path = { PATH: process.env.PATH ?? '' };
  const server = {
    command: process.execPath,
    args: [...args],
    env: { ...path, ...env },
    stderr: 'pipe' as const,
  };
  const listen = <Transport extends StdioClientTransport | StdioV1>(transport: Transport): Transport => {
    transport.stderr?.on('data', (chunk: Buffer) => onStderr(String(chunk)));
    return transport;
  };
  return { v1: () => listen(new StdioV1(server)), v2: () => listen(new StdioClientTransport(server)) };
}

async function connectV2(
  transport: StreamableHTTPClientTransport | StdioClientTransport,
  era: '2025-11-25' | '2026-07-28',
): Promise<WatchingClient> {
  const mode = era === '2025-11-25' ? 'legacy' : { pin: era };
  const client = new Client(INFO, { versionNegotiation: { mode } });
  await client.connect(transport);
  return overV2(client, async (uri) => {
    const { promise: told, resolve } = Promise.withResolvers<string>();
    client.setNotificationHandler('notifications/resources/updated', ({ params }) => resolve(params.uri));
    if (era === '2026-07-28') {
      const { close } = await client.listen({ resourceSubscriptions: [uri] });
      return told.finally(close);
    }
    await client.subscribeResource({ uri });
    return told.finally(() => client.unsubscribeResource({ uri }));
  });
}

async function connectV1(transport: HttpV1 | StdioV1): Promise<WatchingClient> {
  const client = new ClientV1(INFO);
  // The package's own types disagree about `sessionId: undefined`.
  await client.connect(transport as Parameters<ClientV1['connect']>[0]);
  return overV1(client);
}

const http = ({ url, headers }: Reached) =>
  new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } });

/** Those that are asked to watch a resource too: how each reaches the server. */
export const WATCHING_CLIENTS: Readonly<Record<string, (reached: Reached) => Promise<WatchingClient>>> = {
  'SDK 2 of 2026-07-28 over HTTP': (reached) => connectV2(http(reached), '2026-07-28'),
  'SDK 2 of 2025-11-25 over HTTP': (reached) => connectV2(http(reached), '2025-11-25'),
  'SDK 2 of 2026-07-28 over stdio': ({ onStderr }) =>
    connectV2(piped([STDIO_SERVER], onStderr).v2(), '2026-07-28'),
  'SDK 2 of 2025-11-25 over stdio': ({ onStderr }) =>
    connectV2(piped([STDIO_SERVER], onStderr).v2(), '2025-11-25'),
  'SDK 1 over HTTP': ({ url, headers }) => connectV1(new HttpV1(new URL(url), { requestInit: { headers } })),
  'SDK 1 over stdio': ({ onStderr }) => connectV1(piped([STDIO_SERVER], onStderr).v1()),
  'mcp-remote': ({ url, headers, onStderr }) => {
    const given = Object.entries(headers).flatMap(([name, value]) => ['--header', `${name}:${value}`]);
    const home = { MCP_REMOTE_CONFIG_DIR: mkdtempSync(join(tmpdir(), 'aisle-mcp-remote-')) };
    return connectV1(piped([MCP_REMOTE, url, '--transport', 'http-only', ...given], onStderr, home).v1());
  },
};

/** Of Python, which is not everywhere that tests run: where it is, and fastmcp in it. */
const { TEST_FASTMCP_PYTHON: python } = process.env;

/** How each reaches the server. */
export const CLIENTS: Readonly<Record<string, (reached: Reached) => Promise<AnyClient>>> = {
  ...WATCHING_CLIENTS,
  'the Inspector of 2026-07-28 over HTTP': (reached) => inspectorOverHttp(reached, 'modern'),
  'the Inspector of 2025-11-25 over HTTP': (reached) => inspectorOverHttp(reached, 'legacy'),
  'the Inspector over stdio': (reached) => inspectorOverStdio(STDIO_SERVER, reached),
  ...(python !== undefined && {
    "fastmcp's client over HTTP": (reached: Reached) => fastmcpOverHttp(python, reached),
  }),
};
