/** What a call says to its client and asks it while it runs: the same tools, over HTTP in both eras and over stdio. */
import { PassThrough } from 'node:stream';
import {
  type CallToolResult,
  Client,
  ProtocolError,
  StreamableHTTPClientTransport,
} from '@modelcontextprotocol/client';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { SEATTLE, type Served, serve } from '../../test/harness/served.ts';
import { conformanceModule } from '../conformance/index.ts';
import { createStdioTransport } from './stdio.ts';

const ERAS = { '2025-11-25': 'legacy', '2026-07-28': { pin: '2026-07-28' } } as const;
const KEY = new Uint8Array(32).fill(7);

let served: Served;
const clients: Client[] = [];
beforeAll(async () => {
  const sessions = { max: 100, idleMs: 60_000 };
  served = await serve({}, {}, { sessions }, { modules: [conformanceModule], stateKey: KEY });
});
afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
});
afterAll(() => served.transport.close());

async function connect(era: keyof typeof ERAS, capabilities: object): Promise<Client> {
  const client = new Client(
    { name: 'test', version: '0' },
    { capabilities, versionNegotiation: { mode: ERAS[era] } },
  );
  if ('elicitation' in capabilities)
    client.setRequestHandler('elicitation/create', async ({ params: { message } }) => ({
      action: 'accept',
      content: message.includes('color') ? { color: 'blue' } : { name: 'Ann', ok: true },
    }));
  if ('sampling' in capabilities)
    client.setRequestHandler('sampling/createMessage', async () => ({
      ...{ role: 'assistant', model: 'm', content: { type: 'text', text: 'Hello.' } },
    }));
  if ('roots' in capabilities)
    client.setRequestHandler('roots/list', async () => ({ roots: [{ uri: 'file:///here' }] }));
  await client.connect(
    new StreamableHTTPClientTransport(new URL(served.url), {
      requestInit: { headers: { 'x-rls-user-id': SEATTLE } },
    }),
  );
  clients.push(client);
  return client;
}

const ALL = { elicitation: {}, sampling: {}, roots: {} };

function textOf(result: unknown): string {
  const [content] = (result as CallToolResult).content;
  return content?.type === 'text' ? content.text : '';
}

describe.each(Object.keys(ERAS) as (keyof typeof ERAS)[])('%s', (era) => {
  test('asks one thing after the other, and keeps what was answered', async () => {
    const client = await connect(era, ALL);
    const result = await client.callTool({ name: 'test_input_required_result_multi_round', arguments: {} });
    expect(textOf(result)).toBe('[{"name":"Ann","ok":true},{"color":"blue"}]');
  });

  test('asks several things at once', async () => {
    const client = await connect(era, ALL);
    const result = await client.callTool({
      name: 'test_input_required_result_multiple_inputs',
      arguments: {},
    });
    expect(JSON.parse(textOf(result))).toEqual([
      expect.objectContaining({ action: 'accept', content: { name: 'Ann', ok: true } }),
      { model: 'm', text: 'Hello.' },
      [{ uri: 'file:///here' }],
    ]);
  });

  test('asks for a prompt, too', async () => {
    const client = await connect(era, ALL);
    const { messages } = await client.getPrompt({ name: 'test_input_required_result_prompt' });
    expect(messages).toMatchObject([{ role: 'user', content: { type: 'text' } }]);
  });

  test('tells how far it is to who wants to know', async () => {
    const client = await connect(era, {});
    const told: unknown[] = [];
    const call = { name: 'test_tool_with_progress', arguments: {} };
    await client.callTool(call, { onprogress: (progress) => told.push(progress) });
    expect(told).toEqual([0, 50, 100].map((progress) => ({ progress, total: 100 })));
    expect(textOf(await client.callTool(call))).toBe('Progressed.');
  });

  test('says of a call that tells nothing that it is running still', async () => {
    const client = await connect(era, {});
    const { promise: told, resolve: onprogress } = Promise.withResolvers<unknown>();
    const call = client.callTool({ name: 'wait', arguments: {} }, { onprogress });
    const { finish } = await served.fake.nextWaiting();
    expect(await told).toEqual({ progress: 1, message: 'still running' });
    finish();
    expect((await call).structuredContent).toEqual({ finished: true });
  });

  test('a trace that the message names counts before that of its envelope', async () => {
    const client = await connect(era, {});
    const id = '4bf92f3577b34da6a3ce929d0e0e4736';
    const _meta = { traceparent: `00-${id}-00f067aa0ba902b7-01`, tracestate: 'rojo=1' };
    await client.callTool({ name: 'echo', arguments: { message: 'x' }, _meta });
    expect(served.fake.lastContext()?.origin).toMatchObject({ traceId: id, traceState: 'rojo=1' });
    const lines = served.logged.filter(({ tool_name }) => tool_name === 'echo');
    expect(lines.at(-1)).toMatchObject({ trace_id: id });
  });

  test('completes the arguments of prompts, and says so of unknown prompts', async () => {
    const client = await connect(era, {});
    const ref = { type: 'ref/prompt', name: 'test_prompt_with_arguments' } as const;
    const { completion } = await client.complete({ ref, argument: { name: 'arg1', value: 'test' } });
    expect(completion.values).toEqual(['testValue']);
    const error = await client.getPrompt({ name: 'test_simple_promt' }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ProtocolError);
    expect((error as ProtocolError).message).toContain('test_simple_prompt');
  });
});

test('a client of 2025-11-25 that can not be asked has the tool say so', async () => {
  const client = await connect('2025-11-25', {});
  const result = await client.callTool({ name: 'test_missing_capability', arguments: {} });
  expect(result.isError).toBe(true);
  expect(JSON.parse(textOf(result))).toMatchObject({
    code: 'CLIENT_ABILITY_MISSING',
    data: { ability: 'sampling' },
  });
});

test('a client of 2026-07-28 that can not be asked is told what it lacks', async () => {
  const client = await connect('2026-07-28', {});
  const call = client.callTool({ name: 'test_missing_capability', arguments: {} });
  await expect(call).rejects.toMatchObject({
    code: -32021,
    data: { requiredCapabilities: { sampling: {} } },
  });
});

/** A request of 2026-07-28 as it stands on the wire. */
async function ask(name: string, more: object, subject = SEATTLE): Promise<ReturnType<typeof JSON.parse>> {
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': { name: 'test', version: '0' },
    'io.modelcontextprotocol/clientCapabilities': ALL,
  };
  const response = await served.post(
    { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: {}, _meta, ...more } },
    {
      ...{ 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/call', 'mcp-name': name },
      'x-rls-user-id': subject,
    },
  );
  return response.json();
}

const ELICITS = 'test_input_required_result_elicitation';
const ANSWER = { inputResponses: { user_name: { action: 'accept', content: { name: 'Ann' } } } };

describe('threat: the state of an unfinished call, used by another or for something else', () => {
  test.each<[string, (state: string) => Promise<{ readonly error: object }>]>([
    ['that was changed', (state) => ask(ELICITS, { ...ANSWER, requestState: `${state}x` })],
    [
      'of another subject',
      (state) => ask(ELICITS, { ...ANSWER, requestState: state }, '0190a000-0000-7000-8000-000000000002'),
    ],
    [
      'of another tool',
      (state) => ask('test_input_required_result_tampered_state', { ...ANSWER, requestState: state }),
    ],
    ['of other arguments', (state) => ask(ELICITS, { arguments: { a: 1 }, ...ANSWER, requestState: state })],
  ])('%s is refused', async (_, use) => {
    const { result } = await ask(ELICITS, {});
    expect(result.resultType).toBe('input_required');
    expect((await use(result.requestState)).error).toMatchObject({ code: -32602 });
    const { result: done } = await ask(ELICITS, { ...ANSWER, requestState: result.requestState });
    expect(done.content[0].text).toContain('"name":"Ann"');
  });
});

test('a call that asks is one line of the log for each time that it runs, and no failure', async () => {
  await ask(ELICITS, {});
  const line = served.logged.filter(({ tool_name }) => tool_name === ELICITS).at(-1);
  expect(line).toMatchObject({ level: 'info', status: 'error', error_code: 'INPUT_REQUIRED' });
});

test('over stdio a client is asked as well', async () => {
  const permissions = new Set(['read:analytics'] as const);
  const principal = {
    subject: SEATTLE,
    name: 'seattle',
    roles: [],
    permissions,
    method: 'operator',
  } as const;
  const [stdin, stdout] = [new PassThrough(), new PassThrough()];
  const transport = createStdioTransport({ serving: served.serving, principal, stdin, stdout });
  const say = (message: object) => stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  const heard = stdout[Symbol.asyncIterator]();
  const hear = async () => JSON.parse(String((await heard.next()).value));
  const clientInfo = { name: 'test', version: '0' };
  say({
    ...{ id: 0, method: 'initialize' },
    params: { protocolVersion: '2025-11-25', capabilities: { elicitation: {} }, clientInfo },
  });
  await hear();
  say({ method: 'notifications/initialized' });
  say({ id: 1, method: 'tools/call', params: { name: ELICITS, arguments: {} } });
  const question = await hear();
  expect(question).toMatchObject({ method: 'elicitation/create', params: { message: 'What is your name?' } });
  say({ id: question.id, result: { action: 'decline' } });
  const { result } = await hear();
  expect(textOf(result)).toBe('Elicitation completed: action=decline, content={}');
  await transport.close();
});
