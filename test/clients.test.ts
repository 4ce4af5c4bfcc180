/** Clients that people use, against the real transports: each lists, calls, reads, prompts, is refused, is cancelled; and watches, where it can. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { conformanceModule } from '../src/conformance/index.ts';
import { type AnyClient, CLIENTS, WATCHING_CLIENTS } from './harness/clients.ts';
import { restlessWatches } from './harness/fake-watches.ts';
import { forbiddenModule } from './harness/forbidden-module.ts';
import { SEATTLE, type Served, serve } from './harness/served.ts';

let served: Served;
let client: AnyClient;
let stderr = '';
/** Calls of `wait` that have begun in this process. */
let begunHere = 0;

beforeAll(async () => {
  const sessions = { max: 100, idleMs: 60_000 };
  served = await serve(
    {},
    {},
    { sessions },
    { modules: [conformanceModule, forbiddenModule], watches: restlessWatches() },
  );
  const count = async (): Promise<void> => {
    await served.fake.nextWaiting();
    begunHere += 1;
    return count();
  };
  void count();
});
afterEach(() => client.close());
afterAll(() => served.transport.close());

const onStderr = (text: string) => {
  stderr += text;
};

/** In whichever process the server is. */
function begun(): number {
  return begunHere + (stderr.match(/^waiting$/gm)?.length ?? 0);
}

/** What the server has logged of calls that were cancelled, in whichever process it is. */
function cancelled(): number {
  const here = served.logged.filter(({ error_code }) => error_code === 'CANCELLED').length;
  return here + (stderr.match(/"error_code":"CANCELLED"/g)?.length ?? 0);
}

/** What somebody is told whose call was refused, by the server or by the client. */
async function refusal(call: ReturnType<AnyClient['call']>): Promise<string> {
  try {
    const { isError, content } = await call;
    expect(isError).toBe(true);
    return content[0]?.text ?? '';
  } catch (error) {
    return String(error);
  }
}

describe.each(Object.entries(CLIENTS))('%s', (_, connect) => {
  test('lists, calls, reads, prompts, is refused, is cancelled', async () => {
    client = await connect({ url: served.url, headers: { 'x-rls-user-id': SEATTLE }, onStderr });
    const tools = await client.tools();
    expect(tools.slice(0, 4)).toEqual(['echo', 'fail', 'wait', 'test_simple_text']);
    expect(tools).not.toContain('forbidden');
    const said = await client.call('echo', { message: 'hi', times: 2 });
    expect(said.structuredContent).toEqual({ message: 'hihi' });
    expect(await client.read('fake://things/apple')).toEqual([
      { uri: 'fake://things/apple', mimeType: 'text/plain', text: 'a thing: apple' },
    ]);
    expect(await client.prompt('test_simple_prompt')).toEqual([
      { role: 'user', content: { type: 'text', text: 'This is a simple prompt for testing.' } },
    ]);
    expect(await refusal(client.call('fail', { kind: 'authorization' }))).toContain('Not yours.');
    expect(await refusal(client.call('forbidden', {}))).toContain(
      client.callsListedOnly
        ? "Tool 'forbidden' not found on server."
        : 'Insufficient permissions. Required: read:audit',
    );
    const abort = new AbortController();
    const before = { begun: begun(), cancelled: cancelled() };
    const call = expect(client.call('wait', {}, abort.signal)).rejects.toThrow();
    // Once it is known to be running, and not before.
    await expect.poll(begun, { timeout: 20_000 }).toBe(before.begun + 1);
    abort.abort();
    await call;
    await expect.poll(cancelled, { timeout: 20_000 }).toBe(before.cancelled + 1);
    expect((await client.call('echo', { message: 'still here' })).structuredContent).toEqual({
      message: 'still here',
    });
  }, 120_000);
});

test.each(Object.entries(WATCHING_CLIENTS))(
  '%s hears that a resource which it watches has changed',
  async (_, connect) => {
    const watching = await connect({ url: served.url, headers: { 'x-rls-user-id': SEATTLE }, onStderr });
    client = watching;
    expect(await watching.watch('fake://things')).toBe('fake://things');
  },
  60_000,
);

/** What each makes of a 401, whose answer says "Nobody has the id in x-rls-user-id." */
const UNKNOWN = [
  ['SDK 2 of 2026-07-28 over HTTP', 'the server requires authorization (HTTP 401)'],
  ['SDK 2 of 2025-11-25 over HTTP', 'Nobody has the id in x-rls-user-id.'],
  ['SDK 1 over HTTP', 'Nobody has the id in x-rls-user-id.'],
  ['mcp-remote', 'Connection closed'], // after it looked in vain for where to log in
  ['the Inspector of 2026-07-28 over HTTP', '"code":"auth_required"'],
  ['the Inspector of 2025-11-25 over HTTP', '"code":"auth_required"'],
] as const;

test.each(UNKNOWN)(
  '%s tells whoever is not known',
  async (name, said) => {
    const headers = { 'x-rls-user-id': SEATTLE.replace(/1$/, '9') };
    const asked = CLIENTS[name]?.({ url: served.url, headers, onStderr }).then((connected) => {
      client = connected;
      return connected.tools();
    });
    await expect(asked).rejects.toThrow(said);
  },
  60_000,
);
