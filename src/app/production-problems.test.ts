/** Threat: a server that was good enough on a laptop is put where others can reach it. Everything that is not fit is told at once. */
import { randomBytes } from 'node:crypto';
import { describe, expect, it, test } from 'vitest';
import { type Config, parseSettings } from '../config.ts';
import { ConfigurationError } from '../kernel/errors.ts';
import { redactText } from '../telemetry/redact.ts';
import { productionProblems, refuseUnfit } from './production-problems.ts';

const key = (bytes: Buffer) => `k1:${bytes.toString('base64')}`;

/** Fit as it stands. */
const FIT = {
  ...{ ENVIRONMENT: 'production', HOST: '10.0.0.5', LOG_LEVEL: 'info' },
  DATABASE_URL: 'postgres://aisle_admin:x7kQ9vL2mR8pW4zz@db.example/shop?sslmode=verify-full',
  SECRET_KEYS: key(randomBytes(32)),
};
const AUTHENTICATED = { OIDC_ISSUERS: 'https://login.example', OIDC_AUDIENCE: 'aisle' };
const TENANT = '11111111-2222-4333-8444-555555555555';
const ENCRYPTED = { TRUSTED_PROXIES: '10.0.0.1' };

function config(changes: Readonly<Record<string, string | undefined>> = {}): Config {
  const values = { ...FIT, ...AUTHENTICATED, ...ENCRYPTED, ...changes };
  return parseSettings({ values, decided: new Set(), problems: [] });
}

const url = (more: string) => `postgres://aisle_admin:x7kQ9vL2mR8pW4zz@${more}`;

test('settings that are fit', () => {
  expect(productionProblems(config())).toEqual([]);
  expect(() => refuseUnfit(config())).not.toThrow();
});

describe('fit as well', () => {
  it.each([
    ['loopback without TLS', { HOST: '127.0.0.1', TRUSTED_PROXIES: '' }],
    ['TLS of its own', { TRUSTED_PROXIES: '', TLS_CERT_FILE: '/run/cert.pem' }],
    ['Entra ID', { OIDC_ISSUERS: '', ENTRA_TENANT_ID: TENANT, ENTRA_CLIENT_ID: TENANT }],
    ['a database on this machine', { DATABASE_URL: url('127.0.0.1/shop') }],
    ['a database behind a socket', { DATABASE_URL: url('localhost/shop?host=/run/postgresql') }],
    [
      'a database that checks certificates by require',
      { DATABASE_URL: url('db.example/shop?sslmode=require') },
    ],
    ['a database without a password', { DATABASE_URL: 'postgres://aisle@db.example/shop?sslmode=verify-ca' }],
    ['two keys', { SECRET_KEYS: `${FIT.SECRET_KEYS},k0:${randomBytes(32).toString('base64')}` }],
    ['named origins', { ALLOWED_ORIGINS: 'https://a.example', ALLOWED_HOSTS: 'a.example' }],
    ['warnings only', { LOG_LEVEL: 'warn' }],
  ])('%s', (_what, changes) => expect(productionProblems(config(changes))).toEqual([]));
});

describe('not fit', () => {
  it.each([
    [
      'no secret key',
      { SECRET_KEYS: '' },
      ['SECRET_KEYS'],
      /^SECRET_KEYS is missing: a key is made by itself in development only/,
    ],
    [
      'a secret key of zeros',
      { SECRET_KEYS: key(Buffer.alloc(32)) },
      [],
      /^SECRET_KEYS can be guessed: key k1 repeats itself/,
    ],
    [
      'a passphrase',
      { SECRET_KEYS: key(Buffer.from('an extremely long passphrase ab!')) },
      [],
      /^SECRET_KEYS can be guessed: key k1 is readable text/,
    ],
    ['a short key', { SECRET_KEYS: 'k1:c2hvcnQ=' }, [], /^The key k1 of SECRET_KEYS is not 32 bytes/],
    [
      'the embedded database',
      { DATABASE_URL: undefined },
      ['DATABASE_URL'],
      /^DATABASE_URL: the embedded database is for development/,
    ],
    [
      'a default password',
      { DATABASE_URL: 'postgres://postgres:postgres@127.0.0.1/shop' },
      [],
      /^DATABASE_URL: the password is one of those tried first/,
    ],
    [
      'a short password',
      { DATABASE_URL: 'postgres://a:x7kQ9vL2@127.0.0.1/shop' },
      [],
      /^DATABASE_URL: the password is shorter than 16/,
    ],
    [
      'a database in the open',
      { DATABASE_URL: url('db.example/shop') },
      [],
      /^DATABASE_URL: the connection to another machine is not encrypted/,
    ],
    [
      'a database that prefers TLS',
      { DATABASE_URL: url('db.example/shop?sslmode=prefer') },
      [],
      /^DATABASE_URL: the connection to another machine/,
    ],
    [
      'a database with any certificate',
      { DATABASE_URL: url('db.example/shop?sslmode=no-verify') },
      [],
      /^DATABASE_URL: the connection to another machine/,
    ],
    [
      'require as libpq means it',
      { DATABASE_URL: url('db.example/shop?sslmode=require&uselibpqcompat=true') },
      [],
      /^DATABASE_URL: the connection to another machine/,
    ],
    [
      'a host hidden in the parameters',
      { DATABASE_URL: url('localhost/shop?host=db.example') },
      [],
      /^DATABASE_URL: the connection to another machine/,
    ],
    [
      'no authentication',
      { OIDC_ISSUERS: '' },
      ['OIDC_ISSUERS or ENTRA_TENANT_ID or API_KEYS'],
      /^Authentication: callers would be whoever they say/,
    ],
    [
      'a tenant without a client',
      { OIDC_ISSUERS: '', ENTRA_TENANT_ID: TENANT },
      ['ENTRA_CLIENT_ID'],
      /^ENTRA_CLIENT_ID: ENTRA_TENANT_ID says/,
    ],
    ['debug lines', { LOG_LEVEL: 'debug' }, [], /^LOG_LEVEL=debug is for finding faults/],
    ['traces', { LOG_LEVEL: 'trace' }, [], /^LOG_LEVEL=trace/],
    ['any host of a domain', { ALLOWED_HOSTS: 'a.example,*.example' }, [], /^ALLOWED_HOSTS: \*/],
    [
      'a user in the parameters',
      { DATABASE_URL: url('localhost/shop?user=postgres') },
      [],
      /^DATABASE_URL: user is a/,
    ],
    [
      'a parameter twice',
      { DATABASE_URL: url('db.example/shop?sslmode=verify-full&sslmode=no-verify') },
      [],
      /^DATABASE_URL: the parameter sslmode is there twice/,
    ],
    [
      'Redis in the open',
      { REDIS_URL: 'redis://:x7kQ9vL2mR8pW4zz@cache.example' },
      [],
      /^REDIS_URL: on another machine/,
    ],
    [
      'Redis without a password',
      { REDIS_URL: 'rediss://cache.example' },
      [],
      /^REDIS_URL: on another machine/,
    ],
    [
      'a public address in the open',
      { PUBLIC_URL: 'http://aisle.example/mcp' },
      [],
      /^PUBLIC_URL: clients would/,
    ],
    [
      'an issuer in the open',
      { OIDC_ISSUERS: 'http://login.example' },
      [],
      /^OIDC_ISSUERS: http:\/\/login\.example is no/,
    ],
    ['plain HTTP', { TRUSTED_PROXIES: '' }, [], /^HOST=10\.0\.0\.5: tokens would travel in the open/],
  ])('%s', (_what, changes, missing, said) => {
    expect(productionProblems(config(changes))).toEqual([{ missing, said: expect.stringMatching(said) }]);
    for (const problem of productionProblems(config(changes)))
      expect(redactText(problem.said)).toBe(problem.said);
    expect(() => refuseUnfit(config(changes))).toThrow(ConfigurationError);
    expect(() => refuseUnfit(config({ ...changes, ENVIRONMENT: 'staging' }))).toThrow(ConfigurationError);
    expect(() => refuseUnfit(config({ ...changes, ENVIRONMENT: 'development' }))).not.toThrow();
  });
});

test('all of it is told at once, without any secret', () => {
  const naked = {
    SECRET_KEYS: '',
    DATABASE_URL: 'postgres://postgres:postgres@db.example/shop',
    LOG_LEVEL: 'debug',
  };
  const open = {
    ALLOWED_HOSTS: '*',
    OIDC_ISSUERS: '',
    TRUSTED_PROXIES: '',
    HOST: '0.0.0.0',
  };
  const refuse = () => refuseUnfit(config({ ...naked, ...open }));
  expect(refuse).toThrow(
    new ConfigurationError(`Missing required production settings: [SECRET_KEYS, OIDC_ISSUERS or ENTRA_TENANT_ID or API_KEYS]
  SECRET_KEYS is missing: a key is made by itself in development only. "aisle secrets new-key" makes one.
  DATABASE_URL: the password is one of those tried first. Make another, e.g. by "openssl rand -hex 24".
  DATABASE_URL: the connection to another machine is not encrypted, or not verified. Add ?sslmode=verify-full (with sslrootcert=… for a certificate authority of your own).
  Authentication: callers would be whoever they say they are. Set one of OIDC_ISSUERS, ENTRA_TENANT_ID, API_KEYS.
  LOG_LEVEL=debug is for finding faults. Set LOG_LEVEL=info.
  ALLOWED_HOSTS: * lets any page in. Name each by itself.
  HOST=0.0.0.0: tokens would travel in the open. Set TLS_CERT_FILE and TLS_KEY_FILE, or TRUSTED_PROXIES when a proxy ends TLS, or HOST=127.0.0.1.`),
  );
});
