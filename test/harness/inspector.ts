/** The MCP Inspector's command line: a process for each question. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { constants, mkdtempSync, openSync } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { AnyClient, Called, Reached } from './clients.ts';

const INSPECTOR = fileURLToPath(
  import.meta.resolve('@modelcontextprotocol/inspector/clients/launcher/build/index.js'),
);

/** What it writes to stdout with `--format json`. */
interface Printed {
  readonly result: {
    readonly tools: readonly { readonly name: string }[];
    readonly contents: unknown;
    readonly messages: unknown;
  } & Called;
}

/** `target` is how it reaches the server, `close` what is to be closed besides. */
function inspector(target: readonly string[], close = async () => {}): AnyClient {
  const home = mkdtempSync(join(tmpdir(), 'aisle-inspector-'));
  const ask = async (question: readonly string[], signal?: AbortSignal): Promise<Printed['result']> => {
    const child = spawn(
      process.execPath,
      [INSPECTOR, '--cli', '--format', 'json', '--quiet', ...question, ...target],
      { stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env.PATH, HOME: home }, signal },
    );
    const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), ended(child)]);
    // A tool that failed is told on stderr too, and by the exit code.
    if (out === '') throw new TypeError(err);
    return (JSON.parse(out) as Printed).result;
  };
  return {
    tools: async () => (await ask(['--method', 'tools/list'])).tools.map(({ name }) => name),
    call: (name, args, signal) =>
      ask(['--method', 'tools/call', '--tool-name', name, '--tool-args-json', JSON.stringify(args)], signal),
    read: async (uri) => (await ask(['--method', 'resources/read', '--uri', uri])).contents,
    prompt: async (name) => (await ask(['--method', 'prompts/get', '--prompt-name', name])).messages,
    close,
    callsListedOnly: true,
  };
}

async function ended(child: ChildProcess): Promise<void> {
  await once(child, 'close');
}

export async function inspectorOverHttp(
  { url, headers }: Reached,
  era: 'legacy' | 'modern',
): Promise<AnyClient> {
  const given = Object.entries(headers).flatMap(([name, value]) => ['--header', `${name}: ${value}`]);
  return inspector(['--server-url', url, '--transport', 'http', '--protocol-era', era, ...given]);
}

/** It keeps what a server says on stderr to itself, and takes it along when it is ended: so the server says it into a pipe. */
export async function inspectorOverStdio(server: string, { onStderr }: Reached): Promise<AnyClient> {
  const said = join(mkdtempSync(join(tmpdir(), 'aisle-inspector-')), 'stderr');
  spawnSync('mkfifo', [said]);
  // For writing too, so that no reader waits for a writer, and none that goes ends it.
  const pipe = new Socket({ fd: openSync(said, constants.O_RDWR | constants.O_NONBLOCK) });
  pipe.on('data', (chunk) => onStderr(String(chunk)));
  const close = async () => void pipe.destroy();
  return inspector(['sh', '-c', `exec "${process.execPath}" "${server}" 2>"${said}"`], close);
}
