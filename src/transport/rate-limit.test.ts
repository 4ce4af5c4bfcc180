/** Closes: callers and addresses that ask without end, pay for each other, or choose the address that they are counted under. */
import { Client, SdkHttpError, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { HEAD_OFFICE, SEATTLE, type Served, serve } from '../../test/harness/served.ts';
import type { SecurityEvent } from '../kernel/audit.ts';
import type { Module } from '../kernel/module.ts';
import { defineTool, READ_ONLY } from '../kernel/tool.ts';
import { createRateLimiter } from '../resilience/rate-limiter.ts';
import { RefusalReport } from '../resilience/refusal-report.ts';
import { silentLogger } from '../telemetry/logger.ts';

const MODERN = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'test', version: '0' },
  'io.modelcontextprotocol/clientCapabilities': {},
};
const DEAR: Module = {
  name: 'dear',
  resources: [],
  tools: [
    defineTool({
      ...{ name: 'dear', title: 'Dear', description: 'Costs five.', cost: 5, annotations: READ_ONLY },
      ...{ input: z.strictObject({}), output: z.object({}), permission: 'read:analytics' },
      run: async () => ({ structured: {}, text: '' }),
    }),
  ],
};
const ECHO = { name: 'echo', arguments: { message: 'x' } };

let served: Served;
const events: SecurityEvent[] = [];
afterEach(async () => {
  events.length = 0;
  await served.transport.close();
});

const report = () => new RefusalReport({ record: async (event) => void events.push(event) }, silentLogger);
/** Counts messages as they come, and what calls cost beyond that in the pipeline, as the server does. */
const serveCallers = (limit: number, endpoint: Partial<Parameters<typeof serve>[2]> = {}) => {
  const limiter = createRateLimiter({ name: 'caller', limit, periodSeconds: 60 });
  const rateLimits = { limiter, report: report() };
  return serve({}, { rateLimits }, { callerRate: rateLimits, ...endpoint }, { modules: [DEAR] });
};
const addresses = (limit: number) => ({
  limiter: createRateLimiter({ name: 'address', limit, periodSeconds: 60 }),
  report: report(),
});

function call(era: string, headers: Record<string, string> = {}) {
  const message = { jsonrpc: '2.0', id: 7, method: 'tools/call' };
  if (era === '2025-11-25')
    return served.post({ ...message, params: ECHO }, { 'mcp-protocol-version': era, ...headers });
  const modern = { 'mcp-protocol-version': era, 'mcp-method': 'tools/call', 'mcp-name': 'echo' };
  return served.post({ ...message, params: { ...ECHO, _meta: MODERN } }, { ...modern, ...headers });
}

describe.each(['2025-11-25', '2026-07-28'])('a caller of %s', (era) => {
  test('is told what is left, then 429 with how long to wait, as a header and in the answer to its id', async () => {
    served = await serveCallers(2);
    for (const left of [1, 0]) {
      const answer = await call(era);
      expect(answer.status).toBe(200);
      expect(answer.headers.get('ratelimit-policy')).toBe('"caller";q=2;w=60');
      expect(answer.headers.get('ratelimit')).toMatch(new RegExp(`^"caller";r=${left};t=(60|59)$`));
      expect(answer.headers.has('retry-after')).toBe(false);
      await answer.text();
    }
    const refused = await call(era, { 'x-request-id': 'often' });
    expect(refused.status).toBe(429);
    expect(refused.headers.get('content-type')).toContain('application/json');
    expect(refused.headers.get('ratelimit')).toMatch(/^"caller";r=0;t=(60|59)$/);
    const seconds = Number(refused.headers.get('retry-after'));
    expect([59, 60]).toContain(seconds);
    expect(await refused.json()).toEqual({
      jsonrpc: '2.0',
      id: 7,
      error: {
        code: -32000,
        message: `Too many calls: you may make 2 in 60 s, of which expensive tools count as several. Try again in ${seconds} s.`,
        data: { code: 'RATE_LIMITED', data: { retry_after_seconds: seconds }, request_id: 'often' },
      },
    });
  });

  test('never pays for another', async () => {
    served = await serveCallers(1);
    expect((await call(era)).status).toBe(200);
    expect((await call(era)).status).toBe(429);
    expect((await call(era, { 'x-rls-user-id': HEAD_OFFICE })).status).toBe(200);
  });
});

test('refusals reach the security log once, with who, what and from where', async () => {
  served = await serveCallers(1);
  for (let n = 0; n < 4; n += 1) await call('2025-11-25', { 'x-request-id': `n${n}`, 'user-agent': 'test' });
  expect(events).toEqual([
    {
      type: 'rate_limited',
      success: false,
      severity: 'WARNING',
      action: 'request',
      reason: 'more calls than the caller may make',
      subject: SEATTLE,
      name: 'seattle',
      requestId: 'n1',
      origin: { ip: '127.0.0.1', userAgent: 'test' },
    },
  ]);
});

describe('what is no call', () => {
  const list = { jsonrpc: '2.0', id: 1, method: 'tools/list' };
  const cancel = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 99 } };
  const left = (answer: Response) => /;r=(\d+);/.exec(answer.headers.get('ratelimit') ?? '')?.[1];

  test('is counted with the calls: who changes addresses is bounded all the same', async () => {
    served = await serveCallers(3);
    expect(left(await served.post(list))).toBe('2');
    expect(left(await call('2025-11-25'))).toBe('1');
    expect(left(await served.post({ jsonrpc: '2.0', id: 1, method: 'ping' }))).toBe('0');
    const refused = await served.post(list, { 'x-request-id': 'lists' });
    expect([refused.status, refused.headers.get('ratelimit-policy')]).toEqual([429, '"caller";q=3;w=60']);
    expect([59, 60]).toContain(Number(refused.headers.get('retry-after')));
    expect(await refused.json()).toMatchObject({ id: 1, error: { data: { code: 'RATE_LIMITED' } } });
    expect(events).toMatchObject([{ action: 'request', subject: SEATTLE, requestId: 'lists' }]);
    expect((await served.post(list, { 'x-rls-user-id': HEAD_OFFICE })).status).toBe(200);
  });

  test('but to cancel is not, nor refused: what runs can be stopped by whoever is over the limit', async () => {
    served = await serveCallers(1);
    expect((await served.post(list)).status).toBe(200);
    expect((await served.post(cancel)).status).toBe(202);
    expect((await served.post(list)).status).toBe(429);
    expect((await served.post(cancel)).status).toBe(202);
  });

  test.each([
    ['tools/call', { name: 'nothing', arguments: {} }],
    ['resources/read', { uri: 'fake://nothing' }],
    [
      'completion/complete',
      { ref: { type: 'ref/resource', uri: 'fake://nothing' }, argument: { name: 'x', value: '' } },
    ],
  ])('%s of what there is not is counted', async (method, params) => {
    served = await serveCallers(1);
    const missed = { jsonrpc: '2.0', id: 1, method, params };
    expect(left(await served.post(missed))).toBe('0');
    expect((await served.post(missed)).status).toBe(429);
  });

  const uncalled = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: ECHO };
  test.each<[string, number, object, Record<string, string>]>([
    ['without params', 200, { ...uncalled, params: undefined }, {}],
    ['that names nothing', 200, { ...uncalled, params: {} }, {}],
    ['that names a number', 200, { ...uncalled, params: { name: 7 } }, {}],
    ['as a notification', 202, { ...uncalled, id: undefined }, {}],
    ['of another JSON-RPC', 400, { ...uncalled, jsonrpc: '1.0' }, {}],
    ['whose answer nobody would take', 406, uncalled, { accept: 'text/plain' }],
    ['of a version that there is not', 400, uncalled, { 'mcp-protocol-version': '1999-01-01' }],
    ['of a session that there is not', 404, uncalled, { 'mcp-session-id': 'none' }],
    ['to complete nothing', 200, { ...uncalled, method: 'completion/complete', params: {} }, {}],
    ['to cancel, as a request', 200, { ...uncalled, method: 'notifications/cancelled', params: {} }, {}],
  ])('a call that reaches no tool is counted: %s', async (_, status, message, headers) => {
    served = await serveCallers(1, { sessions: { max: 2, idleMs: 60_000 } });
    const answer = await served.post(message, headers);
    expect([answer.status, left(answer)]).toEqual([status, '0']);
    expect((await served.post(message, headers)).status).toBe(429);
  });

  test.each([
    ['one too many', 4],
    ['more than any window has', 40],
  ])('of a batch each message is counted for the caller: %s', async (_, size) => {
    served = await serveCallers(3);
    const batch = (count: number) => Array.from({ length: count }, (__, id) => ({ ...list, id }));
    const version = { 'mcp-protocol-version': '2025-03-26' };
    expect((await served.post(batch(size), version)).status).toBe(429);
  });

  test.each([
    [3, [200, 429]],
    [4, [429, 429]],
    [40, [429, 429]],
  ])('of a batch of %i each message is counted for the address, whatever it is', async (size, statuses) => {
    served = await serve({}, {}, { addressLimits: addresses(3) });
    const batch = Array.from({ length: size }, (_, id) => ({ ...list, id }));
    const version = { 'mcp-protocol-version': '2025-03-26' };
    const first = await served.post(batch, version);
    expect([first.status, (await served.post(list)).status]).toEqual(statuses);
    if (first.status === 429) expect(first.headers.get('ratelimit-policy')).toBe('"address";q=3;w=60');
  });
});

describe('a call that costs more than its message', () => {
  const dear = (id: number) => ({ jsonrpc: '2.0', id, method: 'tools/call', params: { name: 'dear' } });

  test.each([
    ['takes its cost and no more', 11, ['6', '1']],
    ['can be had where it costs more than there can be', 3, ['0']],
  ])('%s', async (_, limit, left) => {
    served = await serveCallers(limit);
    for (const points of left) {
      const answer = await served.post(dear(1));
      expect(answer.status).toBe(200);
      expect(answer.headers.get('ratelimit')).toMatch(new RegExp(`^"caller";r=${points};`));
    }
    expect((await served.post(dear(1))).status).toBe(429);
  });

  test('has its own answer in a batch, so the status stays 200 and the header says when to try again', async () => {
    served = await serveCallers(7);
    const answer = await served.post([dear(1), dear(2)], { 'mcp-protocol-version': '2025-03-26' });
    expect(answer.status).toBe(200);
    expect([59, 60]).toContain(Number(answer.headers.get('retry-after')));
    expect(answer.headers.get('ratelimit')).toMatch(/^"caller";r=0;/);
    const text = await answer.text();
    expect(text.match(/"isError":true/g)).toHaveLength(1);
    expect(text).toContain('RATE_LIMITED');
    expect(events).toMatchObject([{ action: 'call', resourceType: 'tool', resourceId: 'dear' }]);
  });
});

test("the SDK's client sees the status and the seconds", async () => {
  served = await serveCallers(20);
  const client = new Client({ name: 'test', version: '0' });
  await client.connect(
    new StreamableHTTPClientTransport(new URL(served.url), {
      requestInit: { headers: { 'x-rls-user-id': SEATTLE } },
    }),
  );
  for (let n = 0; n < 20; n += 1) await served.post({ jsonrpc: '2.0', id: n, method: 'ping' });
  const error = await client.callTool(ECHO).catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(SdkHttpError);
  expect((error as SdkHttpError).status).toBe(429);
  expect((error as SdkHttpError).message).toMatch(/Try again in (60|59) s\./);
  await client.close();
});

describe('an address', () => {
  const unknown = (headers: Record<string, string> = {}) =>
    call('2025-11-25', { 'x-rls-user-id': '0190a000-0000-7000-8000-00000000ffff', ...headers });

  test('is counted before anybody looks at who calls: guessing ends in 429', async () => {
    served = await serve({}, {}, { addressLimits: addresses(2) });
    expect([(await unknown()).status, (await unknown()).status]).toEqual([401, 401]);
    const refused = await call('2025-11-25', { 'x-request-id': 'flood' });
    expect(refused.status).toBe(429);
    const seconds = Number(refused.headers.get('retry-after'));
    expect([59, 60]).toContain(seconds);
    expect(refused.headers.get('ratelimit-policy')).toBe('"address";q=2;w=60');
    expect(refused.headers.get('ratelimit')).toMatch(/^"address";r=0;t=(60|59)$/);
    expect(await refused.json()).toEqual({
      jsonrpc: '2.0',
      id: null,
      error: {
        code: -32000,
        message: `Too many requests from this address: 2 in 60 s are allowed. Try again in ${seconds} s.`,
        data: { code: 'RATE_LIMITED', data: { retry_after_seconds: seconds }, request_id: 'flood' },
      },
    });
    expect(events).toMatchObject([
      { type: 'rate_limited', action: 'request', requestId: 'flood', origin: { ip: '127.0.0.1' } },
    ]);
  });

  test('gains nothing by a batch whose body comes when a new window has begun', async () => {
    const fresh = () => createRateLimiter({ name: 'address', limit: 3, periodSeconds: 60 });
    const limiter = { ...fresh(), consume: (key: string, points?: number) => fresh().consume(key, points) };
    served = await serve({}, {}, { addressLimits: { limiter } });
    const batch = (size: number) =>
      served.post(
        Array.from({ length: size }, (_, id) => ({ jsonrpc: '2.0', id, method: 'ping' })),
        { 'mcp-protocol-version': '2025-03-26' },
      );
    expect([(await batch(4)).status, (await batch(5)).status]).toEqual([200, 429]);
  });

  test('does not read from the headers how much others behind it do', async () => {
    served = await serveCallers(9, { addressLimits: addresses(9) });
    expect((await call('2025-11-25')).headers.get('ratelimit-policy')).toBe('"caller";q=9;w=60');
  });

  test('probes are answered all the same', async () => {
    served = await serve({}, {}, { addressLimits: addresses(1) });
    await call('2025-11-25');
    expect((await call('2025-11-25')).status).toBe(429);
    expect((await fetch(`${served.origin}/health/live`)).status).toBe(200);
  });

  test.each([
    ['nobody is trusted: X-Forwarded-For changes nothing', [], '203.0.113.1', '203.0.113.2', 429],
    ['the proxy is trusted: clients are told apart', ['127.0.0.1'], '203.0.113.1', '203.0.113.2', 200],
    ['as a network', ['127.0.0.0/8'], '203.0.113.1', '203.0.113.2', 200],
    ['another proxy is trusted', ['10.0.0.0/8'], '203.0.113.1', '203.0.113.2', 429],
    [
      'what a client puts in front is not believed',
      ['127.0.0.1'],
      '1.1.1.1, 203.0.113.1',
      '2.2.2.2, 203.0.113.1',
      429,
    ],
    ['a network of IPv6 is one client', ['127.0.0.1'], '2001:db8::1', '2001:db8::2', 429],
    ['what is no address is one client', ['127.0.0.1'], 'x', 'y', 429],
  ])('%s', async (_, trustedProxies, first, second, status) => {
    served = await serve({ trustedProxies }, {}, { addressLimits: addresses(1) });
    expect((await call('2025-11-25', { 'x-forwarded-for': first })).status).toBe(200);
    expect((await call('2025-11-25', { 'x-forwarded-for': second })).status).toBe(status);
  });
});
