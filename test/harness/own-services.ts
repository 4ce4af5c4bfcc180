/** A PostgreSQL cluster and a Redis of a test's own, so that stopping them hurts nobody. As scripts/services installs them. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { appendFile, chmod, chown, mkdtemp, rm, stat } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';

const BIN = '/usr/lib/postgresql/15/bin';
const REDIS = '/usr/bin/redis-server';
const LOOK_AGAIN_MS = 10;

/** Whether both are installed here. */
export const canOwnServices = existsSync(`${BIN}/initdb`) && existsSync(REDIS);

export interface OwnPostgres {
  /** Of a superuser. */
  readonly url: string;
  stop(mode: 'fast' | 'immediate'): void;
  /** Resolves with when it took connections again, by the monotonic clock. */
  start(): Promise<number>;
  drop(): Promise<void>;
}

/** PostgreSQL refuses to run as root. */
function asPostgres(command: string, ...args: string[]): void {
  const isRoot = process.getuid?.() === 0;
  const [program, ...rest] = isRoot
    ? ['runuser', '-u', 'postgres', '--', command, ...args]
    : [command, ...args];
  execFileSync(program ?? command, rest, {
    cwd: '/', // runuser keeps it, and postgres may not enter every other
    stdio: 'ignore', // the server would hold on to a pipe
    env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` },
  });
}

export async function ownPostgres(): Promise<OwnPostgres> {
  const directory = await mkdtemp(join(tmpdir(), 'aisle-postgres-'));
  const port = await freePort();
  if (process.getuid?.() === 0) {
    const { uid, gid } = await stat('/var/lib/postgresql');
    await chown(directory, uid, gid);
  }
  await chmod(directory, 0o700);
  asPostgres(
    `${BIN}/initdb`,
    '-D',
    directory,
    '-U',
    'postgres',
    '--auth=trust',
    '--encoding=UTF8',
    '--no-sync',
  );
  await appendFile(
    join(directory, 'postgresql.conf'),
    `listen_addresses = '127.0.0.1'\nport = ${port}\nunix_socket_directories = '${directory}'\nfsync = off\n`,
  );
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  const pgCtl = (...args: string[]) => asPostgres(`${BIN}/pg_ctl`, '-D', directory, '-s', ...args);
  const start = async () => {
    pgCtl('start', '-W', '-l', join(directory, 'log'));
    return acceptedAt(url);
  };
  await start();
  return {
    url,
    start,
    stop: (mode) => pgCtl('stop', '-w', '-m', mode),
    drop: async () => {
      pgCtl('stop', '-w', '-m', 'immediate');
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function acceptedAt(url: string): Promise<number> {
  for (;;) {
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      const now = performance.now();
      await client.end();
      return now;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    }
  }
}

export interface OwnRedis {
  readonly url: string;
  kill(): Promise<void>;
  start(): Promise<void>;
}

export async function ownRedis(): Promise<OwnRedis> {
  const port = String(await freePort());
  const launch = async () => {
    const args = ['--bind', '127.0.0.1', '--port', port, '--save', '', '--appendonly', 'no'];
    const child = spawn(REDIS, args, { cwd: tmpdir(), stdio: ['ignore', 'pipe', 'inherit'] });
    for await (const chunk of child.stdout.iterator({ destroyOnReturn: false }))
      if (String(chunk).includes('Ready to accept connections')) break;
    child.stdout.resume();
    return child;
  };
  let running = await launch();
  return {
    url: `redis://127.0.0.1:${port}`,
    kill: async () => {
      const ended = once(running, 'exit');
      running.kill('SIGKILL');
      await ended;
    },
    start: async () => {
      running = await launch();
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}
