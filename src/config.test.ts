import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig, maskedConfig, settingsTable } from './config.ts';
import { isSecretName, redactText } from './telemetry/redact.ts';

const NO_FILE = '/nowhere/.env';

describe('loadConfig', () => {
  it('has a default for everything but the database', async () => {
    expect(await loadConfig({}, {}, NO_FILE)).toMatchObject({
      HOST: '127.0.0.1',
      PORT: 8000,
      DATABASE_URL: undefined,
      DATA_DIR: '.aisle',
      DB_STATEMENT_TIMEOUT_SECONDS: 30,
      ALLOWED_ORIGINS: [],
    });
  });

  it.each([
    ['a port that is none', { PORT: '70000' }, 'PORT is not valid: '],
    ['an environment that is none', { ENVIRONMENT: 'prod' }, 'ENVIRONMENT is not valid: '],
    ['a database of another kind', { DATABASE_URL: 'mysql://a/b' }, 'DATABASE_URL is not valid: '],
    ['a size without a unit', { DB_WORK_MEM: '8' }, 'DB_WORK_MEM is not valid: '],
    ['no connection at all', { DB_POOL_MAX: '0' }, 'DB_POOL_MAX is not valid: '],
    ['a Redis that is none', { REDIS_URL: 'http://cache:6379' }, 'REDIS_URL is not valid: '],
    ['a rate of nothing', { RATE_LIMIT_REQUESTS: '0' }, 'RATE_LIMIT_REQUESTS is not valid: '],
    ['half a second', { RATE_LIMIT_PERIOD: '0.5' }, 'RATE_LIMIT_PERIOD is not valid: '],
    ['neither yes nor no', { RATE_LIMIT_ENABLED: 'maybe' }, 'RATE_LIMIT_ENABLED is not valid: '],
    ['every origin', { ALLOWED_ORIGINS: '*' }, 'ALLOWED_ORIGINS is not valid: each must be one exact origin'],
    [
      'a wildcard in an origin',
      { ALLOWED_ORIGINS: 'https://*.example.com' },
      'ALLOWED_ORIGINS is not valid: ',
    ],
    ['the null origin', { ALLOWED_ORIGINS: 'null' }, 'ALLOWED_ORIGINS is not valid: '],
    ['an origin with a path', { ALLOWED_ORIGINS: 'https://a.example/' }, 'ALLOWED_ORIGINS is not valid: '],
    [
      'a proxy by name',
      { TRUSTED_PROXIES: 'proxy.local' },
      'TRUSTED_PROXIES is not valid: each must be an address',
    ],
    [
      'the whole internet as proxy',
      { TRUSTED_PROXIES: '10.0.0.1,0.0.0.0/0' },
      'TRUSTED_PROXIES is not valid: ',
    ],
    ['the other internet as proxy', { TRUSTED_PROXIES: '::/0' }, 'TRUSTED_PROXIES is not valid: '],
    ['half of the internet as proxy', { TRUSTED_PROXIES: '128.0.0.0/1' }, 'TRUSTED_PROXIES is not valid: '],
    ['a network too narrow', { TRUSTED_PROXIES: '10.0.0.0/33' }, 'TRUSTED_PROXIES is not valid: '],
  ])('%s is refused by name', async (_what, environment, named) => {
    await expect(loadConfig({}, environment, NO_FILE)).rejects.toThrow(named);
  });

  it('no word of what is wrong with a setting that is called a key is masked', async () => {
    const refused = loadConfig({}, { API_KEYS: 'maybe' }, NO_FILE);
    const { message } = await refused.then(
      () => expect.unreachable('it was taken'),
      (error: Error) => error,
    );
    expect(message).toContain('API_KEYS is not valid: ');
    expect(redactText(message)).toBe(message);
  });

  it('tells all that is wrong at once', async () => {
    const load = loadConfig({}, { PORT: 'x', LOG_LEVEL: 'loud' }, NO_FILE);
    await expect(load).rejects.toThrow(
      /^Settings that need mending:\n {2}PORT is not valid: .*\n {2}LOG_LEVEL is not valid: /,
    );
  });

  it('reads lists, and takes an empty setting for an absent one', async () => {
    const config = await loadConfig({}, { ALLOWED_HOSTS: ' a.example , b.example,', PORT: '' }, NO_FILE);
    expect([config.ALLOWED_HOSTS, config.PORT]).toEqual([['a.example', 'b.example'], 8000]);
  });

  it('reads what stands before a server: origins, proxies, rates', async () => {
    const config = await loadConfig(
      {},
      {
        ALLOWED_ORIGINS: 'https://a.example,http://localhost:6274',
        TRUSTED_PROXIES: '10.0.0.7, 192.168.0.0/16, 2001:db8::/32',
        RATE_LIMIT_ENABLED: 'false',
      },
      NO_FILE,
    );
    expect(config).toMatchObject({
      ALLOWED_ORIGINS: ['https://a.example', 'http://localhost:6274'],
      TRUSTED_PROXIES: ['10.0.0.7', '192.168.0.0/16', '2001:db8::/32'],
      ...{ RATE_LIMIT_ENABLED: false, RATE_LIMIT_REQUESTS: 1000, RATE_LIMIT_PERIOD: 60 },
    });
  });

  describe('where a setting comes from', () => {
    let folder: string;
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'aisle-test-'));
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    it.each([
      ['the command line', { PORT: '1' }, { PORT: '2' }, 1],
      ['the environment', {}, { PORT: '2' }, 2],
      ['the file', {}, {}, 3],
    ])('%s', async (_what, overrides, environment, port) => {
      writeFileSync(join(folder, '.env'), 'PORT=3\n');
      expect((await loadConfig(overrides, environment, join(folder, '.env'))).PORT).toBe(port);
    });
  });
});

it.each([
  ['postgres://owner:hunter22@db/retail', 'postgres://owner:***@db/retail'],
  [
    'postgres://owner@db/retail?password=hunter22&sslmode=require',
    'postgres://owner@db/retail?password=***&sslmode=require',
  ],
  ['postgres://owner@db/retail?sslpassword=hunter22', 'postgres://owner@db/retail?sslpassword=***'],
  ['postgres://owner@db/retail', 'postgres://owner@db/retail'],
])('%s is shown as %s', async (url, shown) => {
  expect(maskedConfig(await loadConfig({}, { DATABASE_URL: url }, NO_FILE)).DATABASE_URL).toBe(shown);
});

it('never shows the password of Redis', async () => {
  const config = await loadConfig({}, { REDIS_URL: 'rediss://aisle:hunter22@cache:6379/0' }, NO_FILE);
  expect(maskedConfig(config).REDIS_URL).toBe('rediss://aisle:***@cache:6379/0');
});

it.each(['OPENAI_API_KEY', 'AZURE_OPENAI_API_KEY'] as const)('never shows %s', async (name) => {
  const config = await loadConfig({}, { [name]: 'key-of-a-provider' }, NO_FILE);
  expect(maskedConfig(config)[name]).toBe('***');
  expect(isSecretName(name)).toBe(true);
  await expect(loadConfig({}, { [name]: 'key with\na line' }, NO_FILE)).rejects.toThrow(
    `${name} is not valid: must be ASCII without blanks or line breaks`,
  );
});

it.each([
  ['OPENAI_BASE_URL', 'https://user:hunter22@proxy.example/v1', 'keys have settings of their own'],
  ['OPENAI_BASE_URL', 'https://proxy.example/v1?key=hunter22', 'keys have settings of their own'],
  ['AZURE_OPENAI_ENDPOINT', 'http://name.openai.azure.com', 'must begin with https'],
  ['EMBEDDING_DIMENSIONS', '1537', 'EMBEDDING_DIMENSIONS'],
  ['EMBEDDING_PROVIDER', 'cohere', 'EMBEDDING_PROVIDER'],
])('refuses %s=%s, and repeats no secret', async (name, value, message) => {
  const refused = loadConfig({}, { [name]: value }, NO_FILE);
  await expect(refused).rejects.toThrow(message);
  await expect(refused).rejects.not.toThrow('hunter22');
});

it('has a row for every setting, with its default', () => {
  expect(settingsTable()).toContainEqual(['DATA_DIR', '.aisle', 'Directory of the embedded database.']);
});
