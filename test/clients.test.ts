/** Clients that people use, against the real transports: each lists, calls, reads, prompts, is refused, is cancelled. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { conformanceModule } from '../src/conformance/index.ts';
import { type AnyClient, CLIENTS } from './harness/clients.ts';
import { SEATTLE, type Served, serve } from './harness/served.ts';

let served: Served;
let client: AnyClient;
let stderr = '';

beforeAll(async () => {
  const sessions = { max: 100, idleMs: 60_000 };
  served = await serve({}, {}, { sessions }, { modules: [conformanceModule] });
});
afterEach(() => client.close());
afterAll(() => served.transport.close());

/** What the server has logged of calls that were cancelled, in whichever process it is. */
function cancelled(): number {
  const here = served.logged.filter(({ error_code }) => error_code === 'CANCELLED').length;
  return here + (stderr.match(/"error_code":"CANCELLED"/g)?.length ?? 0);
}

describe.each(Object.entries(CLIENTS))('%s', (_, connect) => {
  test('lists, calls, reads, prompts, is refused, is cancelled', async () => {
    const onStderr = (text: string) => {
      stderr += text;
    };
    client = await connect({ url: served.url, headers: { 'x-rls-user-id': SEATTLE }, onStderr });
    expect((await client.tools()).slice(0, 4)).toEqual(['echo', 'fail', 'wait', 'test_simple_text']);
    const said = await client.call('echo', { message: 'hi', times: 2 });
    expect(said.structuredContent).toEqual({ message: 'hihi' });
    expect(await client.read('fake://things/apple')).toEqual([
      { uri: 'fake://things/apple', mimeType: 'text/plain', text: 'a thing: apple' },
    ]);
    expect(await client.prompt('test_simple_prompt')).toEqual([
      { role: 'user', content: { type: 'text', text: 'This is a simple prompt for testing.' } },
    ]);
    const refused = await client.call('fail', { kind: 'authorization' });
    expect(refused.isError).toBe(true);
    expect(JSON.parse(refused.content[0]?.text ?? '')).toMatchObject({
      code: 'AUTHORIZATION_ERROR',
      message: 'Not yours.',
    });
    const abort = new AbortController();
    const before = cancelled();
    // Once it is known to be running, and not before.
    const call = client.call('wait', {}, { signal: abort.signal, onprogress: () => abort.abort() });
    await expect(call).rejects.toThrow();
    await expect.poll(cancelled, { timeout: 20_000 }).toBe(before + 1);
    expect((await client.call('echo', { message: 'still here' })).structuredContent).toEqual({
      message: 'still here',
    });
  });
});
