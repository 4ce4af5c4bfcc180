/**
 * Threat: everything that src/auth/ closes in parts, once more as a whole: a real authorization server, the SDK's own
 * client, and real tokens that were changed, stolen, meant for others, or good until a moment ago.
 */
import { Client, StreamableHTTPClientTransport, UnauthorizedError } from '@modelcontextprotocol/client';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type CredentialOperations, credentialOperations } from '../src/app/credentials.ts';
import { recordedChanges } from '../src/app/operator.ts';
import type { SecurityEvent } from '../src/kernel/audit.ts';
import { type AuthenticatedServer, serveAuthenticated } from './harness/authenticated.ts';
import { databases, type OpenedDatabase } from './harness/databases.ts';
import { type IdentityProvider, MACHINE, startIdentityProvider } from './harness/identity-provider.ts';
import { person } from './harness/person.ts';
import { ask } from './harness/server-process.ts';
import { loadTwoStores } from './harness/two-stores.ts';

const WITHIN_5_S = { timeout: 5000, interval: 50 };
const STORES = 'SELECT slug FROM stores ORDER BY slug';

/** A client that knows nothing but the address: it is told where to log in, does so, and is connected. */
async function connect(url: string, name: string) {
  const who = person(name);
  const transport = () => new StreamableHTTPClientTransport(new URL(url), { authProvider: who.authProvider });
  const client = () => new Client({ name: 'test', version: '1.0.0' });
  const first = transport();
  await expect(client().connect(first)).rejects.toBeInstanceOf(UnauthorizedError);
  await first.finishAuth(await who.authorize());
  const second = transport();
  const connected = client();
  await connected.connect(second);
  /** Once a call was refused for want of a scope and the client has sent its user for it. */
  const consent = async () => second.finishAuth(await who.authorize());
  return { who, client: connected, consent };
}

describe.each(databases)('authentication on $name', ({ open }) => {
  let opened: OpenedDatabase;
  let provider: IdentityProvider;
  let server: AuthenticatedServer;
  let replica: AuthenticatedServer;
  let operations: CredentialOperations;
  const operated: SecurityEvent[] = [];

  beforeAll(async () => {
    opened = await open();
    await loadTwoStores(opened.database);
    provider = await startIdentityProvider();
    provider.claims.set('boss', { roles: ['super_admin'], stores: ['*'], name: 'Boss' });
    provider.claims.set('nina', { roles: ['store_user'], stores: ['north'] });
    provider.claims.set(MACHINE.clientId, { roles: ['auditor'] });
    const settings = { OIDC_ISSUERS: provider.issuer, API_KEYS: 'on', OIDC_PROVISIONING: 'on' };
    server = await serveAuthenticated(opened.database, settings);
    replica = await serveAuthenticated(opened.database, { ...settings, OIDC_AUDIENCE: server.url });
    operations = credentialOperations(
      opened.database,
      recordedChanges({ record: async (event) => void operated.push(event) }, { host: 'desk' }),
    );
  });
  afterAll(async () => {
    await server.close();
    await replica.close();
    await provider.close();
    await opened.close();
  });

  const withToken = (token: string) => ({ authorization: `Bearer ${token}` });
  const list = (headers: Record<string, string>, at = server) => at.post('tools/list', {}, headers);
  const query = (headers: Record<string, string>) =>
    server.post(
      'tools/call',
      { name: 'execute_sales_query', arguments: { postgresql_query: STORES } },
      headers,
    );
  const refusal = async (response: Response) => {
    const { error } = (await response.json()) as { error: { message: string } };
    return [response.status, error.message];
  };

  describe('of a person', () => {
    it('finds the way to log in, asks for more when a tool needs it, and sees its own stores', async () => {
      const { who, client, consent } = await connect(server.url, 'nina');
      const asked = who.authorizationUrl().searchParams;
      expect(asked.get('code_challenge_method')).toBe('S256');
      expect(asked.get('resource')).toBe(server.url);
      expect(asked.get('scope')).toBe('read:products read:basic_reports');
      expect(decodeJwt(who.accessToken())).toMatchObject({
        sub: 'nina',
        aud: server.url,
        iss: provider.issuer,
      });

      const before = who.accessToken();
      await expect(ask(client, STORES)).rejects.toBeInstanceOf(UnauthorizedError);
      expect(who.authorizationUrl().searchParams.get('scope')?.split(' ').sort()).toEqual([
        'read:analytics',
        'read:basic_reports',
        'read:products',
      ]);
      await consent();
      expect(who.accessToken()).not.toBe(before);
      expect((await ask(client, STORES)).rows).toEqual([['north']]);
      await client.close();
    });

    it('whom an operator linked has the roles and stores of that subject', async () => {
      await operations.link({ issuer: provider.issuer, externalId: 'sam', subject: 'south' });
      const { client, consent } = await connect(server.url, 'sam');
      await expect(ask(client, STORES)).rejects.toBeInstanceOf(UnauthorizedError);
      await consent();
      expect((await ask(client, STORES)).rows).toEqual([['south']]);
      await client.close();
    });

    it('without a role may nothing, and no scope would help', async () => {
      const { client } = await connect(server.url, 'guest');
      const result = await client.callTool({
        name: 'execute_sales_query',
        arguments: { postgresql_query: STORES },
      });
      expect(JSON.parse((result.content as { text: string }[])[0]?.text ?? '')).toMatchObject({
        code: 'AUTHORIZATION_ERROR',
        message: 'Insufficient permissions. Required: read:analytics',
      });
      await client.close();
    });
  });

  describe('of an application that speaks for itself', () => {
    const machineToken = async (resource: string, scope = '') => {
      const response = await fetch(`${provider.issuer}/token`, {
        method: 'POST',
        headers: { authorization: `Basic ${btoa(`${MACHINE.clientId}:${MACHINE.secret}`)}` },
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          resource,
          ...(scope !== '' && { scope }),
        }),
      });
      return ((await response.json()) as { access_token: string }).access_token;
    };

    it('is let in by its roles alone', async () => {
      const token = await machineToken(server.url);
      expect(decodeJwt(token)).not.toHaveProperty('scope');
      // An auditor may not: by its role, and no scope is named that it could ask for.
      const response = await query(withToken(token));
      expect(response.status).toBe(200);
      expect(await response.text()).toContain('Insufficient permissions. Required: read:analytics');
    });

    it('with a token for somebody else is refused', async () => {
      const token = await machineToken('https://other.example/mcp');
      expect(await refusal(await list(withToken(token)))).toEqual([
        401,
        'The claim aud of the token is not accepted.',
      ]);
    });
  });

  describe('of a token', () => {
    it('that was changed, or not signed', async () => {
      const { who, client } = await connect(server.url, 'nina');
      await client.close();
      const [header = '', payload = '', signature = ''] = who.accessToken().split('.');
      const boss = Buffer.from(JSON.stringify({ ...decodeJwt(who.accessToken()), sub: 'boss' })).toString(
        'base64url',
      );
      const none = Buffer.from(
        JSON.stringify({ ...decodeProtectedHeader(who.accessToken()), alg: 'none' }),
      ).toString('base64url');
      expect(await refusal(await list(withToken(`${header}.${boss}.${signature}`)))).toEqual([
        401,
        "The token's signature is wrong.",
      ]);
      expect(await refusal(await list(withToken(`${none}.${payload}.${signature}`)))).toEqual([
        401,
        'The algorithm of the token is not accepted.',
      ]);
      expect(server.events.slice(-2).map(({ name, subject, reason }) => [name, subject, reason])).toEqual([
        [`claimed token boss of ${provider.issuer}`, undefined, "The token's signature is wrong."],
        [
          `claimed token nina of ${provider.issuer}`,
          undefined,
          'The algorithm of the token is not accepted.',
        ],
      ]);
    });

    it('that was revoked is refused by every replica within 5 s, in any dress', async () => {
      const { who, client } = await connect(server.url, 'nina');
      await client.close();
      const token = who.accessToken();
      for (const at of [server, replica]) expect((await list(withToken(token), at)).status).toBe(200);
      await operations.revokeToken(token, new Date());
      expect(operated.at(-1)).toMatchObject({ type: 'token_revoked', success: true });
      for (const at of [server, replica]) {
        await vi.waitUntil(async () => (await list(withToken(token), at)).status === 401, WITHIN_5_S);
        expect(await refusal(await list(withToken(token), at))).toEqual([401, 'The token has been revoked.']);
      }
      // The last character of a signature of 256 bytes has four bits that say nothing.
      const dressed = token.slice(0, -1) + String.fromCharCode(token.charCodeAt(token.length - 1) + 1);
      expect(await refusal(await list(withToken(dressed)))).toEqual([401, 'The token has been revoked.']);
    });

    it.each(['jti', 'hash'] as const)('can be revoked by its %s', async (by) => {
      const { who, client } = await connect(server.url, 'nina');
      await client.close();
      const token = who.accessToken();
      expect((await list(withToken(token))).status).toBe(200);
      const { jti = '' } = decodeJwt(token);
      const signed = new TextEncoder().encode(token.slice(0, token.lastIndexOf('.')));
      const hash = Buffer.from(await crypto.subtle.digest('SHA-256', signed)).toString('hex');
      await operations.revokeToken({ jti, hash }[by], new Date(Date.now() + 60_000));
      await vi.waitUntil(async () => (await list(withToken(token))).status === 401, WITHIN_5_S);
      expect(await refusal(await list(withToken(token)))).toEqual([401, 'The token has been revoked.']);
    });
  });

  describe('by an API key', () => {
    const key = (more: Partial<Parameters<CredentialOperations['createKey']>[0]> = {}) =>
      operations.createKey({
        ...{ name: 'nightly', subject: 'head-office', scopes: null, store: null, expiresAt: null },
        ...more,
      });
    const stores = async (headers: Record<string, string>) => (await query(headers)).text();

    it('does what its subject may, until it is revoked', async () => {
      const made = await key();
      const prefix = made.slice(6, 14);
      expect(operated.at(-1)).toMatchObject({ type: 'api_key_created', resourceId: prefix });
      expect(JSON.stringify(operated)).not.toContain(made.slice(15));
      for (const headers of [{ 'x-api-key': made }, withToken(made)])
        expect(await stores(headers)).toContain('[["north"],["south"]]');
      await operations.revokeKey(prefix);
      await vi.waitUntil(async () => (await list({ 'x-api-key': made })).status === 403, WITHIN_5_S);
      expect((await list(withToken(made))).status).toBe(401);
      expect((await operations.listKeys())[0]).toMatchObject({ prefix, lastUsedAt: expect.any(Date) });
    });

    it('does no more than its scopes', async () => {
      const made = await key({ scopes: ['read:products'] });
      expect(await stores({ 'x-api-key': made })).toContain(
        'Insufficient permissions. Required: read:analytics',
      );
    });
  });

  describe('when the provider changes its keys', () => {
    afterAll(() => vi.useRealTimers());

    it('takes new tokens without a restart, and the old ones no more', async () => {
      const before = await connect(server.url, 'boss');
      await before.client.close();
      expect(decodeProtectedHeader(before.who.accessToken()).kid).toBe('key-1');
      await provider.rotateKeys();
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 31_000 }); // past the cooldown
      const after = await connect(server.url, 'boss');
      expect(decodeProtectedHeader(after.who.accessToken()).kid).toBe('key-2');
      expect((await after.client.listTools()).tools.length).toBeGreaterThan(0);
      await after.client.close();
      await vi.waitUntil(
        async () => (await list(withToken(before.who.accessToken()))).status === 401,
        WITHIN_5_S,
      );
      expect(await refusal(await list(withToken(before.who.accessToken())))).toEqual([
        401,
        'The token is signed by a key that its issuer does not have.',
      ]);
    });
  });
});
