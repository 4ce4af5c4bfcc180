/** Threat: a stream that goes on telling somebody whose credential, or whose rights, are gone. */
import { afterEach, expect, test } from 'vitest';
import { fakeWatches } from '../../test/harness/fake-watches.ts';
import { ENVELOPE } from '../../test/harness/mcp-corpus.ts';
import { SEATTLE, type Served, serve } from '../../test/harness/served.ts';
import { InvalidCredentialError } from '../kernel/errors.ts';
import type { Permission } from '../kernel/permission.ts';
import type { Watcher } from '../kernel/resource-watches.ts';

let served: Served;
afterEach(() => served.transport.close());

interface Who {
  permissions: ReadonlySet<Permission>;
  revoked: boolean;
}

async function start(): Promise<{ who: Who; watching: ReadonlySet<Watcher> }> {
  const who: Who = { permissions: new Set(['read:analytics', 'read:orders']), revoked: false };
  const watches = fakeWatches();
  const authenticate = async () => {
    if (who.revoked) throw new InvalidCredentialError('Revoked.');
    const { permissions } = who;
    return { subject: SEATTLE, name: 'seattle', roles: [], method: 'token', permissions } as const;
  };
  const sessions = { max: 8, idleMs: 60_000, watchMs: 20 };
  served = await serve(
    {},
    {},
    { authenticator: { authenticate }, sessions, narrow: async (principal) => principal },
    { watches },
  );
  return { who, watching: watches.watching };
}

function listen(uris: readonly string[], signal?: AbortSignal): Promise<Response> {
  const method = 'subscriptions/listen';
  const params = { _meta: ENVELOPE, notifications: { resourceSubscriptions: uris } };
  return fetch(served.url, {
    method: 'POST',
    headers: {
      ...{ 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
      ...{ 'mcp-protocol-version': '2026-07-28', 'mcp-method': method, 'x-rls-user-id': SEATTLE },
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 7, method, params }),
    ...(signal && { signal }),
  });
}

test.each<[string, (who: Who) => void]>([
  ['is revoked', (who) => Object.assign(who, { revoked: true })],
  ['grants less', (who) => Object.assign(who, { permissions: new Set(['read:analytics']) })],
])(
  'a stream ends, and nothing is watched for it, when the credential that it was opened with %s',
  async (_, change) => {
    const { who, watching } = await start();
    const stream = await listen(['fake://things']);
    expect([...watching].map(({ subject }) => subject)).toEqual([SEATTLE]);
    change(who);
    const text = await stream.text();
    expect(text).toContain('"resourceSubscriptions":["fake://things"]');
    expect(text).toContain('"id":7,"result":{"resultType":"complete"');
    await expect.poll(() => watching.size).toBe(0);
  },
);

test('each stream is told of what its own caller watches, and is forgotten when its client goes', async () => {
  const { watching } = await start();
  const client = new AbortController();
  const [one, other] = [await listen(['fake://things'], client.signal), await listen(['fake://things'])];
  const [first, second] = [...watching];
  first?.tell();
  const reader = one.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (let isOver = false; !isOver && !text.includes('resources/updated'); ) {
    const read = await reader?.read();
    text += read?.value ?? '';
    isOver = read?.done ?? true;
  }
  expect(text).toContain('"uri":"fake://things"');
  client.abort();
  await expect.poll(() => [...watching]).toEqual([second]);
  await served.transport.close();
  expect(await other.text()).not.toContain('resources/updated');
});

test('where one of several resources may not be read, none is watched, and the answer says which', async () => {
  const { watching } = await start();
  const response = await listen(['fake://things', 'fake://nothing']);
  expect([response.status, await response.json()]).toMatchObject([
    200,
    { id: 7, error: { code: -32602, data: { uri: 'fake://nothing' } } },
  ]);
  await expect.poll(() => watching.size).toBe(0);
});

test('a filter that is malformed is for the SDK to refuse', async () => {
  const { watching } = await start();
  const response = await listen('fake://things' as unknown as string[]);
  expect(await response.text()).toContain('must be a valid SubscriptionFilter');
  expect(watching.size).toBe(0);
});
