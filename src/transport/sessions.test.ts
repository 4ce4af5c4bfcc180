/**
 * Threats: somebody who has learned another's session id; a session that outlives the rights or the credential it was opened
 * with; one caller that takes all the room.
 */
import { afterEach, expect, test } from 'vitest';
import { HEAD_OFFICE, SEATTLE, type Served, serve } from '../../test/harness/served.ts';
import type { Authenticator } from '../auth/authenticator.ts';
import { InvalidCredentialError } from '../kernel/errors.ts';
import type { Permission } from '../kernel/permission.ts';
import type { SessionLimits } from './sessions.ts';

let served: Served;
afterEach(() => served.transport.close());

const LIMITS: SessionLimits = { max: 8, idleMs: 60_000 };
const INITIALIZE = {
  ...{ jsonrpc: '2.0', id: 0, method: 'initialize' },
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '0' } },
};
const PING = { jsonrpc: '2.0', id: 1, method: 'ping' };
const WAIT = { jsonrpc: '2.0', id: 7, method: 'tools/call', params: { name: 'wait', arguments: {} } };
const GONE = 'There is no such session, or it is not yours. Initialize a new one.';

/** Who every caller is, as the test changes it; the header says the subject. */
interface Who {
  permissions: ReadonlySet<Permission>;
  client: string;
  store?: string;
  revoked: boolean;
}

async function start(limits: Partial<SessionLimits> = {}): Promise<Who> {
  const who: Who = { permissions: new Set(['read:analytics', 'read:orders']), client: 'app', revoked: false };
  const authenticator: Authenticator = {
    authenticate: async (headers) => {
      if (who.revoked) throw new InvalidCredentialError('Revoked.');
      const subject = String(headers['x-rls-user-id']);
      return { subject, name: subject, roles: [], method: 'token', ...who };
    },
  };
  const sessions = { ...LIMITS, ...limits };
  served = await serve({}, {}, { authenticator, sessions, narrow: async (principal) => principal });
  return who;
}

async function open(subject = SEATTLE): Promise<string> {
  const response = await served.post(INITIALIZE, { 'x-rls-user-id': subject });
  await response.text();
  return response.headers.get('mcp-session-id') ?? 'none';
}

function headers(session: string, more: Record<string, string> = {}): Record<string, string> {
  return { 'mcp-session-id': session, 'mcp-protocol-version': '2025-11-25', ...more };
}

async function statusOf(session: string, more: Record<string, string> = {}): Promise<number> {
  const response = await served.post(PING, headers(session, more));
  await response.text();
  return response.status;
}

function listen(session: string, lastEventId?: string): Promise<Response> {
  const more = { accept: 'text/event-stream', 'x-rls-user-id': SEATTLE };
  const last: Record<string, string> = lastEventId === undefined ? {} : { 'last-event-id': lastEventId };
  return fetch(served.url, { headers: headers(session, { ...more, ...last }) });
}

test('a session is answered in, until its client ends it', async () => {
  await start();
  const session = await open();
  expect(await statusOf(session)).toBe(200);
  const ended = await fetch(served.url, {
    ...{ method: 'DELETE', headers: headers(session, { 'x-rls-user-id': SEATTLE }) },
  });
  expect(ended.status).toBe(200);
  expect(await statusOf(session)).toBe(404);
});

test.each<[string, Partial<Who>, Record<string, string>]>([
  ['another subject', {}, { 'x-rls-user-id': HEAD_OFFICE }],
  ['another application of the subject', { client: 'other' }, {}],
  ['the subject confined to a store', { store: SEATTLE }, {}],
])('the session of one is 404 to %s, as one that never was, and lives on', async (_, become, more) => {
  const who = await start();
  const session = await open();
  const before = { ...who, store: undefined };
  Object.assign(who, become);
  const refused = await served.post(PING, headers(session, more));
  const never = await served.post(PING, headers(crypto.randomUUID(), more));
  const said = async (response: Response) => {
    const { error } = JSON.parse(await response.text());
    return [response.status, error.message];
  };
  expect(await said(refused)).toEqual([404, GONE]);
  expect(await said(never)).toEqual([404, GONE]);
  Object.assign(who, before);
  expect(await statusOf(session)).toBe(200);
});

test('an id that is malformed is no session', async () => {
  await start();
  expect(await statusOf('a b')).toBe(404);
});

test('who may do less than before loses the session; who may do more keeps it', async () => {
  const who = await start();
  const session = await open();
  who.permissions = new Set(['read:analytics', 'read:orders', 'read:audit']);
  expect(await statusOf(session)).toBe(200);
  who.permissions = new Set(['read:analytics', 'read:orders']);
  expect(await statusOf(session)).toBe(404);
  who.permissions = new Set(['read:analytics', 'read:orders', 'read:audit']);
  expect(await statusOf(session)).toBe(404);
});

test.each<[string, (who: Who) => void]>([
  ['is revoked', (who) => Object.assign(who, { revoked: true })],
  ['grants less', (who) => Object.assign(who, { permissions: new Set() })],
])('an open stream ends when the credential that it was opened with %s', async (_, change) => {
  const who = await start({ watchMs: 20 });
  const session = await open();
  const stream = await listen(session);
  change(who);
  expect(await stream.text()).toBe(': open\n\n');
});

test('a session that nobody uses ends', async () => {
  await start({ idleMs: 0, watchMs: 20 });
  const session = await open();
  await expect.poll(() => statusOf(session), { timeout: 10_000, interval: 50 }).toBe(404);
});

test('a subject has a quarter of them at most, and gives up the one it has not used for longest', async () => {
  await start();
  const sessions = [await open(), await open(), await open()];
  expect(await Promise.all(sessions.map((session) => statusOf(session)))).toEqual([404, 200, 200]);
});

test('when all are taken, a client is answered without one', async () => {
  await start({ max: 4 });
  const subjects = [0, 1, 2, 3].map((n) => SEATTLE.replace(/.$/, String(n + 2)));
  for (const subject of subjects) expect(await open(subject)).not.toBe('none');
  expect(await open(SEATTLE)).toBe('none');
  const response = await served.post(PING);
  expect([response.status, await response.text()]).toEqual([200, expect.stringContaining('"result":{}')]);
});

test('a client that leaves before it got anything ends its call', async () => {
  await start();
  const session = await open();
  const abort = new AbortController();
  const call = fetch(served.url, {
    ...{ method: 'POST', body: JSON.stringify(WAIT), signal: abort.signal },
    headers: headers(session, {
      ...{ 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
      'x-rls-user-id': SEATTLE,
    }),
  });
  const { context, finish } = await served.fake.nextWaiting();
  abort.abort();
  await expect(call).rejects.toThrow();
  await expect.poll(() => context.signal.aborted).toBe(true);
  finish();
});

test('a cancellation in the session ends the call and its stream', async () => {
  await start();
  const session = await open();
  const answer = served.post(WAIT, headers(session)).then((response) => response.text());
  const { context, finish } = await served.fake.nextWaiting();
  await served.post(
    { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 7 } },
    headers(session),
  );
  expect(context.signal.aborted).toBe(true);
  expect(await answer).not.toContain('"id":7');
  finish();
});

test('an answer can be come back for with the id of the event before it, by its owner only', async () => {
  await start();
  const session = await open();
  const response = await served.post({ ...PING, id: 9 }, headers(session));
  const [, primed = ''] = /^id: (\S+)\n/.exec(await response.text()) ?? [];
  const replayed = await listen(session, primed);
  expect(await replayed.text()).toContain('data: {"result":{},"jsonrpc":"2.0","id":9}');
  const stranger = await fetch(served.url, {
    headers: headers(session, {
      ...{ accept: 'text/event-stream', 'x-rls-user-id': HEAD_OFFICE, 'last-event-id': primed },
    }),
  });
  expect(stranger.status).toBe(404);
});

test('a server that ends closes the streams that wait', async () => {
  await start();
  const stream = await listen(await open());
  const begun = performance.now();
  await served.transport.close();
  await stream.text().catch(() => '');
  expect(performance.now() - begun).toBeLessThan(5000);
});
