/**
 * Threat: a part fails, and callers get a wrong answer, another tenant's, none at all, or one that helps nobody. A server under
 * load loses its database and its Redis and gets them back; each call is to end with the right answer or with what to do.
 */

import { globSync, readFileSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from 'vitest';
import { openDatabase } from '../src/app/engine.ts';
import { loadConfig } from '../src/config.ts';
import { silentLogger } from '../src/telemetry/logger.ts';
import {
  canOwnServices,
  type OwnPostgres,
  type OwnRedis,
  ownPostgres,
  ownRedis,
} from './harness/own-services.ts';
import { TEST_SECRET_KEY } from './harness/secret-keys.ts';
import { type ServerProcess, startServer } from './harness/server-process.ts';
import { type Load, steadyLoad, type Told } from './harness/steady-load.ts';
import { loadTwoStores } from './harness/two-stores.ts';

/** Beside what a call takes when nothing fails, which on a machine that is busy with other tests may be long. */
const RECOVERY_MS = 2000;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
/** Nobody is refused for how much is asked. */
const GENEROUS = { RATE_LIMIT_REQUESTS: '100000', RATE_LIMIT_PER_ADDRESS: '100000', CALLER_SHARE: '1' };

async function serve(settings: Readonly<Record<string, string>>): Promise<ServerProcess> {
  const config = await loadConfig({ SECRET_KEYS: TEST_SECRET_KEY, ...settings }, {}, '/nowhere');
  const database = await openDatabase(config, silentLogger);
  await loadTwoStores(database);
  await database.close();
  return startServer([], { ...GENEROUS, ...settings });
}

/** A load that ends with the test, however that ends. */
function loadOn(...options: Parameters<typeof steadyLoad>): Load {
  const load = steadyLoad(...options);
  onTestFinished(async () => void (await load.stop()));
  return load;
}

const longestOf = (told: readonly Told[]) => Math.max(...told.map(({ began, ended }) => ended - began));

function report(what: string, told: readonly Told[], recoveryMs?: number): void {
  const of = (outcome: Told['outcome']) => told.filter((one) => one.outcome === outcome);
  const recovery = recoveryMs === undefined ? '' : `, right again after ${recoveryMs.toFixed(0)} ms`;
  process.stdout.write(
    `${what}: ${told.length} calls, ${of('right').length} right, ${of('refused').length} refused, ${of('wrong').length} wrong${recovery}, longest call ${longestOf(told).toFixed(0)} ms\n`,
  );
}

const wrong = (told: readonly Told[]) =>
  told.flatMap(({ outcome, detail }) => (outcome === 'wrong' ? [detail] : []));

describe('the embedded database', () => {
  it('is killed in the middle: callers wait for the next one, and nobody gets a wrong answer', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'aisle-test-'));
    onTestFinished(() => rm(directory, { recursive: true, force: true }));
    await cp(inject('embeddedTemplate'), directory, { recursive: true });
    const server = await serve({ DATA_DIR: directory });
    onTestFinished(async () => void (await server.stop()));
    const load = loadOn(server.url, String, 1000);
    await load.answered();
    process.kill(embeddedProcess(server.process.pid ?? 0), 'SIGKILL');
    const killed = performance.now();
    const back = await load.answered();
    const told = await load.stop();
    expect(await server.stop()).toBe(0);
    report('embedded database killed', told, back - killed);
    expect(wrong(told)).toEqual([]);
  });
});

/** The child process in which a server keeps it. */
function embeddedProcess(parent: number): number {
  const children = globSync(`/proc/${parent}/task/*/children`).flatMap((file) =>
    readFileSync(file, 'utf8').trim().split(' '),
  );
  const child = children.find((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('embedded'));
  return Number(child);
}

describe.skipIf(inject('postgresUrl') === '' || !canOwnServices)('a server with parts of its own', () => {
  let postgres: OwnPostgres;
  let redis: OwnRedis;
  let server: ServerProcess;
  beforeAll(async () => {
    postgres = await ownPostgres();
    redis = await ownRedis();
    server = await serve({ DATABASE_URL: postgres.url, REDIS_URL: redis.url, CACHE_LEVEL: 'redis' });
  });
  afterAll(async () => {
    await server?.stop();
    await redis?.kill();
    await postgres?.drop();
  });

  it.each([
    ['restarted in good order', 'fast', 0],
    ['restarted as after a crash', 'immediate', 0],
    ['away for seconds', 'fast', 6000],
  ] as const)('PostgreSQL is %s', async (what, mode, awayMs) => {
    const load = loadOn(server.url);
    await load.answered();
    await pause(1000);
    const boundMs = RECOVERY_MS + longestOf(load.told);
    postgres.stop(mode);
    await pause(awayMs);
    const accepting = await postgres.start();
    const recoveryMs = (await load.answered()) - accepting;
    await pause(boundMs);
    const told = await load.stop();
    report(`PostgreSQL ${what}`, told, recoveryMs);
    expect(wrong(told)).toEqual([]);
    expect(recoveryMs).toBeLessThan(boundMs);
    expect(told.filter(({ began, outcome }) => began > accepting + boundMs && outcome !== 'right')).toEqual(
      [],
    );
  });

  it('Redis is killed and started again: no call fails, and it is used as before', async () => {
    // Each text is asked twice by the same callers, so that the second can come from Redis.
    const load = loadOn(server.url, (n) => `text ${Math.floor(n / 6)}`);
    const fromRedis = (since: number) =>
      load.told.some(({ began, detail }) => began > since && detail === 'redis');
    await expect.poll(() => fromRedis(0), { timeout: 10_000 }).toBe(true);
    await redis.kill();
    const killed = performance.now();
    await pause(1500);
    const isWithout = !fromRedis(killed);
    await redis.start();
    const started = performance.now();
    await expect.poll(() => fromRedis(started), { timeout: 10_000 }).toBe(true);
    const recoveryMs = performance.now() - started;
    const told = await load.stop();
    report('Redis killed', told, recoveryMs);
    expect(isWithout).toBe(true);
    expect(told.flatMap(({ outcome, detail }) => (outcome === 'right' ? [] : [detail]))).toEqual([]);
  });
});
