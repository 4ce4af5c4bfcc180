/** fastmcp's client, where TEST_FASTMCP_PYTHON names a Python that has it: a process for each question. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { AnyClient, Called, Reached } from './clients.ts';

const SCRIPT = fileURLToPath(new URL('./fastmcp-client.py', import.meta.url));

export async function fastmcpOverHttp(python: string, { url, headers }: Reached): Promise<AnyClient> {
  const ask = async (question: string, about: unknown = null, signal?: AbortSignal): Promise<unknown> => {
    const child = spawn(python, [SCRIPT, url, JSON.stringify(headers), question, JSON.stringify(about)], {
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(signal && { signal }),
    });
    const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
    if (out === '') throw new TypeError(err);
    return JSON.parse(out);
  };
  return {
    tools: async () => (await ask('tools')) as readonly string[],
    call: async (name, args, signal) => (await ask('call', { name, args }, signal)) as Called,
    read: (uri) => ask('read', uri),
    prompt: (name) => ask('prompt', name),
    close: async () => {},
  };
}
