import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { TEST_SECRET_KEY } from './secret-keys.ts';

/** The command line's entry. */
export const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

export interface CliProcess {
  readonly process: ChildProcess;
  /** Everything written so far. */
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Resolves with the first match in either output; rejects when the process ends without one. */
  waitFor(pattern: RegExp): Promise<RegExpMatchArray>;
  /** Exit code, or the signal's name. */
  readonly ended: Promise<number | string>;
}

/** Runs the command line, or another script, in a process of its own. */
export function startCli(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  { directory = process.cwd(), script = MAIN } = {},
): CliProcess {
  const child = spawn(process.execPath, [script, ...args], {
    cwd: directory,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, DATABASE_URL: '', LOG_LEVEL: 'error', SECRET_KEYS: TEST_SECRET_KEY, ...env },
  });
  let out = '';
  let err = '';
  const watchers = new Set<() => void>();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
    for (const look of watchers) look();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
    for (const look of watchers) look();
  });
  const ended = once(child, 'close').then(([code, signal]: unknown[]) => (code ?? signal) as number | string);
  return {
    process: child,
    stdout: () => out,
    stderr: () => err,
    ended,
    waitFor: (pattern) =>
      new Promise((found, failed) => {
        const look = () => {
          const match = pattern.exec(out) ?? pattern.exec(err);
          if (match === null) return;
          watchers.delete(look);
          found(match);
        };
        watchers.add(look);
        look();
        void ended.then((how) => failed(new RangeError(`ended (${how}) before ${pattern}:\n${out}\n${err}`)));
      }),
  };
}

export interface ServerProcess extends CliProcess {
  readonly url: string;
  /** Ends it by SIGTERM; resolves with the exit code. */
  stop(): Promise<number | string>;
}

/** Starts `aisle serve` on a free port and waits until it is ready. */
export async function startServer(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  directory = process.cwd(),
): Promise<ServerProcess> {
  const cli = startCli(['serve', '--port', '0', ...args], env, { directory });
  const [, url = ''] = await cli.waitFor(/serves MCP at (\S+)/);
  await cli.waitFor(/Ready\. Ctrl-C stops it\./);
  return {
    ...cli,
    url,
    stop: () => {
      cli.process.kill('SIGTERM');
      return cli.ended;
    },
  };
}

/** The revisions that are served, as the SDK's client is told to speak them. */
const ERAS = { '2025-11-25': 'legacy', '2026-07-28': { pin: '2026-07-28' } } as const;

/** The SDK's own client, as one identity; as the server's own when it was started with --as. */
export async function connectClient(
  url: string,
  subject?: string,
  era: keyof typeof ERAS = '2025-11-25',
): Promise<Client> {
  const client = new Client(
    { name: 'aisle-test', version: '1.0.0' },
    { versionNegotiation: { mode: ERAS[era] } },
  );
  const headers: Record<string, string> = subject === undefined ? {} : { 'x-rls-user-id': subject };
  await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }));
  return client;
}

export interface QueryAnswer {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly unknown[])[];
  readonly row_count: number;
  readonly truncated: boolean;
}

/** `execute_sales_query` through the SDK's client; fails on a tool error. */
export async function ask(client: Client, sql: string, maxRows = 100): Promise<QueryAnswer> {
  const result = await client.callTool({
    name: 'execute_sales_query',
    arguments: { postgresql_query: sql, max_rows: maxRows },
  });
  if (result.isError === true) throw new RangeError(JSON.stringify(result.content));
  return result.structuredContent as unknown as QueryAnswer;
}
