/** Closes: pages of strange origins that read answers; and what kept pages of allowed ones from reading theirs. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SEATTLE, type Served, serve } from '../../test/harness/served.ts';

const CONSOLE = 'https://console.example';
const LIST = { jsonrpc: '2.0', id: 1, method: 'tools/list' };
const EXPOSED = 'Mcp-Session-Id, WWW-Authenticate, Retry-After, RateLimit, RateLimit-Policy, X-Request-ID';

let served: Served;
beforeAll(async () => {
  served = await serve({ allowedOrigins: [CONSOLE] });
});
afterAll(() => served.transport.close());

const corsOf = ({ headers }: Response) =>
  Object.fromEntries([...headers].filter(([name]) => name.startsWith('access-control-')));
const preflight = (origin: string | undefined, path = '/mcp') =>
  fetch(served.origin + path, {
    method: 'OPTIONS',
    headers: {
      ...(origin !== undefined && { origin }),
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type,mcp-protocol-version',
    },
  });

describe('an allowed origin', () => {
  // On loopback, pages of this machine are allowed too: MCP Inspector is one.
  test.each([CONSOLE, 'http://localhost:6274'])(
    '%s: a preflight says what its pages may do',
    async (origin) => {
      const answer = await preflight(origin);
      expect(answer.status).toBe(204);
      expect(corsOf(answer)).toEqual({
        'access-control-allow-origin': origin,
        'access-control-allow-methods': 'GET, POST, DELETE',
        'access-control-allow-headers': 'authorization,content-type,mcp-protocol-version',
        'access-control-expose-headers': EXPOSED,
        'access-control-max-age': '600',
      });
      expect(answer.headers.get('vary')).toContain('Origin');
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    },
  );

  test.each([
    ['an answer', LIST, { 'x-rls-user-id': SEATTLE }, 200],
    ['a refusal', LIST, { 'x-rls-user-id': '' }, 401],
    ['a body that is no JSON', '{', {}, 400],
  ])('its pages may read %s', async (_, body, headers, status) => {
    const answer = await served.post(body, { ...headers, origin: CONSOLE });
    expect(answer.status).toBe(status);
    expect(corsOf(answer)).toEqual({
      'access-control-allow-origin': CONSOLE,
      'access-control-expose-headers': EXPOSED,
    });
    await answer.text();
  });
});

describe('any other origin', () => {
  test.each([
    'https://evil.example',
    'https://console.example.evil.example',
    'http://console.example',
    'https://console.example:444',
    'null',
    '*',
  ])('%s gets no CORS header, and no preflight', async (origin) => {
    const answer = await preflight(origin);
    expect([answer.status, corsOf(answer)]).toEqual([405, {}]);
    const refused = await served.post(LIST, { origin });
    expect([refused.status, corsOf(refused)]).toEqual([403, {}]);
  });

  test('without an origin nothing is said, and OPTIONS is a method like others', async () => {
    const answer = await preflight(undefined);
    expect([answer.status, answer.headers.get('allow'), corsOf(answer)]).toEqual([
      405,
      'GET, DELETE, POST',
      {},
    ]);
    expect((await preflight(undefined, '/nowhere')).status).toBe(404);
    const served200 = await served.post(LIST);
    expect([served200.status, corsOf(served200)]).toEqual([200, {}]);
  });
});
