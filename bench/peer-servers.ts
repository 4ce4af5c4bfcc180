import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { LoadRequest } from './load.ts';

export const PEERS_FOLDER = 'node_modules/.cache/aisle-bench-peers';
const PACKAGES = ['@toolbox-sdk/server@1.12.0', '@bytebase/dbhub@1.4.0', 'autocannon@9.0.0'];
const FLOOR = fileURLToPath(new URL('floor-server.ts', import.meta.url));

export interface PeerServer {
  readonly process: ChildProcess;
  readonly url: string;
}

/** Installs what is compared with, outside of the project's own dependencies; once. */
export async function installPeers(): Promise<void> {
  await mkdir(PEERS_FOLDER, { recursive: true });
  await writeFile(join(PEERS_FOLDER, 'package.json'), '{"private":true}\n');
  await promisify(execFile)('npm', [
    'install',
    '--no-audit',
    '--no-fund',
    '--prefix',
    PEERS_FOLDER,
    ...PACKAGES,
  ]);
}

/** MCP Toolbox for Databases, with its one tool that runs the SQL it is given. */
export async function startToolbox(databaseUrl: string): Promise<PeerServer> {
  const { hostname, port, pathname, username, password } = new URL(databaseUrl);
  const config = join(PEERS_FOLDER, 'tools.yaml');
  await writeFile(
    config,
    [
      'sources:',
      '  retail:',
      '    kind: postgres',
      `    host: ${hostname}`,
      `    port: ${port}`,
      `    database: ${pathname.slice(1)}`,
      `    user: ${username}`,
      `    password: ${password}`,
      'tools:',
      '  execute_sql:',
      '    kind: postgres-execute-sql',
      '    source: retail',
      '    description: Runs SQL.',
      '',
    ].join('\n'),
    { mode: 0o600 },
  );
  const listening = await freePort();
  const binary = join(
    PEERS_FOLDER,
    `node_modules/@toolbox-sdk/server-${process.platform}-${process.arch}/bin/toolbox`,
  );
  return start(
    binary,
    ['--config', config, '--port', String(listening), '--log-level', 'ERROR', '--disable-version-check'],
    listening,
  );
}

/** DBHub, on this very Node. */
export async function startDbhub(databaseUrl: string): Promise<PeerServer> {
  const listening = await freePort();
  const main = join(PEERS_FOLDER, 'node_modules/@bytebase/dbhub/dist/index.js');
  return start(
    process.execPath,
    [main, '--transport', 'http', '--host', '127.0.0.1', '--port', String(listening)],
    listening,
    { DSN: `${databaseUrl}?sslmode=disable` },
  );
}

/** A server that reads a request and answers with what `request` is answered with, and does nothing else. */
export async function startFloor({ url, headers, body }: LoadRequest): Promise<PeerServer> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body,
  });
  await mkdir(PEERS_FOLDER, { recursive: true });
  const file = join(PEERS_FOLDER, 'floor.json');
  await writeFile(file, await answer.text());
  const port = await freePort();
  return start(process.execPath, [FLOOR, String(port), file], port);
}

async function start(
  command: string,
  args: readonly string[],
  port: number,
  env: Readonly<Record<string, string>> = {},
): Promise<PeerServer> {
  const child = spawn(command, args, { stdio: 'ignore', env: { ...process.env, ...env } });
  const url = `http://127.0.0.1:${port}/mcp`;
  const until = performance.now() + 30_000;
  while (performance.now() < until && child.exitCode === null) {
    const answer = await fetch(url, { method: 'POST', body: '{}' }).catch(() => undefined);
    if (answer !== undefined) return { process: child, url };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new RangeError(`${command} did not start (exit ${child.exitCode})`);
}

async function freePort(): Promise<number> {
  const server: Server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
