/**
 * Threat: a refusal from which a client can't find out where to log in, so that somebody switches authentication off; a
 * failed attempt that nobody hears of; a header that turns one caller into another.
 */
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { SEATTLE, type Served, serve } from '../../test/harness/served.ts';
import type { Headers } from '../auth/authenticator.ts';
import { createCredentialAuthenticator } from '../auth/credential-authenticator.ts';
import { createProtectedResource } from '../auth/protected-resource.ts';
import type { SecurityEvent } from '../kernel/audit.ts';
import {
  AuthorizationError,
  InternalError,
  InvalidCredentialError,
  UnavailableError,
} from '../kernel/errors.ts';
import { PERMISSIONS, type Permission } from '../kernel/permission.ts';
import type { Principal } from '../kernel/principal.ts';

const METADATA = 'https://aisle.example/.well-known/oauth-protected-resource/mcp';
const PRINCIPAL: Principal = {
  ...{ subject: SEATTLE, name: 'seattle', roles: ['store_manager'], method: 'token' },
  permissions: new Set<Permission>(['read:products']),
  withheld: new Set<Permission>(['read:analytics']),
};
const LIST = { jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} };
const ECHO = {
  jsonrpc: '2.0',
  id: 7,
  method: 'tools/call',
  params: { name: 'echo', arguments: { text: 'x' } },
};

const resource = createProtectedResource({
  publicUrl: 'https://aisle.example/mcp',
  issuers: [
    { issuer: 'https://login.example', audiences: ['a'], scopePrefix: 'api://x/' },
    { issuer: 'https://other.example', audiences: ['a'] },
    { issuer: 'https://third.example', audiences: ['a'] },
    { issuer: 'https://old.example', audiences: ['a'], scopePrefix: 'api://y/', advertised: false },
  ],
  initialScopes: ['read:products', 'read:basic_reports'],
});

let served: Served;
let events: SecurityEvent[];
const authenticate = vi.fn(async (token: string): Promise<Principal> => {
  if (token === 'good') return PRINCIPAL;
  throw new InvalidCredentialError('The token has "expired".\n');
});
const apiKeys = vi.fn(async (key: string): Promise<Principal> => {
  if (key === 'aisle_good') return { ...PRINCIPAL, method: 'api_key' };
  throw new InvalidCredentialError('The API key is not valid.');
});
const narrow = vi.fn(async (principal: Principal, headers: Headers): Promise<Principal> => {
  const store = headers['x-rls-user-id'];
  if (store === undefined) return principal;
  if (store !== 'store-1') throw new AuthorizationError('Invalid RLS context for user');
  return { ...principal, store };
});
const start = async () => {
  events = [];
  served = await serve(
    {},
    {},
    {
      ...{
        authenticator: createCredentialAuthenticator({ tokens: { authenticate, resource }, apiKeys }),
        resource,
      },
      securityLog: { record: async (event) => void events.push(event) },
      narrow,
    },
  );
};
beforeEach(() => start());
afterEach(() => served.transport.close());

const post = (headers: Record<string, string>, body: unknown = LIST) =>
  fetch(served.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...headers,
    },
    body: JSON.stringify(body),
  });
const seen = async (response: Response) => ({
  status: response.status,
  challenge: response.headers.get('www-authenticate'),
  error: ((await response.json()) as { error?: { data?: { code?: string } } }).error?.data?.code,
});

/** As `fetch` does not send it: one header twice. */
async function raw(headers: readonly (readonly [string, string])[]) {
  const usual = [
    ...['content-type', 'application/json'],
    ...['accept', 'application/json, text/event-stream', 'host', new URL(served.url).host],
  ];
  const sent = request(served.url, { method: 'POST', headers: [...usual, ...headers.flat()] });
  sent.end(JSON.stringify(LIST));
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  const body = JSON.parse(await text(response)) as { error?: { data?: { code?: string } } };
  return {
    status: response.statusCode,
    challenge: response.headers['www-authenticate'],
    error: body.error?.data?.code,
  };
}

describe('a refusal says where to log in', () => {
  const scope = 'scope="api://x/read:products api://x/read:basic_reports"';
  test.each<[string, Record<string, string>, number, string | null, string]>([
    ['no credential', {}, 401, `Bearer ${scope}, resource_metadata="${METADATA}"`, 'UNAUTHENTICATED'],
    [
      'a bad token',
      { authorization: 'Bearer bad' },
      401,
      `Bearer error="invalid_token", error_description="The token has 'expired'.?", ${scope}, resource_metadata="${METADATA}"`,
      'INVALID_CREDENTIAL',
    ],
    [
      'a bad API key as a bearer token',
      { authorization: 'Bearer aisle_bad' },
      401,
      `Bearer error="invalid_token", error_description="The API key is not valid.", ${scope}, resource_metadata="${METADATA}"`,
      'INVALID_CREDENTIAL',
    ],
    ['a bad API key', { 'x-api-key': 'aisle_bad' }, 403, null, 'AUTHORIZATION_ERROR'],
    [
      'the header that is an identity in development only',
      { 'x-rls-user-id': SEATTLE },
      401,
      `Bearer ${scope}, resource_metadata="${METADATA}"`,
      'UNAUTHENTICATED',
    ],
  ])('%s', async (_, headers, status, challenge, error) => {
    expect(await seen(await post(headers))).toEqual({ status, challenge, error });
  });

  test('a missing scope, with those that the token has', async () => {
    const response = await post({ authorization: 'Bearer good' }, ECHO);
    expect(await seen(response)).toEqual({
      status: 403,
      challenge: `Bearer error="insufficient_scope", scope="api://x/read:products api://x/read:analytics", error_description="echo needs the scope read:analytics. Ask the authorization server for a token that has it.", resource_metadata="${METADATA}"`,
      error: 'INSUFFICIENT_SCOPE',
    });
  });

  test.each([
    ['https://other.example', ''],
    ['https://old.example', 'api://y/'],
    ['https://login.example', 'api://x/'],
  ])('a missing scope of a token of %s by its own name', async (issuer, prefix) => {
    authenticate.mockResolvedValueOnce({ ...PRINCIPAL, issuer });
    const response = await post({ authorization: 'Bearer good' }, ECHO);
    expect((await seen(response)).challenge).toContain(
      `scope="${prefix}read:products ${prefix}read:analytics"`,
    );
  });

  const TWICE = 'Send one credential, once, in Authorization or in X-API-Key.';
  test.each<[string, [string, string][], string]>([
    [
      'two credentials',
      [
        ['authorization', 'Bearer good'],
        ['x-api-key', 'aisle_good'],
      ],
      TWICE,
    ],
    [
      'two tokens',
      [
        ['authorization', 'Bearer good'],
        ['authorization', 'Bearer other'],
      ],
      TWICE,
    ],
    [
      'two API keys',
      [
        ['x-api-key', 'aisle_good'],
        ['x-api-key', 'aisle_bad'],
      ],
      TWICE,
    ],
    [
      'a token that is none',
      [['authorization', 'Bearer a b']],
      "Authorization must be 'Bearer' and one token, and no other scheme.",
    ],
  ])('%s: 400, and logged', async (_, headers, said) => {
    expect(await raw(headers)).toEqual({
      status: 400,
      challenge: `Bearer error="invalid_request", error_description="${said}", resource_metadata="${METADATA}"`,
      error: 'INVALID_REQUEST',
    });
    expect(events.map(({ details }) => details)).toEqual([{ code: 'INVALID_REQUEST' }]);
  });

  test('that nobody can tell at the moment is no reason to log in again', async () => {
    authenticate.mockRejectedValueOnce(new UnavailableError('The provider is out of reach.'));
    const response = await post({ authorization: 'Bearer good' });
    expect(await seen(response)).toEqual({ status: 503, challenge: null, error: 'UNAVAILABLE' });
    expect(events).toEqual([]);
  });

  test('why somebody could not be looked up is in the log, under the id of the request', async () => {
    const cause = new TypeError('x is not a function');
    authenticate.mockRejectedValueOnce(new InternalError('Internal server error.', { cause }));
    const response = await post({ authorization: 'Bearer good', 'x-request-id': 'r-9' });
    expect(await seen(response)).toEqual({ status: 500, challenge: null, error: 'INTERNAL_ERROR' });
    expect(served.logged.filter(({ request_id }) => request_id === 'r-9')).toContainEqual(
      expect.objectContaining({
        level: 'error',
        error: expect.objectContaining({
          cause: expect.objectContaining({ message: 'x is not a function' }),
        }),
      }),
    );
  });
});

test.each([
  [{ authorization: 'Bearer good' }],
  [{ authorization: 'Bearer aisle_good' }],
  [{ 'x-api-key': 'aisle_good' }],
])('%j is let in', async (headers) => {
  expect((await post(headers)).status).toBe(200);
  expect(events).toEqual([]);
});

describe('metadata', () => {
  test.each(['/.well-known/oauth-protected-resource/mcp', '/.well-known/oauth-protected-resource'])(
    '%s needs no credential',
    async (path) => {
      const response = await fetch(served.origin + path);
      expect(response.status).toBe(200);
      expect(await response.json()).toMatchObject({
        resource: 'https://aisle.example/mcp',
        authorization_servers: ['https://login.example', 'https://other.example', 'https://third.example'],
        scopes_supported: [...PERMISSIONS.map((name) => `api://x/${name}`), ...PERMISSIONS],
        bearer_methods_supported: ['header'],
      });
    },
  );

  test('of another resource there is none, nor where nobody can log in', async () => {
    expect((await fetch(`${served.origin}/.well-known/oauth-protected-resource/other`)).status).toBe(404);
    const open = await serve();
    expect((await fetch(`${open.origin}/.well-known/oauth-protected-resource`)).status).toBe(404);
    await open.transport.close();
  });
});

describe('the security log', () => {
  test('has failed attempts before they are answered, without the credential', async () => {
    await post({ authorization: 'Bearer sesame', 'user-agent': 'prober', 'x-request-id': 'r-1' });
    expect(events).toEqual([
      {
        type: 'authentication_failed',
        action: 'authenticate',
        success: false,
        severity: 'WARNING',
        reason: 'The token has "expired".\n',
        requestId: 'r-1',
        origin: { ip: '127.0.0.1', userAgent: 'prober' },
        details: { code: 'INVALID_CREDENTIAL' },
      },
    ]);
    expect(JSON.stringify([events, served.logged])).not.toContain('sesame');
  });

  test('has wrong API keys, and not the question where to log in', async () => {
    await post({ 'x-api-key': 'aisle_bad' });
    await post({});
    expect(events.map(({ details }) => details)).toEqual([{ code: 'AUTHORIZATION_ERROR' }]);
  });

  test('tells whom an attempt claimed to be, as a claim, and of one who is known only who it is', async () => {
    await post({ 'x-api-key': 'aisle_k3x9q0ab_bad' });
    await post({ authorization: 'Bearer good', 'x-rls-user-id': SEATTLE });
    expect(events.map(({ type, name, subject, details }) => [type, name, subject, details])).toEqual([
      [
        ...['authentication_failed', 'claimed api_key k3x9q0ab', undefined],
        { code: 'AUTHORIZATION_ERROR', claimed: { kind: 'api_key', id: 'k3x9q0ab' } },
      ],
      ['narrowing_refused', PRINCIPAL.name, PRINCIPAL.subject, { code: 'AUTHORIZATION_ERROR' }],
    ]);
  });

  test('that can not be written lets nobody in', async () => {
    const closed = await serve(
      {},
      {},
      {
        authenticator: createCredentialAuthenticator({ tokens: { authenticate, resource } }),
        securityLog: { record: () => Promise.reject(new UnavailableError('The log is full.')) },
      },
    );
    const response = await fetch(closed.url, { method: 'POST', headers: { authorization: 'Bearer bad' } });
    expect(response.status).toBe(503);
    await closed.transport.close();
  });
});

describe('x-rls-user-id beside a credential', () => {
  const good = { authorization: 'Bearer good' };
  test('confines the caller', async () => {
    narrow.mockClear();
    expect((await post({ ...good, 'x-rls-user-id': 'store-1' })).status).toBe(200);
    expect(narrow).toHaveBeenCalledExactlyOnceWith(
      PRINCIPAL,
      expect.objectContaining({ 'x-rls-user-id': 'store-1' }),
    );
  });

  test('is no other identity', async () => {
    const response = await post({ ...good, 'x-rls-user-id': SEATTLE });
    expect(await seen(response)).toEqual({ status: 403, challenge: null, error: 'AUTHORIZATION_ERROR' });
    expect(events.map(({ reason }) => reason)).toEqual(['Invalid RLS context for user']);
  });
});
