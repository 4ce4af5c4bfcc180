/**
 * Threat: over HTTP, a header that is heeded too late, or not at all. A caller that names a store has that store when its
 * tool runs, and one that names another's is refused before anything runs.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Served, serve } from '../../test/harness/served.ts';
import { createNarrowing } from '../auth/narrow.ts';
import type { Principal } from '../kernel/principal.ts';

const PRINCIPAL: Principal = {
  ...{ subject: '0190a000-0000-7000-8000-000000000002', name: 'manager', roles: [], method: 'token' },
  permissions: new Set(['read:analytics']),
};
const OWN = '0190b000-0000-7000-8000-00000000000a';
const OTHERS = '0190b000-0000-7000-8000-00000000000b';

let served: Served;
beforeAll(async () => {
  const findOwnStore = async (_subject: string, id: string) => (id === OWN ? OWN : undefined);
  const authenticator = { authenticate: async () => PRINCIPAL };
  served = await serve({}, {}, { authenticator, narrow: createNarrowing({ findOwnStore }) });
});
afterAll(() => served.transport.close());

const echo = (message: string, store: string) =>
  served.post(
    { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'echo', arguments: { message } } },
    { 'x-rls-user-id': store },
  );

test('the tool runs for the one store that was named', async () => {
  expect((await echo('one', OWN)).status).toBe(200);
  expect(served.fake.lastContext()?.principal).toEqual({ ...PRINCIPAL, store: OWN });
});

test.each([OTHERS, 'everything', ''])('the store %j is refused, and nothing runs', async (store) => {
  const before = served.fake.lastContext();
  const response = await echo('two', store);
  expect(response.status).toBe(403);
  expect(await response.json()).toMatchObject({
    error: { message: 'Invalid RLS context for user', data: { code: 'AUTHORIZATION_ERROR' } },
  });
  expect(served.fake.lastContext()).toBe(before);
});
