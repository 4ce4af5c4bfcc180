/** Closes: a request that means one thing here and another to the SDK, or that is served here though the SDK would refuse it. */
import { createMcpHandler, Server } from '@modelcontextprotocol/server';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CORPUS } from '../../test/harness/mcp-corpus.ts';
import { createOrdinaryRequest } from './ordinary-request.ts';

type Members = Record<string, unknown>;

const ordinaryRequest = createOrdinaryRequest();
const BASE = { accept: 'application/json, text/event-stream', 'content-type': 'application/json' };
const META = 'io.modelcontextprotocol/';

const TEXTS = [
  ...[
    'tools/list',
    'tools/call',
    'echo',
    'other',
    '2.0',
    '',
    'x'.repeat(129),
    '__proto__',
    '=?base64?ZWNobw==?=',
  ],
  ...[
    '2026-07-28',
    '2025-11-25',
    '2025-03-26',
    '2099-01-01',
    'application/json',
    'text/event-stream',
    '*/*',
    ' echo ',
  ],
];
const PATHS = [
  ...[
    'id',
    'jsonrpc',
    'method',
    'params',
    'extra',
    'params.name',
    'params.arguments',
    'params.arguments.x',
    'params.cursor',
  ],
  ...['params._meta', 'params.task', 'params.requestState', 'params.inputResponses', 'params.__proto__'],
  ...[
    'params._meta.progressToken',
    'params._meta.traceparent',
    'params._meta.tracestate',
    'params._meta.other',
  ],
  ...['protocolVersion', 'clientInfo', 'clientCapabilities', 'logLevel'].map(
    (key) => `params._meta.${META}${key}`,
  ),
];
const HEADERS = [
  'accept',
  'content-type',
  'mcp-protocol-version',
  'mcp-method',
  'mcp-name',
  'mcp-session-id',
  'last-event-id',
];

const value = fc.oneof(
  fc.constantFrom<unknown>(
    ...TEXTS,
    null,
    true,
    0,
    -1,
    1.5,
    2 ** 53,
    [],
    {},
    [{}],
    { x: { y: null } },
    { name: 'a', version: 'b' },
  ),
  fc.jsonValue(),
);
const change = fc.oneof(
  fc.record({
    header: fc.constantFrom(...HEADERS),
    to: fc.option(fc.constantFrom(...TEXTS), { nil: undefined }),
  }),
  fc.record({ path: fc.constantFrom(...PATHS), to: fc.option(value, { nil: undefined }) }),
);
const received = fc
  .tuple(fc.constantFrom(...CORPUS), fc.array(change, { maxLength: 3 }))
  .map(([start, changes]) => {
    const headers: Record<string, string> = { ...BASE, ...start.headers };
    const body = JSON.parse(JSON.stringify(start.body));
    for (const each of changes) {
      if (!('header' in each)) put(body, each.path.split('.'), each.to);
      else if (each.to === undefined) delete headers[each.header];
      else headers[each.header] = each.to.trim();
    }
    return { method: 'POST', headers, body };
  });

/** Members of a key may contain dots only in the namespace of `_meta`, so the last steps are put together again. */
function put(target: unknown, [step = '', ...rest]: readonly string[], to: unknown): void {
  if (typeof target !== 'object' || target === null) return;
  const isLast = rest.length === 0 || step === 'io';
  const key = isLast ? [step, ...rest].join('.') : step;
  if (!isLast) put((target as Members)[key], rest, to);
  else if (to === undefined) delete (target as Members)[key];
  else
    Object.defineProperty(target, key, { value: to, enumerable: true, configurable: true, writable: true });
}

/** What a server of the SDK's is asked: each is answered with what its handler saw. */
const handler = createMcpHandler(() => {
  const server = new Server({ name: 'a', version: '1' }, { capabilities: { tools: {} } });
  const saw = (what: Members) => ({ content: [], structuredContent: { saw: what } });
  server.setRequestHandler('tools/call', async ({ params: { name, arguments: args } }, { mcpReq }) => {
    const era = mcpReq.envelope === undefined ? 'legacy' : 'modern';
    return saw({ era, id: mcpReq.id, method: 'tools/call', name, args });
  });
  server.setRequestHandler('tools/list', async (_, { mcpReq }) => {
    const era = mcpReq.envelope === undefined ? 'legacy' : 'modern';
    return { tools: [], ...saw({ era, id: mcpReq.id, method: 'tools/list' }) };
  });
  return server;
});

test('whatever is accepted the SDK accepts too, with the same meaning', async () => {
  let accepted = 0;
  await fc.assert(
    fc.asyncProperty(received, async (request) => {
      const understood = ordinaryRequest(request);
      if (understood === undefined) return;
      accepted += 1;
      const { method, headers, body } = request;
      const answer = await handler.fetch(new Request('http://localhost/mcp', { method, headers }), {
        parsedBody: body,
      });
      const text = await answer.text();
      const event = text.split('\n').find((line) => line.startsWith('data: '));
      const message = JSON.parse(event?.slice(6) ?? text);
      expect([answer.status, message]).toMatchObject([200, { id: understood.id, jsonrpc: '2.0' }]);
      const { traceparent: _, tracestate: __, ...asked } = understood;
      expect(message.result.structuredContent.saw).toEqual(JSON.parse(JSON.stringify(asked)));
      expect(answer.headers.get('content-type')).toBe(
        understood.era === 'modern' ? 'application/json' : 'text/event-stream',
      );
    }),
    { numRuns: 3000 },
  );
  expect(accepted).toBeGreaterThan(300);
}, 120_000);

test('envelopes that are too long, or not of a client, are for the SDK each time that they come', () => {
  const modern = CORPUS.filter(({ what }) => what.includes('_meta'));
  for (const { body, headers } of [...modern, ...modern])
    expect(ordinaryRequest({ method: 'POST', headers: { ...BASE, ...headers }, body })).toBeUndefined();
});

test('a client that says nothing of itself is not taken for one that says null', () => {
  const { headers, body } = ordinaryOf('no client info');
  expect(ordinaryRequest({ method: 'POST', headers, body })).toBeDefined();
  put(body, ['params', '_meta', `${META}clientInfo`], null);
  expect(ordinaryRequest({ method: 'POST', headers, body })).toBeUndefined();
});

test.each(['GET', 'DELETE', 'HEAD'])('%s is for the SDK', (method) => {
  const request = ordinaryOf('tools/list');
  expect(ordinaryRequest({ method: 'POST', ...request })).toBeDefined();
  expect(ordinaryRequest({ method, ...request })).toBeUndefined();
});

function ordinaryOf(part: string) {
  const found = CORPUS.find(({ what, ordinary }) => ordinary && what.includes(part));
  return { headers: { ...BASE, ...found?.headers }, body: JSON.parse(JSON.stringify(found?.body)) };
}
