/** The hot path and the SDK's handler give the same answers, byte for byte; and what the SDK is to judge reaches it. */
import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { CORPUS, ENVELOPE, type McpCase, VERSIONS } from '../../test/harness/mcp-corpus.ts';
import { SEATTLE, type Served, serve } from '../../test/harness/served.ts';
import type { Authenticator } from '../auth/authenticator.ts';
import { principalOf } from '../auth/principal-of.ts';
import { AuthenticationError } from '../kernel/errors.ts';
import type { Principal } from '../kernel/principal.ts';
import type { RateLimiter } from '../resilience/rate-limiter.ts';
import { createOrdinaryRequest } from './ordinary-request.ts';

const facts = { subject: SEATTLE, method: 'development' } as const;
const CALLERS: Readonly<Record<string, Principal>> = {
  manager: principalOf({ ...facts, name: 'manager', roles: ['store_manager'] }, undefined),
  reader: principalOf({ ...facts, name: 'reader', roles: ['store_readonly'] }, undefined),
  unscoped: principalOf({ ...facts, name: 'unscoped', roles: ['store_manager'] }, new Set(['read:orders'])),
  eager: principalOf({ ...facts, subject: 'eager', name: 'eager', roles: ['store_manager'] }, undefined),
};
const authenticator: Authenticator = {
  async authenticate(headers) {
    const caller = CALLERS[String(headers['x-caller'])];
    if (caller === undefined) throw new AuthenticationError('Nobody.');
    return caller;
  },
  challenge: (error, principal) => `Bearer error="${error.code}", for="${principal?.name}"`,
};
/** The eager have asked too often, the others never. */
const limiter: Pick<RateLimiter, 'consume'> = {
  consume: async (key, points = 1) => ({
    policy: { name: 'caller', limit: 9, periodSeconds: 60 },
    ...(key === 'eager'
      ? { allowed: false, remaining: 0, resetMs: 5000 }
      : { allowed: true, remaining: 9 - points, resetMs: 7000 }),
  }),
};

/** Request ids of what took the hot path. */
const hot = new Set<unknown>();
const real = createOrdinaryRequest();
let served: Served;
beforeAll(async () => {
  served = await serve(
    {},
    { rateLimits: { limiter: limiter as RateLimiter } },
    {
      authenticator,
      ordinaryRequest: (received) => {
        if (received.headers['x-path'] === 'sdk') return undefined;
        const request = real(received);
        if (request !== undefined) hot.add(received.headers['x-request-id']);
        return request;
      },
    },
  );
});
afterAll(() => served.transport.close());

/** How much, and when: not what. The older stream is framed in chunks, and a new session has a random id. */
const UNEQUAL = ['date', 'content-length', 'transfer-encoding', 'mcp-session-id'];

async function send({ body, headers }: McpCase, caller: string, id: string, path: string) {
  const response = await served.post(body, {
    ...{ ...headers, 'x-caller': caller, 'x-request-id': id, 'x-path': path },
  });
  const answered = Object.fromEntries(response.headers);
  for (const name of UNEQUAL) delete answered[name];
  return { status: response.status, headers: answered, body: await response.text() };
}

/** By caller: how many of its requests are ordinary, and what those come to. The others than the manager send two versions only. */
const STATUSES = [
  ['manager', VERSIONS, 316, [200, 403]],
  ['reader', ['2026-07-28', '2025-11-25'], 127, [200]],
  ['unscoped', ['2026-07-28', '2025-11-25'], 127, [200, 403]],
  ['eager', ['2026-07-28', '2025-11-25'], 127, [200, 429]],
] as const;

test.each(STATUSES)(
  'asked by the %s: the same answers by both paths, and the ordinary ones alone take the hot one',
  async (caller, versions, ordinary, statuses) => {
    const cases = CORPUS.filter(({ version }) => (versions as readonly unknown[]).includes(version));
    expect(cases.filter((each) => each.ordinary).length).toBe(ordinary);
    const seen = new Set<number>();
    for (const [index, each] of cases.entries()) {
      const id = `${caller}-${index}`;
      const [bySdk, byUs] = await Promise.all([send(each, caller, id, 'sdk'), send(each, caller, id, 'any')]);
      expect(byUs, `${each.what} differs`).toEqual(bySdk);
      expect(hot.has(id), `${each.what} took the hot path`).toBe(each.ordinary);
      if (each.ordinary) seen.add(byUs.status);
    }
    expect([...seen].sort()).toEqual(statuses);
  },
  120_000,
);

describe.each(['modern', 'legacy'] as const)('a call of the %s era', (era) => {
  const WAIT: Readonly<Record<typeof era, readonly [object, Record<string, string>]>> = {
    modern: [
      { name: 'wait', _meta: ENVELOPE },
      { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/call', 'mcp-name': 'wait' },
    ],
    legacy: [{ name: 'wait' }, {}],
  };
  let own: Served;
  let took = 0;
  const real = createOrdinaryRequest();
  const start = async (options: Parameters<typeof serve>[0]) => {
    took = 0;
    const ordinaryRequest: typeof real = (received) => {
      took += 1;
      return real(received) ?? expect.fail('it is not ordinary');
    };
    own = await serve(options, {}, { ordinaryRequest });
  };
  afterEach(() => own.transport.close());
  const wait = (signal?: AbortSignal) => {
    const [params, headers] = WAIT[era];
    return fetch(own.url, {
      method: 'POST',
      headers: {
        ...{ 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
        ...{ 'x-rls-user-id': SEATTLE, ...headers },
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: 7, method: 'tools/call', params }),
      ...(signal && { signal }),
    });
  };

  test('is stopped when its client goes', async () => {
    await start({});
    const client = new AbortController();
    const asked = wait(client.signal);
    const { context, finish } = await own.fake.nextWaiting();
    const stopped = once(context.signal, 'abort');
    client.abort();
    await expect(asked).rejects.toThrow();
    await stopped;
    expect(context.signal.reason).toMatchObject({ name: 'AbortError' });
    finish();
    expect(took).toBe(1);
  });

  test('is stopped and told so when the server shuts down', async () => {
    await start({ drainMs: 1 });
    const asked = wait();
    const { context, finish } = await own.fake.nextWaiting();
    const closed = own.transport.close();
    expect(await (await asked).text()).toContain('UNAVAILABLE');
    expect(context.signal.aborted).toBe(true);
    finish();
    await closed;
  });

  test('is stopped and told so when the request takes too long', async () => {
    await start({ requestTimeoutMs: 300 });
    const asked = wait();
    const { finish } = await own.fake.nextWaiting();
    expect(await (await asked).text()).toContain('The request exceeded 0.3s timeout');
    finish();
  });
});
