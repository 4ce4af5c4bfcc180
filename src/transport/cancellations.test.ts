/** `notifications/cancelled` of 2025-11-25 over HTTP: it comes as a request of its own, and must end the right call. */
import { once } from 'node:events';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { HEAD_OFFICE, SEATTLE, type Served, serve } from '../../test/harness/served.ts';

let served: Served;
beforeEach(async () => {
  served = await serve();
});
afterEach(() => served.transport.close());

const INITIALIZE = {
  jsonrpc: '2.0',
  id: 0,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '0' } },
};
const WAIT = { jsonrpc: '2.0', id: 7, method: 'tools/call', params: { name: 'wait', arguments: {} } };
const CANCEL = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 7 } };

async function newSession(): Promise<string> {
  const response = await served.post(INITIALIZE);
  await response.text();
  return response.headers.get('mcp-session-id') ?? expect.fail('no session id');
}

test("cancelling with the SDK's client aborts the signal that reaches the tool", async () => {
  const client = new Client({ name: 'test', version: '0' }, { versionNegotiation: { mode: 'legacy' } });
  const headers = { 'x-rls-user-id': SEATTLE };
  await client.connect(new StreamableHTTPClientTransport(new URL(served.url), { requestInit: { headers } }));
  const abort = new AbortController();
  const call = client.callTool({ name: 'wait', arguments: {} }, { signal: abort.signal });
  const { context, finish } = await served.fake.nextWaiting();
  const aborted = once(context.signal, 'abort');
  abort.abort();
  await expect(call).rejects.toThrow();
  await aborted;
  finish();
  await client.close();
});

test.each<
  [string, (session: string, other: string) => Promise<[body: object, headers: Record<string, string>]>]
>([
  ['of another session', async (_, other) => [CANCEL, { 'mcp-session-id': other }]],
  ['of no session', async () => [CANCEL, {}]],
  [
    'of another subject',
    async (session) => [CANCEL, { 'mcp-session-id': session, 'x-rls-user-id': HEAD_OFFICE }],
  ],
  [
    'of another id',
    async (session) => [{ ...CANCEL, params: { requestId: '7' } }, { 'mcp-session-id': session }],
  ],
])('a cancellation %s ends nothing', async (_, make) => {
  const session = await newSession();
  const answer = served.post(WAIT, { 'mcp-session-id': session }).then((response) => response.text());
  const { context, finish } = await served.fake.nextWaiting();
  const response = await served.post(...(await make(session, await newSession())));
  expect(response.status).toBe(202);
  expect(context.signal.aborted).toBe(false);
  finish();
  expect(await answer).toContain('"finished":true');
});

test('sessions are of different names, and a cancelled call is not answered', async () => {
  const session = await newSession();
  expect(await newSession()).not.toBe(session);
  const answer = served.post(WAIT, { 'mcp-session-id': session }).then((response) => response.text());
  const { context, finish } = await served.fake.nextWaiting();
  await served.post(CANCEL, { 'mcp-session-id': session });
  expect(context.signal.aborted).toBe(true);
  expect(await answer).toBe('');
  finish();
});
