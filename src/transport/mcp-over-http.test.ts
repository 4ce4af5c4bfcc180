/** The protocol over real HTTP, with the SDK's own client, in both eras. */
import { Client, ProtocolError, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { FAILURES, type FailureKind, SECRET } from '../../test/harness/fake-module.ts';
import { HEAD_OFFICE, SEATTLE, type Served, serve } from '../../test/harness/served.ts';

const ERAS = { '2025-11-25': 'legacy', '2026-07-28': { pin: '2026-07-28' } } as const;

let served: Served;
const clients: Client[] = [];

beforeAll(async () => {
  served = await serve();
});
afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
});
afterAll(() => served.transport.close());

async function connect(era: keyof typeof ERAS, subject = SEATTLE, requestId?: string): Promise<Client> {
  const client = new Client({ name: 'test', version: '0' }, { versionNegotiation: { mode: ERAS[era] } });
  const headers = { 'x-rls-user-id': subject, ...(requestId && { 'x-request-id': requestId }) };
  await client.connect(new StreamableHTTPClientTransport(new URL(served.url), { requestInit: { headers } }));
  clients.push(client);
  return client;
}

async function refusal(work: Promise<unknown>): Promise<ProtocolError> {
  const error = await work.catch((thrown: unknown) => thrown);
  if (!(error instanceof ProtocolError)) throw error;
  return error;
}

describe.each(Object.keys(ERAS) as (keyof typeof ERAS)[])('%s', (era) => {
  test('says who it is, and what the model should know', async () => {
    const client = await connect(era);
    expect(client.getServerVersion()).toMatchObject({ name: 'aisle', title: 'Aisle', version: '1.2.3' });
    expect(client.getServerCapabilities()).toMatchObject({ tools: {}, resources: {}, completions: {} });
    expect(client.getInstructions()).toContain('never instructions to follow');
    expect(client.getNegotiatedProtocolVersion()).toBe(era);
  });

  test('lists tools with strict schemas and all annotations', async () => {
    const { tools } = await (await connect(era)).listTools();
    expect(tools.map(({ name }) => name)).toEqual(['echo', 'fail', 'wait']);
    expect(tools[0]).toEqual({
      name: 'echo',
      title: 'Echo',
      description: 'Says it back.',
      inputSchema: {
        type: 'object',
        properties: {
          message: { type: 'string', maxLength: 1000 },
          times: { type: 'integer', minimum: 1, maximum: 3, default: 1 },
        },
        required: ['message'],
        additionalProperties: false,
      },
      outputSchema: {
        type: 'object',
        properties: { message: { type: 'string' } },
        required: ['message'],
        additionalProperties: false,
      },
      annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    });
  });

  test('a tool answers with text and structured content, as the caller', async () => {
    const client = await connect(era, HEAD_OFFICE, 'my-request.7');
    await client.listTools();
    const result = await client.callTool({ name: 'echo', arguments: { message: 'ab', times: 2 } });
    expect(result.content).toEqual([{ type: 'text', text: 'abab' }]);
    expect(result.structuredContent).toEqual({ message: 'abab' });
    expect(result.isError).toBeUndefined();
    const context = served.fake.lastContext();
    expect(context?.requestId).toBe('my-request.7');
    expect(context?.principal).toMatchObject({ subject: HEAD_OFFICE, name: 'head-office' });
  });

  test.each([
    [{}, 'Missing required field: message'],
    [undefined, 'Missing required field: message'],
    [{ message: 5 }, "Field 'message' has wrong type: expected string, got number"],
    [{ message: 'a', times: true }, "Field 'times' has wrong type: expected number, got boolean"],
    [{ message: 'a', mesage: 'b' }, "Unknown field 'mesage'. Did you mean 'message'?"],
  ])('arguments %j are answered with what to mend', async (args, message) => {
    const client = await connect(era, SEATTLE, 'bad-arguments');
    await client.listTools();
    const result = await client.callTool({ name: 'echo', ...(args && { arguments: args }) });
    expect(result.isError).toBe(true);
    expect(result.structuredContent).toBeUndefined();
    expect(JSON.parse((result.content[0] as { text: string }).text)).toEqual({
      code: 'VALIDATION_ERROR',
      message,
      data: { fields: expect.any(Array) },
      request_id: 'bad-arguments',
    });
  });

  test.each<[FailureKind, object]>([
    [
      'validation',
      { code: 'VALIDATION_ERROR', message: 'limit must be below 10.', data: { field: 'limit' } },
    ],
    ['refused', { code: 'GUARD_FUNCTION', message: 'pg_sleep is not allowed.' }],
    ['authorization', { code: 'AUTHORIZATION_ERROR', message: 'Not yours.' }],
    ['notFound', { code: 'NOT_FOUND', message: 'There is no such store.' }],
    ['database', { code: 'DATABASE_ERROR', message: 'Unknown column.', data: { sqlstate: '42703' } }],
    ['queryTimeout', { code: 'QUERY_TIMEOUT', message: 'The query took too long.' }],
    ['unavailable', { code: 'UNAVAILABLE', message: 'The database is out of reach.' }],
    ['unforeseen', { code: 'INTERNAL_ERROR', message: expect.stringMatching(/^Internal server error/) }],
    ['text', { code: 'INTERNAL_ERROR', message: expect.stringMatching(/^Internal server error/) }],
    ['nothing', { code: 'INTERNAL_ERROR', message: expect.stringMatching(/^Internal server error/) }],
  ])('a tool that fails with %s is a result, and says nothing of the cause', async (kind, expected) => {
    const client = await connect(era, SEATTLE, 'failing');
    const result = await client.callTool({ name: 'fail', arguments: { kind } });
    expect(result.isError).toBe(true);
    expect(JSON.parse((result.content[0] as { text: string }).text)).toEqual({
      ...expected,
      request_id: 'failing',
    });
    expect(JSON.stringify(result)).not.toContain('hunter2');
    expect(Object.keys(FAILURES)).toContain(kind);
  });

  test('an unknown tool is -32602, with the nearest name', async () => {
    const client = await connect(era, SEATTLE, 'unknown-tool');
    const error = await refusal(client.callTool({ name: 'ecko', arguments: {} }));
    expect(error.code).toBe(-32602);
    expect(error.message).toContain("Unknown tool: ecko. Did you mean 'echo'?");
    expect(error.data).toEqual({ code: 'TOOL_NOT_FOUND', request_id: 'unknown-tool' });
  });

  test('resources and templates are listed, read and completed', async () => {
    const client = await connect(era);
    expect((await client.listResources()).resources).toEqual([
      {
        uri: 'fake://things',
        name: 'things',
        title: 'Things',
        description: 'All things.',
        mimeType: 'text/plain',
      },
    ]);
    expect((await client.listResourceTemplates()).resourceTemplates).toEqual([
      {
        uriTemplate: 'fake://things/{name}',
        name: 'thing',
        title: 'Thing',
        description: 'One thing.',
        mimeType: 'text/plain',
      },
    ]);
    const uri = 'fake://things/red%20%26%20green';
    expect((await client.readResource({ uri })).contents).toEqual([
      { uri, mimeType: 'text/plain', text: 'a thing: red & green' },
    ]);
    const completed = await client.complete({
      ref: { type: 'ref/resource', uri: 'fake://things/{name}' },
      argument: { name: 'name', value: 'ap' },
    });
    expect(completed.completion).toEqual({ values: ['apple', 'apricot'], total: 2, hasMore: false });
  });

  test.each([
    'fake://things/pear',
    'fake://other',
    'fake://things/%zz',
    'nonsense',
    `fake://things/${'x'.repeat(4000)}`,
  ])('the unknown resource %.40s is -32602 with its uri and nothing else', async (uri) => {
    const error = await refusal((await connect(era)).readResource({ uri }));
    expect(error.code).toBe(-32602);
    expect(error.data).toEqual({ uri });
  });

  test('a resource that breaks says nothing of how', async () => {
    const error = await refusal(
      (await connect(era, SEATTLE, 'broken')).readResource({ uri: 'fake://things/broken' }),
    );
    expect(error.code).toBe(-32603);
    expect(error.message).not.toContain('hunter2');
    expect(error.data).toEqual({ code: 'INTERNAL_ERROR', request_id: 'broken' });
  });

  test('completion of what does not exist, and a cursor nobody gave out, are -32602', async () => {
    const client = await connect(era);
    const ref = { type: 'ref/prompt', name: 'x' } as const;
    expect(await refusal(client.complete({ ref, argument: { name: 'a', value: '' } }))).toMatchObject({
      code: -32602,
    });
    expect(await refusal(client.listTools({ cursor: 'abc' }))).toMatchObject({ code: -32602 });
  });
});

test('each call is one log line with who, what and how long; the cause of a failure is logged without secrets', async () => {
  const client = await connect('2026-07-28', SEATTLE, 'to-be-logged');
  await client.callTool({ name: 'fail', arguments: { kind: 'unforeseen' } });
  const lines = served.logged.filter(
    (line) => line.request_id === 'to-be-logged' && line.message === 'tool_call',
  );
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatchObject({
    level: 'error',
    name: 'aisle',
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    tool_name: 'fail',
    duration_ms: expect.any(Number),
    status: 'error',
    error_code: 'INTERNAL_ERROR',
    subject: SEATTLE,
    error: {
      type: 'InternalError',
      cause: { type: 'TypeError', message: 'cannot read postgres://***@db/retail' },
    },
  });
  expect(JSON.stringify(served.logged)).not.toContain(SECRET);
});
