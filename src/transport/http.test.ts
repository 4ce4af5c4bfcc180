/** HTTP around the protocol: identity, limits, headers, health. Literal wire expectations. */
import { connect as connectTcp } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { HEAD_OFFICE, SEATTLE, type Served, serve } from '../../test/harness/served.ts';
import { UnavailableError } from '../kernel/errors.ts';
import { createReadiness } from '../ops/readiness.ts';

const LIST = { jsonrpc: '2.0', id: 1, method: 'tools/list' };
const MAX_BODY = 20_000;

let served: Served;
beforeAll(async () => {
  served = await serve({
    maxBodyBytes: MAX_BODY,
    allowedHosts: ['aisle.example'],
    allowedOrigins: ['https://console.example'],
  });
});
afterAll(() => served.transport.close());

/** Bytes on a socket: for what `fetch` would refuse to send. */
async function raw(lines: readonly string[]): Promise<string> {
  const socket = connectTcp(Number(new URL(served.url).port), '127.0.0.1');
  socket.end(`${lines.join('\r\n')}\r\n\r\n`);
  return text(socket);
}

describe('identity', () => {
  const refused = (message: string) => ({
    jsonrpc: '2.0',
    id: null,
    error: { code: -32003, message, data: { code: 'UNAUTHENTICATED', request_id: 'who' } },
  });
  const malformed = 'The header x-rls-user-id must hold one UUID.';
  test.each([
    ['none', undefined, 'Send your id (a UUID) in the header x-rls-user-id.'],
    ['empty', '', malformed],
    ['the nil id', '00000000-0000-0000-0000-000000000000', malformed],
    ['a slug', 'seattle', malformed],
    ['SQL', `${SEATTLE}' or true --`, malformed],
    ['two ids', `${SEATTLE}, ${HEAD_OFFICE}`, malformed],
    ['an unknown id', '0190a000-0000-7000-8000-00000000ffff', 'Nobody has the id in x-rls-user-id.'],
  ])('%s is refused with 401, before the body is read', async (_, id, message) => {
    const headers = { 'x-request-id': 'who', ...(id !== undefined && { 'x-rls-user-id': id }) };
    const response = await fetch(served.url, { method: 'POST', headers, body: 'not even JSON' });
    expect(response.status).toBe(401);
    expect(response.headers.has('www-authenticate')).toBe(false);
    expect(await response.json()).toEqual(refused(message));
  });
});

describe('the body', () => {
  const padded = (bytes: number) => {
    const empty = JSON.stringify({ ...LIST, params: { _meta: { pad: '' } } }).length;
    return { ...LIST, params: { _meta: { pad: 'x'.repeat(bytes - empty) } } };
  };
  test('of the largest size is served, one byte more is 413', async () => {
    expect((await served.post(padded(MAX_BODY))).status).toBe(200);
    const response = await served.post(padded(MAX_BODY + 1), { 'x-request-id': 'large' });
    expect(response.status).toBe(413);
    expect(await response.json()).toEqual({
      jsonrpc: '2.0',
      id: null,
      error: {
        code: -32000,
        message: 'The body is larger than this server takes.',
        data: { code: 'BODY_TOO_LARGE', request_id: 'large' },
      },
    });
  });

  test.each([
    ['', 'The body is not valid JSON.'],
    ['{"jsonrpc":', 'The body is not valid JSON.'],
    ['['.repeat(5000), 'The body is nested deeper than 100 levels.'],
  ])('%.20j is 400 and -32700', async (body, message) => {
    const response = await served.post(body, { 'x-request-id': 'bad' });
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({
      jsonrpc: '2.0',
      id: null,
      error: { code: -32700, message, data: { code: 'BAD_REQUEST', request_id: 'bad' } },
    });
  });

  test('of another type is 415', async () => {
    const response = await served.post('<x/>', { 'content-type': 'text/xml' });
    expect(response.status).toBe(415);
    expect(await response.json()).toMatchObject({ error: { data: { code: 'UNSUPPORTED_MEDIA_TYPE' } } });
  });
});

describe('against DNS rebinding', () => {
  const request = (host: string, ...more: string[]) =>
    raw([
      'POST /mcp HTTP/1.1',
      ...(host === '' ? [] : [`Host: ${host}`]),
      ...more,
      `x-rls-user-id: ${SEATTLE}`,
      'Content-Type: application/json',
      'Accept: application/json, text/event-stream',
      `Content-Length: ${JSON.stringify(LIST).length}`,
      'Connection: close',
      '',
      JSON.stringify(LIST),
    ]);

  test.each(['localhost', 'localhost:8000', '127.0.0.1:1', '[::1]:9', 'aisle.example', 'AISLE.example:443'])(
    'Host %s is served',
    async (host) => expect(await request(host)).toMatch(/^HTTP\/1\.1 200 /),
  );
  test.each([
    'evil.example',
    'localhost.evil.example',
    'evil.example:8000',
    'a@localhost',
    'localhost/x',
    '127.0.0.1.nip.io',
    '0.0.0.0',
    'localhost:80:80',
    ' ',
  ])('Host %j is refused', async (host) => {
    const answer = await request(host);
    expect(answer).toMatch(/^HTTP\/1\.1 40[03] /);
    expect(answer).toContain('x-request-id: ');
  });
  test.each(['http://localhost:6274', 'http://127.0.0.1', 'https://[::1]:1', 'https://console.example'])(
    'Origin %s is served',
    async (origin) => expect((await served.post(LIST, { origin })).status).toBe(200),
  );
  test.each([
    'null',
    'https://evil.example',
    'http://localhost.evil.example',
    'http://console.example',
    'https://console.example:444',
    'https://console.example.evil.example',
    'file://localhost',
    'localhost',
    'http://localhost@evil.example',
    'http://evil@localhost',
    'http://localhost/path',
  ])('Origin %s is refused', async (origin) => {
    const response = await served.post(LIST, { origin });
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({
      error: { message: 'Pages of this Origin may not call. It needs to be allowed in ALLOWED_ORIGINS.' },
    });
  });
});

describe('every response', () => {
  test.each([
    ['/mcp', 'POST', 200],
    ['/mcp', 'GET', 405],
    ['/mcp', 'DELETE', 405],
    ['/mcp', 'PUT', 405],
    ['/mcp', 'OPTIONS', 405],
    ['/health', 'GET', 200],
    ['/health', 'POST', 405],
    ['/health/live', 'GET', 200],
    ['/nowhere', 'GET', 404],
    ['/%zz', 'GET', 400],
  ])('%s %s carries the request id and the security headers', async (path, method, status) => {
    const response = await fetch(served.origin + path, {
      method,
      headers: {
        'x-request-id': 'mine.1',
        'x-rls-user-id': SEATTLE,
        accept: 'application/json, text/event-stream',
        ...(method === 'POST' && { 'content-type': 'application/json' }),
      },
      ...(method === 'POST' && { body: JSON.stringify(LIST) }),
    });
    await response.text();
    expect(response.status).toBe(status);
    expect(response.headers.get('x-request-id')).toBe('mine.1');
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'content-security-policy': "default-src 'none';frame-ancestors 'none'",
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
      'x-xss-protection': '0',
    });
    expect(response.headers.has('strict-transport-security')).toBe(false);
    expect(response.headers.get('cache-control')).toMatch(/^no-store/);
    expect(response.headers.has('allow')).toBe(status === 405);
  });

  test.each(['', 'a b', 'x'.repeat(65), '<script>', 'a;b', 'ä'])(
    'a request id %j is replaced',
    async (id) => {
      const response = await fetch(`${served.origin}/health`, { headers: { 'x-request-id': id } });
      expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    },
  );

  test('bytes that are no HTTP are answered in JSON, with an id', async () => {
    const answer = await raw(['this is not HTTP']);
    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect(answer).toMatch(/X-Request-ID: [0-9a-f-]{36}\r\n/);
    expect(answer).toContain('"code":"BAD_REQUEST"');
  });
});

describe('health', () => {
  const others: Served[] = [];
  afterEach(async () => {
    for (const other of others.splice(0)) await other.transport.close();
  });
  const get = async (from: Served, path: string) => {
    const response = await fetch(from.origin + path, { headers: { host: '10.1.2.3' } });
    return [response.status, await response.json()];
  };

  test('is ok, live and ready when serving', async () => {
    expect(await get(served, '/health')).toEqual([200, { status: 'ok', service: 'mcp-server' }]);
    expect(await get(served, '/health/live')).toEqual([200, { status: 'ok' }]);
    expect(await get(served, '/health/ready')).toEqual([200, { status: 'ready' }]);
  });

  test('while starting it lives, is not ready, and /mcp says to come back', async () => {
    const readiness = createReadiness({ ping: async () => {} });
    const starting = await serve({ readiness });
    others.push(starting);
    readiness.starting('seeding 40 %');
    expect(await get(starting, '/health/live')).toEqual([200, { status: 'ok' }]);
    expect(await get(starting, '/health/ready')).toEqual([
      503,
      { status: 'unavailable', reason: 'seeding 40 %' },
    ]);
    const response = await starting.post(LIST, { 'x-request-id': 'early' });
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('2');
    expect(await response.json()).toEqual({
      jsonrpc: '2.0',
      id: null,
      error: {
        code: -32000,
        message: 'Aisle is not ready: seeding 40 %. Try again in a moment.',
        data: { code: 'UNAVAILABLE', request_id: 'early' },
      },
    });
    readiness.serving();
    expect((await starting.post(LIST)).status).toBe(200);
  });

  test('without a database it is not ready, but serves what needs none', async () => {
    const ping = async () => {
      throw new UnavailableError('The database is out of reach.', { cause: 'password=hunter2' });
    };
    const readiness = createReadiness({ ping });
    const cut = await serve({ readiness });
    others.push(cut);
    readiness.serving();
    expect(await get(cut, '/health/ready')).toEqual([
      503,
      { status: 'unavailable', reason: 'The database is out of reach.' },
    ]);
    expect((await cut.post(LIST)).status).toBe(200);
  });
});

test.each([
  ['chat-42', 'chat-42'],
  ['two words', undefined],
  ['x'.repeat(65), undefined],
])('the client session id %j is logged as %j', async (given, logged) => {
  const served = await serve();
  const body = {
    jsonrpc: '2.0',
    id: 1,
    method: 'tools/call',
    params: { name: 'echo', arguments: { message: 'a' } },
  };
  await (await served.post(body, { 'x-claude-session-id': given })).text();
  await served.transport.close();
  const line = served.logged.find(({ message }) => message === 'tool_call');
  expect(line?.claude_session_id).toBe(logged);
  expect(line?.subject_name).toBe('seattle');
});
