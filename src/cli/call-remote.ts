import { Client, SdkHttpError, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import type { RunningServer } from '../app/running-server.ts';
import { type Toolbox, whoCalls } from '../app/toolbox.ts';
import { VERSION } from '../app/version.ts';
import {
  type AisleError,
  AuthenticationError,
  DatabaseError,
  QueryRefusedError,
  UnavailableError,
} from '../kernel/errors.ts';

/** The tools of a server that runs on this machine, over MCP. */
export async function remoteToolbox({ url, subjects }: RunningServer, apiKey?: string): Promise<Toolbox> {
  const clients: Client[] = [];
  return {
    async call(tool, args, as) {
      const headers = apiKey === undefined ? identityHeaders(subjects, as) : { 'x-api-key': apiKey };
      const transport = new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } });
      const client = new Client({ name: 'aisle-cli', version: VERSION });
      const wantsProof = apiKey !== undefined || Object.keys(subjects).length === 0;
      const refused = (cause: unknown) => turnedAway(url, as, cause, wantsProof);
      await client.connect(transport).catch((cause: unknown) => {
        throw refused(cause);
      });
      clients.push(client);
      const result = await client
        .callTool({ name: tool, arguments: args as Record<string, unknown> })
        .catch((cause: unknown) => {
          throw cause instanceof SdkHttpError ? refused(cause) : cause;
        });
      const text = (result.content as { type: string; text?: string }[])
        .map((part) => part.text ?? '')
        .join('\n');
      if (result.isError === true) throw failure(text);
      return { structured: result.structuredContent, text };
    },
    async close() {
      await Promise.all(clients.map((client) => client.close()));
    },
  };
}

function identityHeaders(
  subjects: RunningServer['subjects'],
  as: string | undefined,
): Record<string, string> {
  const subject = Object.hasOwn(subjects, as ?? '') ? subjects[as ?? ''] : as;
  if (subject === undefined) throw whoCalls(Object.keys(subjects));
  return { 'x-rls-user-id': subject };
}

function turnedAway(url: string, as: string | undefined, cause: unknown, wantsProof: boolean): AisleError {
  if (cause instanceof SdkHttpError && (cause.status === 401 || cause.status === 403)) {
    const why = wantsProof
      ? 'wants proof of who calls: set AISLE_API_KEY to a key that is good'
      : `knows nobody called ${as}`;
    return new AuthenticationError(`The server at ${url} ${why}.`, { cause });
  }
  if (cause instanceof SdkHttpError && cause.status === 429) {
    return new UnavailableError(
      `The server at ${url} has had as many calls as this caller may make for now. Try again in a minute.`,
      { cause },
    );
  }
  return new UnavailableError(`The server at ${url} did not answer. Try again, or stop it.`, { cause });
}

/** A tool's failure as the server says it, `{"code","message",…}`, as if it had happened here. */
function failure(text: string): AisleError {
  try {
    const { code, message } = JSON.parse(text) as { code: string; message: string };
    return new QueryRefusedError(code, message);
  } catch {
    return new DatabaseError(text);
  }
}
