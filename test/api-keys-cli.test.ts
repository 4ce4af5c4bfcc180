/** The command line and a served process together: a key is made, taken, listed and revoked. */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { openEmbedded } from '../src/data/embedded.ts';
import { silentLogger } from '../src/telemetry/logger.ts';
import { TEST_LIMITS } from './harness/limits.ts';
import { TEST_SECRET_KEYS } from './harness/secret-keys.ts';
import { startCli, startServer } from './harness/server-process.ts';
import { loadTwoStores } from './harness/two-stores.ts';

let folder: string;
let place: readonly string[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aisle-keys-'));
  const directory = join(folder, 'data');
  await cp(inject('embeddedTemplate'), directory, { recursive: true });
  const limits = TEST_LIMITS;
  const database = await openEmbedded({
    ...{ directory, acquireTimeoutMs: 20_000, limits },
    ...{ secretKeys: TEST_SECRET_KEYS, logger: silentLogger },
  });
  await loadTwoStores(database);
  await database.close();
  place = ['--data-dir', directory];
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function aisle(...args: readonly string[]) {
  const cli = startCli([...args, ...place]);
  return { code: await cli.ended, out: cli.stdout(), err: cli.stderr() };
}

/** The same key but for its last digit. */
const another = (key: string) => key.slice(0, -1) + (key.endsWith('0') ? '1' : '0');

const list = (url: string, headers: Record<string, string>) =>
  fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...headers,
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} }),
  });

it('makes a key that opens a server where callers prove who they are, lists it without the secret, and takes it back', async () => {
  const made = await aisle(
    'keys',
    'create',
    'nightly',
    '--subject',
    'north',
    '--store',
    'north',
    '--scopes',
    'read:analytics',
  );
  expect(made).toMatchObject({ code: 0, err: expect.stringContaining('not shown again') });
  const key = made.out.trim();
  const prefix = key.slice(6, 14);

  const server = await startServer(place, { API_KEYS: 'on' });
  expect(server.stdout()).toContain('Callers prove who they are: by an API key.');
  expect((await list(server.url, {})).status).toBe(401);
  expect((await list(server.url, { 'x-api-key': another(key) })).status).toBe(403);
  expect((await list(server.url, { 'x-api-key': key })).status).toBe(200);
  expect(await server.stop()).toBe(0);

  const listed = await aisle('keys', 'list', '--json');
  expect(JSON.parse(listed.out)).toEqual([
    {
      ...{
        prefix,
        name: 'nightly',
        subject: 'north',
        store: 'north',
        scopes: ['read:analytics'],
        revokedAt: null,
      },
      ...{ createdAt: expect.any(String), expiresAt: expect.any(String), lastUsedAt: expect.any(String) },
    },
  ]);
  expect(listed.out).not.toContain(key.slice(15));
  expect(await aisle('keys', 'revoke', prefix)).toMatchObject({
    code: 0,
    err: `API key ${prefix} counts no more.\n`,
  });
  expect((await aisle('keys', 'list')).out).toMatch(new RegExp(`${prefix} .* revoked 20`));
});

it.each([
  ['id', 'u\u001b[2J-1', 'https://login.example'],
  ['id', '', 'https://login.example'],
  ['issuer', 'u-1', 'https://login.example\n'],
])('links no %s that no token has (%j), and sends none of it to the terminal', async (_, id, issuer) => {
  const linked = await aisle('identities', 'link', id, '--issuer', issuer, '--subject', 'south');
  expect(linked).toMatchObject({ code: 2, err: expect.stringContaining('No token can name this') });
  const unlinked = await aisle('identities', 'unlink', id, '--issuer', issuer);
  expect(unlinked).toMatchObject({ code: 2, err: expect.stringContaining('Nobody is linked to') });
  expect(linked.err + unlinked.err).not.toContain('\u001b');
});

it('links an identity and revokes a token by its jti', async () => {
  const issuer = ['--issuer', 'https://login.example'];
  expect(await aisle('identities', 'link', 'u-1', ...issuer, '--subject', 'south')).toMatchObject({
    code: 0,
  });
  expect((await aisle('identities', 'list')).out).toMatch(
    /^south +https:\/\/login\.example +u-1 +operator$/m,
  );
  expect(await aisle('identities', 'unlink', 'u-1', ...issuer)).toMatchObject({ code: 0 });
  expect(await aisle('keys', 'revoke-token', 'some-jti')).toMatchObject({
    code: 0,
    err: expect.stringMatching(/^The token \(by its jti\) counts no more\./),
  });
});

it.each([
  [['--expires', '90'], 'It must be a time like 30m, 12h or 90d'],
  [['--expires', '9999d'], 'It must be a time like 30m, 12h or 90d'],
  [['--scopes', 'read:everything'], 'There is no permission "read:everything"'],
  [['--store', 'south'], "'north' sees no store 'south'"],
])('makes no key with %j', async (wrong, message) => {
  const refused = await aisle('keys', 'create', 'x', '--subject', 'north', ...wrong);
  expect(refused).toMatchObject({ code: 2, out: '', err: expect.stringContaining(message) });
});
