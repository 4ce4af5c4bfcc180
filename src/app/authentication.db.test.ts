/**
 * Threat: settings that leave the door open. Closed here: nobody is believed without proof outside of development, beyond
 * loopback, or where proof is asked for; and what does not go together is told at the start.
 */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { databases, type OpenedDatabase } from '../../test/harness/databases.ts';
import { loadTwoStores } from '../../test/harness/two-stores.ts';
import { type Config, loadConfig } from '../config.ts';
import { ConfigurationError, InvalidCredentialError, ValidationError } from '../kernel/errors.ts';
import { PERMISSIONS } from '../kernel/permission.ts';
import { silentLogger } from '../telemetry/logger.ts';
import { authenticationOf, isAuthenticated, refuseOpenDoor } from './authentication.ts';
import { credentialOperations } from './credentials.ts';
import { callerOverStdio } from './stdio-caller.ts';

type Settings = Parameters<typeof loadConfig>[0];
const configOf = async (settings: Settings): Promise<Config> => loadConfig(settings, {}, '/nonexistent');
const URL_HERE = 'http://127.0.0.1:8000/mcp';
const ENTRA = {
  ENTRA_TENANT_ID: '6f1b0c1e-0000-4000-8000-000000000001',
  ENTRA_CLIENT_ID: '6f1b0c1e-0000-4000-8000-000000000002',
};
const PROVIDER = { OIDC_ISSUERS: 'https://login.example' };

describe.each<[string, Settings, boolean]>([
  ['nothing', {}, false],
  ['a provider', PROVIDER, true],
  ['Entra ID', ENTRA, true],
  ['API keys', { API_KEYS: 'on' }, true],
])('with %s', (_, settings, is) => {
  it(`callers ${is ? 'prove' : 'say'} who they are`, async () => {
    expect(isAuthenticated(await configOf(settings))).toBe(is);
  });
});

it.each([
  [{ ENVIRONMENT: 'production' }, /^ENVIRONMENT=production needs authentication/],
  [{ ENVIRONMENT: 'staging' }, /^ENVIRONMENT=staging needs authentication/],
  [{ HOST: '0.0.0.0' }, /on loopback only and not on 0\.0\.0\.0/],
  [{ TRUSTED_PROXIES: '127.0.0.1' }, /^TRUSTED_PROXIES says that others reach this server/],
  [{ PUBLIC_URL: 'https://aisle.example/mcp' }, /^PUBLIC_URL says that others reach this server/],
])('without any, %j is refused', async (settings, message) => {
  const config = await configOf(settings);
  expect(() => refuseOpenDoor(config)).toThrow(ConfigurationError);
  expect(() => refuseOpenDoor(config)).toThrow(message);
});

describe.each(databases.slice(0, 1))('on $name', ({ open }) => {
  let opened: OpenedDatabase;
  beforeAll(async () => {
    opened = await open();
    await loadTwoStores(opened.database);
  });
  afterAll(() => opened.close());
  const build = async (settings: Settings, as?: string) =>
    authenticationOf(await configOf(settings), opened.database, silentLogger, { url: URL_HERE, as });

  it.each<[Settings, string | undefined, RegExp]>([
    [{ ENVIRONMENT: 'production' }, undefined, /needs authentication/],
    [PROVIDER, 'north', /--as is for development/],
    [{ ENTRA_TENANT_ID: ENTRA.ENTRA_TENANT_ID }, undefined, /needs both ENTRA_TENANT_ID and ENTRA_CLIENT_ID/],
    [{ OIDC_ISSUERS: 'http://login.example' }, undefined, /must be an https URL/],
    [{ ...PROVIDER, OIDC_CLAIMS: 'who=sub' }, undefined, /OIDC_CLAIMS/],
    [{ ...PROVIDER, OIDC_ROLES: 'a=b' }, undefined, /OIDC_ROLES/],
    [{ ...PROVIDER, HOST: '0.0.0.0' }, undefined, /PUBLIC_URL is needed/],
  ])('%j as %s is refused', async (settings, as, message) => {
    await expect(build(settings, as)).rejects.toThrow(message);
    await expect(build(settings, as)).rejects.toBeInstanceOf(ConfigurationError);
  });

  it('of Entra ID, tenant and client are enough', async () => {
    const { resource } = await build({ ...ENTRA, PUBLIC_URL: 'https://aisle.example/mcp', HOST: '0.0.0.0' });
    expect(resource?.metadataUrl).toBe('https://aisle.example/.well-known/oauth-protected-resource/mcp');
    expect(resource?.metadata).toMatchObject({
      resource: 'https://aisle.example/mcp',
      authorization_servers: [`https://login.microsoftonline.com/${ENTRA.ENTRA_TENANT_ID}/v2.0`],
      scopes_supported: expect.arrayContaining([`api://${ENTRA.ENTRA_CLIENT_ID}/read:orders`]),
    });
  });

  it('each issuer has its own names of scopes: all are told, and those of the first to be asked for', async () => {
    const { resource } = await build({ ...ENTRA, ...PROVIDER });
    const prefix = `api://${ENTRA.ENTRA_CLIENT_ID}/`;
    expect(resource?.metadata.scopes_supported).toEqual([
      ...PERMISSIONS.map((name) => prefix + name),
      ...PERMISSIONS,
    ]);
    expect(resource?.challenge(new InvalidCredentialError('x'))).toContain(
      `scope="${prefix}read:products ${prefix}read:basic_reports"`,
    );
  });

  it('in development a header says who somebody is, and nowhere else', async () => {
    const header = { 'x-rls-user-id': '0000000b-0000-4000-8000-000000000001' };
    const { authenticator } = await build({});
    expect(await authenticator.authenticate(header)).toMatchObject({ name: 'north', method: 'development' });
    const proving = await build({ API_KEYS: 'on' });
    await expect(proving.authenticator.authenticate(header)).rejects.toThrow(/Who is calling/);
    expect(proving.resource).toBeUndefined();
  });

  it('tokens are not taken where there are only API keys, nor API keys where they are off', async () => {
    const keysOnly = await build({ API_KEYS: 'on' });
    await expect(keysOnly.authenticator.authenticate({ authorization: 'Bearer a.b.c' })).rejects.toThrow(
      'No tokens are taken here',
    );
    const tokensOnly = await build(PROVIDER);
    await expect(tokensOnly.authenticator.authenticate({ 'x-api-key': 'aisle_x' })).rejects.toThrow(
      'No API keys are taken here',
    );
  });

  describe('over stdio', () => {
    const caller = async (settings: Settings, as?: string) =>
      callerOverStdio(await configOf(settings), opened.database, silentLogger, as);

    it.each<[Settings, string | undefined, new (...args: never[]) => Error]>([
      [{}, undefined, ValidationError],
      [{ ENVIRONMENT: 'production' }, 'north', ConfigurationError],
      [PROVIDER, 'north', ConfigurationError],
      [{ AISLE_API_KEY: 'aisle_x' }, 'north', ConfigurationError],
      [{ AISLE_API_KEY: 'aisle_x' }, undefined, InvalidCredentialError],
    ])('%j as %s is refused', async (settings, as, kind) => {
      await expect(caller(settings, as)).rejects.toBeInstanceOf(kind);
    });

    it('in development it is who the command line says', async () => {
      expect((await caller({}, 'north')).principal).toMatchObject({ name: 'north', method: 'development' });
    });

    it('elsewhere it is whose key it is, until that is revoked', async () => {
      const operations = credentialOperations(opened.database, (_, work) => work());
      const request = { name: 'desk', subject: 'south', scopes: null, store: null, expiresAt: null };
      const key = await operations.createKey(request);
      const known = await caller({ ENVIRONMENT: 'production', AISLE_API_KEY: key });
      expect(known.principal).toMatchObject({ name: 'south', method: 'api_key', client: key.slice(6, 14) });
      const end = vi.fn();
      const forget = known.onGone(end);
      await operations.revokeKey(key.slice(6, 14));
      await vi.waitUntil(() => end.mock.calls.length > 0, { timeout: 6000 });
      await forget();
    });
  });
});
