/** Too much at once, over real HTTP: a model reads when to try again in the answer, a client or a proxy in Retry-After. */
import { afterEach, describe, expect, test } from 'vitest';
import { type Served, serve } from '../../test/harness/served.ts';

const MODERN = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'test', version: '0' },
  'io.modelcontextprotocol/clientCapabilities': {},
};
const ERAS = {
  '2025-11-25': { meta: undefined, type: 'text/event-stream' },
  '2026-07-28': { meta: MODERN, type: 'application/json' },
} as const;

let served: Served;
afterEach(() => served.transport.close());

describe.each(Object.keys(ERAS) as (keyof typeof ERAS)[])('%s', (era) => {
  const post = (method: string, params: { name?: string; uri?: string; arguments?: object }) =>
    served.post(
      {
        jsonrpc: '2.0',
        id: 1,
        method,
        params: { ...params, ...(ERAS[era].meta && { _meta: ERAS[era].meta }) },
      },
      {
        'mcp-protocol-version': era,
        'mcp-method': method,
        'mcp-name': params.name ?? params.uri ?? '',
        'x-request-id': 'busy',
      },
    );
  const message = async (response: Response) => {
    const text = await response.text();
    return JSON.parse(/^data: (\{.*)$/m.exec(text)?.[1] ?? text);
  };

  /** One call runs, and nobody may wait. */
  async function full() {
    served = await serve({}, { maxConcurrent: 1, maxQueued: 0 });
    const running = post('tools/call', { name: 'wait', arguments: {} });
    const { finish } = await served.fake.nextWaiting();
    return async () => {
      finish();
      await running;
    };
  }

  test('a tool call is a result with status 200, which every client hands to its model, and says when to try again', async () => {
    const end = await full();
    const response = await post('tools/call', { name: 'echo', arguments: { message: 'x' } });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toContain(ERAS[era].type);
    expect(response.headers.get('retry-after')).toBe('1');
    const { result } = await message(response);
    expect(result.isError).toBe(true);
    expect(JSON.parse(result.content[0].text)).toEqual({
      code: 'BUSY',
      message: 'Busy: too many calls are waiting. Try again in 1 s.',
      data: { retry_after_seconds: 1 },
      request_id: 'busy',
    });
    await end();
  });

  test('a resource that is read is a JSON-RPC error, and says the same', async () => {
    const end = await full();
    const response = await post('resources/read', { uri: 'fake://things' });
    expect(response.headers.get('retry-after')).toBe('1');
    expect((await message(response)).error).toMatchObject({
      code: -32000,
      message: expect.stringContaining('Busy: too many calls are waiting. Try again in 1 s.'),
      data: { code: 'BUSY', data: { retry_after_seconds: 1 } },
    });
    await end();
  });

  test('a call that had its turn says nothing of that', async () => {
    served = await serve();
    const response = await post('tools/call', { name: 'echo', arguments: { message: 'x' } });
    expect(response.headers.has('retry-after')).toBe(false);
    expect(await message(response)).toMatchObject({ result: { structuredContent: { message: 'x' } } });
  });
});
