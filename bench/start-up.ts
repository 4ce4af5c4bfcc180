/**
 * How long `aisle serve` takes from its spawn until it is ready, on a PostgreSQL that has been migrated, and what it holds in
 * memory when nobody asks anything. Beside a Node that does nothing and a Fastify that answers "hello", by turns in the same
 * run: on a busy machine the ratio is what counts, and CPU time rather than the wall's. The built package is measured too
 * where there is one (`npm run build`).
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { TEST_SECRET_KEY } from '../test/harness/secret-keys.ts';
import { MAIN } from '../test/harness/server-process.ts';
import { cpuSeconds } from './cpu.ts';
import { type Memory, memoryOf } from './memory.ts';
import { type Figures, median } from './report.ts';

const ROUNDS = Number(process.env.START_UP_ROUNDS ?? 9);
const IDLE_MS = 5000;
/** Rounds that are left to idle for a look at their memory: the last ones. */
const IDLE_ROUNDS = 3;

const NOTHING = "console.log('Ready.'); setInterval(() => {}, 60_000)";
const HELLO = `import fastify from 'fastify';
  const server = fastify();
  server.get('/', async () => 'hello');
  await server.listen({ port: 0, host: '127.0.0.1' });
  console.log('Ready.');`;
const BUILT = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));

interface Started {
  readonly wallMs: number;
  readonly cpuMs: number;
  /** After a while without work. */
  readonly memory?: Memory;
}

export async function startUp(databaseUrl: string): Promise<Readonly<Record<string, Figures>>> {
  const serve = ['serve', '--port', '0', '--database-url', databaseUrl];
  const contestants: Readonly<Record<string, readonly string[]>> = {
    'Node, nothing': ['-e', NOTHING],
    'Fastify, hello': ['--input-type=module', '-e', HELLO],
    'Aisle, sources': [MAIN, ...serve],
    ...(existsSync(BUILT) ? { 'Aisle, built': [BUILT, ...serve] } : {}),
  };
  for (const args of Object.values(contestants)) await start(args, false); // migrates, and fills the caches of files and code
  const starts: Record<string, Started[]> = {};
  for (let round = 1; round <= ROUNDS; round += 1) {
    for (const [name, args] of Object.entries(contestants)) {
      starts[name] = [...(starts[name] ?? []), await start(args, round > ROUNDS - IDLE_ROUNDS)];
    }
  }
  const bare = median((starts['Node, nothing'] ?? []).map(({ cpuMs }) => cpuMs));
  return Object.fromEntries(Object.entries(starts).map(([name, rounds]) => [name, figuresOf(rounds, bare)]));
}

async function start(args: readonly string[], staysIdle: boolean): Promise<Started> {
  const began = performance.now();
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, LOG_LEVEL: 'error', SECRET_KEYS: TEST_SECRET_KEY },
  });
  try {
    await ready(child);
    const wallMs = performance.now() - began;
    const pid = child.pid ?? 0;
    const started = { wallMs, cpuMs: cpuSeconds(pid) * 1000 };
    if (!staysIdle) return started;
    await setTimeout(IDLE_MS);
    return { ...started, memory: memoryOf(pid) };
  } finally {
    child.kill('SIGTERM');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
  }
}

/** Reads on to the end, so that whoever writes more is not held up. */
function ready(child: ChildProcess): Promise<void> {
  return new Promise((told, failed) => {
    let said = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (said.includes('Ready.')) told();
    });
    child.once('close', () =>
      failed(new RangeError(`${child.spawnargs.join(' ')} ended before it was ready`)),
    );
  });
}

function figuresOf(rounds: readonly Started[], bareCpuMs: number): Figures {
  const cpuMs = median(rounds.map((one) => one.cpuMs));
  const memory = rounds.flatMap((one) => one.memory ?? []);
  return {
    'wall ms': Math.round(median(rounds.map((one) => one.wallMs))),
    'fastest ms': Math.round(Math.min(...rounds.map((one) => one.wallMs))),
    'CPU ms': Math.round(cpuMs),
    "times bare Node's CPU": Number((cpuMs / bareCpuMs).toFixed(1)),
    'RSS MiB': Math.round(median(memory.map(({ all }) => all))),
    'of it its own MiB': Math.round(median(memory.map(({ own }) => own))),
  };
}
