/** Cancelling and draining: what is in flight when a client or the server goes. No sleeps: everything waits for events. */
import { once } from 'node:events';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type Served, serve } from '../../test/harness/served.ts';

const started: Served[] = [];
afterEach(async () => {
  for (const served of started.splice(0)) await served.transport.close();
});

async function start(...options: Parameters<typeof serve>): Promise<Served> {
  const served = await serve(...options);
  started.push(served);
  return served;
}

const ENVELOPE = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'test', version: '0' },
  'io.modelcontextprotocol/clientCapabilities': {},
};

/** One call of a tool as each era sends it. */
function call(name: string, era: string, args: object = {}): [body: object, headers: Record<string, string>] {
  const params = { name, arguments: args };
  const message = { jsonrpc: '2.0', id: 7, method: 'tools/call' };
  if (era === '2025-11-25') return [{ ...message, params }, { 'mcp-protocol-version': era }];
  return [
    { ...message, params: { ...params, _meta: ENVELOPE } },
    { 'mcp-protocol-version': era, 'mcp-method': 'tools/call', 'mcp-name': name },
  ];
}

/** The JSON-RPC message of a response, as a body or as the only event of a stream. */
async function message(response: Response): Promise<Record<string, Record<string, unknown>>> {
  const text = await response.text();
  return JSON.parse(/^data: (\{.*)$/m.exec(text)?.[1] ?? text);
}

describe.each(['2025-11-25', '2026-07-28'])('%s', (era) => {
  test('a client that goes away aborts the signal that reaches the tool', async () => {
    const served = await start();
    const controller = new AbortController();
    const [body, headers] = call('wait', era);
    const answer = fetch(served.url, {
      method: 'POST',
      signal: controller.signal,
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        'x-rls-user-id': '0190a000-0000-7000-8000-000000000001',
        ...headers,
      },
      body: JSON.stringify(body),
    }).then((response) => response.text());
    const waiting = await served.fake.nextWaiting();
    expect(waiting.context.signal.aborted).toBe(false);
    const aborted = once(waiting.context.signal, 'abort');
    controller.abort();
    await expect(answer).rejects.toThrow();
    await aborted;
    waiting.finish();
  });

  test('draining: the call in flight is answered, new ones are refused, then the port is closed', async () => {
    const served = await start();
    const inFlight = served.post(...call('wait', era));
    const waiting = await served.fake.nextWaiting();

    const closed = served.transport.close();
    const ready = await fetch(`${served.origin}/health/ready`);
    expect(await ready.json()).toEqual({ status: 'unavailable', reason: 'shutting down' });
    const refused = await served.post(...call('echo', era, { message: 'late' }));
    expect(refused.status).toBe(503);
    expect(waiting.context.signal.aborted).toBe(false);

    waiting.finish();
    expect(await message(await inFlight)).toMatchObject({
      id: 7,
      result: { structuredContent: { finished: true } },
    });
    await closed;
    await expect(fetch(`${served.origin}/health`)).rejects.toThrow();
  });

  test('a call that outlasts the drain is stopped and told why', async () => {
    const served = await start({ drainMs: 1 });
    const inFlight = served.post(...call('wait', era));
    const waiting = await served.fake.nextWaiting();
    const closed = served.transport.close();
    const { result } = await message(await inFlight);
    expect(JSON.stringify(result)).toContain('Aisle is shutting down and stopped this call.');
    expect(waiting.context.signal.aborted).toBe(true);
    await closed;
    waiting.finish();
  });
});

test('closing twice is closing once', async () => {
  const served = await start();
  expect(served.transport.close()).toBe(served.transport.close());
});

test('a port that is taken is said to be', async () => {
  const { origin } = await start();
  const port = Number(new URL(origin).port);
  await expect(serve({ port })).rejects.toThrow(
    `Cannot listen on 127.0.0.1 port ${port}: another process does already. Choose another with HOST or PORT.`,
  );
});

test('a tool that ignores its signal is answered for when its time is up, and holds its slot until it ends', async () => {
  const served = await start({}, { maxConcurrent: 1, maxQueued: 1 });
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const overrun = served.post(...call('wait', '2026-07-28'));
  const waiting = await served.fake.nextWaiting();
  vi.advanceTimersByTime(20_000);
  vi.useRealTimers();
  expect(JSON.stringify(await message(await overrun))).toContain('wait exceeded 20s timeout');

  const queued = served.post(...call('echo', '2026-07-28', { message: 'queued' }));
  await vi.waitFor(async () => {
    const full = await message(await served.post(...call('echo', '2026-07-28', { message: 'full' })));
    expect(JSON.stringify(full)).toContain('Busy: too many of your calls are waiting.');
  });
  waiting.finish();
  expect(await message(await queued)).toMatchObject({ result: { structuredContent: { message: 'queued' } } });
});

test('a request has a time of its own, which no tool outlasts', async () => {
  const served = await start({ requestTimeoutMs: 5000 });
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const overrun = served.post(...call('wait', '2026-07-28'));
  const waiting = await served.fake.nextWaiting();
  vi.advanceTimersByTime(5000);
  vi.useRealTimers();
  const { result } = await message(await overrun);
  expect(JSON.stringify(result)).toContain('The request exceeded 5s timeout');
  expect(JSON.stringify(result)).toContain('TIMEOUT');
  expect(waiting.context.signal.aborted).toBe(true);
  waiting.finish();
});
