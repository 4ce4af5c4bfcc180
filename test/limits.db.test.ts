/** The settings of rates, proxies, TLS and Redis, in whole servers. Closes: a limit that is built and not wired. */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { type RunningHttp, serveHttp } from '../src/app/serve.ts';
import { loadConfig } from '../src/config.ts';
import { openEmbedded } from '../src/data/embedded.ts';
import { RedisLink } from '../src/resilience/redis-link.ts';
import { silentLogger } from '../src/telemetry/logger.ts';
import { type CertificateFiles, selfSigned } from './harness/certificate.ts';
import { TEST_LIMITS } from './harness/limits.ts';
import { redisUrls } from './harness/redis.ts';
import { TEST_SECRET_KEYS } from './harness/secret-keys.ts';
import { loadTwoStores, NORTH, SOUTH } from './harness/two-stores.ts';

const CALL = JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/call',
  params: { name: 'get_current_utc_date', arguments: {} },
});

let folder: string;
let files: CertificateFiles;
const running: RunningHttp[] = [];

beforeAll(async () => {
  files = selfSigned();
  folder = await mkdtemp(join(tmpdir(), 'aisle-test-'));
  for (const name of ['first', 'second']) {
    const directory = join(folder, name);
    await cp(inject('embeddedTemplate'), directory, { recursive: true });
    const limits = TEST_LIMITS;
    const database = await openEmbedded({
      directory,
      acquireTimeoutMs: 20_000,
      limits,
      secretKeys: TEST_SECRET_KEYS,
      logger: silentLogger,
    });
    await loadTwoStores(database);
    await database.close();
  }
});
afterEach(async () => {
  for (const server of running.splice(0)) await server.close();
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await rm(files.directory, { recursive: true, force: true });
});

async function start(settings: Readonly<Record<string, string>>, name = 'first'): Promise<string> {
  const config = await loadConfig(
    {},
    { DATA_DIR: join(folder, name), PORT: '0', ...settings },
    '/nowhere/.env',
  );
  const { signal } = new AbortController();
  const demand = { demo: false, signal, onSeeding: () => {} };
  const server = await serveHttp(config, demand, silentLogger);
  running.push(server);
  return server.url;
}

const HEADERS = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
async function call(url: string, who = NORTH, headers: Record<string, string> = {}) {
  const all = { ...HEADERS, 'x-rls-user-id': who.principal.subject, ...headers };
  const answer = await fetch(url, { method: 'POST', headers: all, body: CALL });
  await answer.text();
  return { status: answer.status, policy: answer.headers.get('ratelimit-policy') };
}

describe.each(redisUrls)('two servers with one Redis', (url) => {
  it('let a caller through as often as one would, and another all the same', async () => {
    const shared = `${url}/9`;
    const link = await RedisLink.open({ url: shared, logger: silentLogger, commandTimeoutMs: 10_000 });
    await link.attempt((redis) => redis.flushdb());
    await link.close();
    const settings = { REDIS_URL: shared, RATE_LIMIT_REQUESTS: '3', RATE_LIMIT_PERIOD: '600' };
    const urls = [await start(settings, 'first'), await start(settings, 'second')];
    const statuses: number[] = [];
    for (let n = 0; n < 6; n += 1) statuses.push((await call(urls[n % 2] ?? '')).status);
    expect(statuses).toEqual([200, 200, 200, 429, 429, 429]);
    expect((await call(urls[1] ?? '', SOUTH)).status).toBe(200);
  });
});

it('what is no call is counted with the calls', async () => {
  const url = await start({ RATE_LIMIT_REQUESTS: '2' });
  const list = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' });
  const headers = { ...HEADERS, 'x-rls-user-id': NORTH.principal.subject };
  const asked = await fetch(url, { method: 'POST', headers, body: list });
  expect([asked.status, asked.headers.get('ratelimit-policy')]).toEqual([200, '"caller";q=2;w=60']);
  expect([(await call(url)).status, (await call(url)).status]).toEqual([200, 429]);
});

it('an address has a rate of its own, and a trusted proxy tells addresses apart', async () => {
  // Behind a proxy callers prove who they are. These do not, and are counted all the same.
  const url = await start({ RATE_LIMIT_PER_ADDRESS: '2', TRUSTED_PROXIES: '127.0.0.1', API_KEYS: 'on' });
  const client = { 'x-forwarded-for': '203.0.113.1' };
  expect([
    await call(url, NORTH, client),
    await call(url, SOUTH, client),
    await call(url, NORTH, client),
  ]).toEqual([
    { status: 401, policy: null },
    { status: 401, policy: null },
    { status: 429, policy: '"address";q=2;w=60' },
  ]);
  expect((await call(url, NORTH, { 'x-forwarded-for': '203.0.113.2' })).status).toBe(401);
});

it('rates can be turned off, and the files of a certificate make it HTTPS', async () => {
  const url = await start({
    ...{ RATE_LIMIT_ENABLED: 'false', RATE_LIMIT_REQUESTS: '1', RATE_LIMIT_PER_ADDRESS: '1' },
    ...{ TLS_CERT_FILE: files.certFile, TLS_KEY_FILE: files.keyFile },
  });
  expect(url).toMatch(/^https:/);
  for (let n = 0; n < 3; n += 1) {
    const { promise, resolve, reject } = Promise.withResolvers<number | undefined>();
    const headers = { ...HEADERS, 'x-rls-user-id': NORTH.principal.subject };
    request(url, { method: 'POST', headers, ca: files.cert }, (answer) => {
      answer.resume().on('end', () => resolve(answer.statusCode));
    })
      .on('error', reject)
      .end(CALL);
    expect(await promise).toBe(200);
  }
});
