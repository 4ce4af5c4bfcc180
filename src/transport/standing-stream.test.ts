/** Who is offered to be told of changes can be told of them; for whom nobody can tell now, nothing is looked at. */
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type FakeWatches, fakeWatches } from '../../test/harness/fake-watches.ts';
import { HEAD_OFFICE, SEATTLE, type Served, serve } from '../../test/harness/served.ts';
import type { SessionLimits } from './sessions.ts';

const THINGS = 'fake://things';
const IN_SESSIONS: SessionLimits = { max: 4, idleMs: 60_000 };

let watches: FakeWatches;
let served: Served;
beforeEach(() => {
  watches = fakeWatches();
});
afterEach(() => served.transport.close());

async function start(sessions: SessionLimits): Promise<void> {
  served = await serve({}, {}, { sessions }, { watches });
}

describe('offered to be told', () => {
  async function offered(version: '2025-11-25' | '2026-07-28'): Promise<unknown> {
    const mode = version === '2025-11-25' ? 'legacy' : { pin: version };
    const client = new Client({ name: 'test', version: '0' }, { versionNegotiation: { mode } });
    const headers = { 'x-rls-user-id': SEATTLE };
    await client.connect(
      new StreamableHTTPClientTransport(new URL(served.url), { requestInit: { headers } }),
    );
    const offered = client.getServerCapabilities()?.resources;
    await client.close();
    return offered;
  }

  test.each([
    ['in a session of 2025-11-25', '2025-11-25', 4, { subscribe: true }],
    ['without sessions not in 2025-11-25', '2025-11-25', 0, {}],
    ['with sessions in 2026-07-28', '2026-07-28', 4, { subscribe: true }],
    ['without sessions in 2026-07-28', '2026-07-28', 0, { subscribe: true }],
  ] as const)('%s', async (_, version, max, expected) => {
    await start({ ...IN_SESSIONS, max });
    expect(await offered(version)).toEqual(expected);
  });

  test('nobody of 2025-11-25 for whom no session is left', async () => {
    await start({ ...IN_SESSIONS, max: 1 });
    await open({ 'x-rls-user-id': HEAD_OFFICE });
    expect(await offered('2025-11-25')).toEqual({});
  });

  test('what is not offered is refused, and not watched', async () => {
    await start({ ...IN_SESSIONS, max: 0 });
    const response = await served.post(SUBSCRIBE, { 'mcp-protocol-version': '2025-11-25' });
    expect(await response.text()).toContain('"code":-32601');
    expect(watches.watching.size).toBe(0);
  });

  test('still, who listens without sessions is told', async () => {
    await start({ ...IN_SESSIONS, max: 0 });
    const client = new Client(
      { name: 'test', version: '0' },
      { versionNegotiation: { mode: { pin: '2026-07-28' } } },
    );
    const { promise: told, resolve } = Promise.withResolvers<string>();
    client.setNotificationHandler('notifications/resources/updated', ({ params }) => resolve(params.uri));
    const headers = { 'x-rls-user-id': SEATTLE };
    await client.connect(
      new StreamableHTTPClientTransport(new URL(served.url), { requestInit: { headers } }),
    );
    await client.listen({ resourceSubscriptions: [THINGS] });
    const [watcher] = watches.watching;
    expect(watcher?.isHeard()).toBe(true);
    watcher?.tell();
    expect(await told).toBe(THINGS);
    await client.close();
  });
});

const INITIALIZE = {
  ...{ jsonrpc: '2.0', id: 0, method: 'initialize' },
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '0' } },
};
const SUBSCRIBE = { jsonrpc: '2.0', id: 1, method: 'resources/subscribe', params: { uri: THINGS } };
const PING = { jsonrpc: '2.0', id: 2, method: 'ping' };

async function open(headers: Record<string, string> = {}): Promise<Record<string, string>> {
  const response = await served.post(INITIALIZE, headers);
  await response.text();
  const id = response.headers.get('mcp-session-id') ?? 'none';
  return { 'mcp-session-id': id, 'mcp-protocol-version': '2025-11-25' };
}

/** A stream that a GET opened; `read` gives what came until something says `text`. */
async function stream(session: Record<string, string>, lastEventId?: string) {
  const client = new AbortController();
  const response = await fetch(served.url, {
    headers: {
      ...{ ...session, accept: 'text/event-stream', 'x-rls-user-id': SEATTLE },
      ...(lastEventId !== undefined && { 'last-event-id': lastEventId }),
    },
    signal: client.signal,
  });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  return {
    close: () => client.abort(),
    async read(text: string): Promise<string> {
      let came = '';
      while (!came.includes(text)) {
        const { value, done } = (await reader?.read()) ?? { done: true };
        if (done) return expect.fail(`The stream ended without ${text}: ${came}`);
        came += value;
      }
      return came;
    },
  };
}

describe('a session', () => {
  let session: Record<string, string>;
  beforeEach(async () => {
    await start(IN_SESSIONS);
    session = await open();
    await (await served.post(SUBSCRIBE, session)).text();
  });
  const isHeard = () => [...watches.watching].map((watcher) => watcher.isHeard());

  test('hears while its stream is open, and what it may have missed is looked at each time that it opens', async () => {
    expect([isHeard(), watches.looks]).toEqual([[false], 0]);
    const first = await stream(session);
    expect([isHeard(), watches.looks]).toEqual([[true], 1]);
    first.close();
    await expect.poll(isHeard).toEqual([false]);
    expect(watches.looks).toBe(1);
    const second = await stream(session);
    expect([isHeard(), watches.looks]).toEqual([[true], 2]);
    for (const watcher of watches.watching) watcher.tell();
    expect(await second.read('resources/updated')).toContain(`"uri":"${THINGS}"`);
    second.close();
  });

  test('goes on after the event that its client names, and hears what is new', async () => {
    const [watcher] = watches.watching;
    const first = await stream(session);
    watcher?.tell();
    const [, id = ''] = /^id: (\S+)$/m.exec(await first.read('resources/updated')) ?? [];
    watcher?.tell(); // on its way, when the connection breaks
    first.close();
    await expect.poll(isHeard).toEqual([false]);
    const second = await stream(session, id);
    expect([isHeard(), watches.looks]).toEqual([[true], 2]);
    await second.read('resources/updated');
    watcher?.tell();
    await second.read('resources/updated');
    second.close();
  });

  test('does not hear on the stream of an answer that is come back for, nor on one that is refused', async () => {
    const answer = await (await served.post(PING, session)).text();
    const [, id = ''] = /^id: (\S+)$/m.exec(answer) ?? [];
    const back = await stream(session, id);
    expect(await back.read('"result":{}')).toContain('"id":2');
    expect([isHeard(), watches.looks]).toEqual([[false], 0]);
    const first = await stream(session);
    const second = await stream(session);
    expect(await second.read('Only one SSE stream')).toContain('-32000');
    expect([isHeard(), watches.looks]).toEqual([[true], 1]);
    first.close();
    await expect.poll(isHeard).toEqual([false]);
  });
});
