/** The protocol over pipes: in-process streams, and a process of its own as a client starts it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { describe, expect, test } from 'vitest';
import { type FakeServing, fakeServing, SEATTLE } from '../../test/harness/served.ts';
import { createRateLimiter } from '../resilience/rate-limiter.ts';
import { createStdioTransport, type StdioTransport } from './stdio.ts';

const PRINCIPAL = {
  subject: SEATTLE,
  name: 'seattle',
  roles: [],
  method: 'operator' as const,
  permissions: new Set(['read:analytics'] as const),
};
const INITIALIZE = {
  jsonrpc: '2.0',
  id: 0,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '0' } },
};
const call = (id: number, name: string, args: object) => ({
  jsonrpc: '2.0',
  id,
  method: 'tools/call',
  params: { name, arguments: args },
});

interface Pipes extends FakeServing {
  readonly transport: StdioTransport;
  readonly stdin: PassThrough;
  send(message: unknown): void;
  /** The next message on stdout. */
  next(): Promise<Record<string, Record<string, unknown>>>;
}

function pipes(...options: Parameters<typeof fakeServing>): Pipes {
  const made = fakeServing(...options);
  const stdin = new PassThrough();
  const stdout = new PassThrough();
  const transport = createStdioTransport({ serving: made.serving, principal: PRINCIPAL, stdin, stdout });
  const lines = stdout.setEncoding('utf8').iterator({ destroyOnReturn: false });
  return {
    ...made,
    transport,
    stdin,
    send: (message) => stdin.write(`${typeof message === 'string' ? message : JSON.stringify(message)}\n`),
    next: async () => JSON.parse((await lines.next()).value),
  };
}

/** A process that serves the fake module, as `aisle serve --stdio` would. */
const CHILD = [
  '--input-type=module',
  '-e',
  `import { createPipeline } from '${import.meta.dirname}/../pipeline/index.ts';
   import { createLogger } from '${import.meta.dirname}/../telemetry/logger.ts';
   import { createStdioTransport } from '${import.meta.dirname}/stdio.ts';
   import { fakeModule } from '${import.meta.dirname}/../../test/harness/fake-module.ts';
   const logger = createLogger({ level: 'debug' });
   const serving = { modules: [fakeModule()], pipeline: createPipeline({ logger }), version: '1.2.3', logger };
   const principal = { subject: '${SEATTLE}', name: 'seattle', permissions: new Set(['read:analytics']) };
   await createStdioTransport({ serving, principal }).closed;
   logger.info('ended');`,
];

test('the caller is whoever started the process, and every call has an id of its own', async () => {
  const { send, next, fake } = pipes();
  send(INITIALIZE);
  expect(await next()).toMatchObject({
    id: 0,
    result: { serverInfo: { name: 'aisle' }, protocolVersion: '2025-11-25' },
  });
  const ids = new Set<string | undefined>();
  for (const id of [1, 2]) {
    send(call(id, 'echo', { message: 'hi' }));
    expect(await next()).toMatchObject({ id, result: { structuredContent: { message: 'hi' } } });
    expect(fake.lastContext()?.principal).toBe(PRINCIPAL);
    ids.add(fake.lastContext()?.requestId);
  }
  expect(ids.size).toBe(2);
});

test('cancelling a call aborts its signal, and it is not answered', async () => {
  const { send, next, fake } = pipes();
  send(INITIALIZE);
  await next();
  send(call(1, 'wait', {}));
  const waiting = await fake.nextWaiting();
  const aborted = once(waiting.context.signal, 'abort');
  send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1, reason: 'enough' } });
  await aborted;
  waiting.finish();
  send(call(2, 'echo', { message: 'next' }));
  expect(await next()).toMatchObject({ id: 2 });
});

test('a call past the limit of calls is a result that says so, and when to try again', async () => {
  const limiter = createRateLimiter({ name: 'caller', limit: 1, periodSeconds: 60 });
  const { send, next } = pipes({ rateLimits: { limiter } });
  send(INITIALIZE);
  await next();
  send(call(1, 'echo', { message: 'hi' }));
  expect(await next()).toMatchObject({ id: 1, result: { structuredContent: { message: 'hi' } } });
  send(call(2, 'echo', { message: 'hi' }));
  const { id, result = {} } = await next();
  expect([id, result.isError]).toEqual([2, true]);
  const [{ text: refusal }] = result.content as [{ text: string }];
  expect(JSON.parse(refusal)).toMatchObject({
    code: 'RATE_LIMITED',
    message: expect.stringMatching(/ Try again in (60|59) s\.$/),
  });
});

describe('ends', () => {
  test.each<[string, (pipe: Pipes) => unknown]>([
    ['when stdin closes', ({ stdin }) => stdin.end()],
    ['when it is told to', ({ transport }) => transport.close()],
    ['when a message is larger than it takes', ({ stdin }) => stdin.write('x'.repeat(2_000_000))],
  ])('%s, and stops what runs', async (_, end) => {
    const pipe = pipes();
    pipe.send(INITIALIZE);
    await pipe.next();
    pipe.send(call(1, 'wait', {}));
    const waiting = await pipe.fake.nextWaiting();
    end(pipe);
    await pipe.transport.closed;
    expect(waiting.context.signal.aborted).toBe(true);
    waiting.finish();
  });
});

describe('as a process', () => {
  test.each([
    ['2025-11-25', 'legacy'],
    ['2026-07-28', { pin: '2026-07-28' }],
  ] as const)("serves the SDK's client of %s", async (era, mode) => {
    const client = new Client({ name: 'test', version: '0' }, { versionNegotiation: { mode } });
    await client.connect(
      new StdioClientTransport({ command: process.execPath, args: CHILD, stderr: 'ignore' }),
    );
    expect(client.getNegotiatedProtocolVersion()).toBe(era);
    expect((await client.listTools()).tools).toHaveLength(3);
    const result = await client.callTool({ name: 'echo', arguments: { message: 'over a pipe' } });
    expect(result.structuredContent).toEqual({ message: 'over a pipe' });
    await client.close();
  });

  test('stdout carries nothing but protocol, logs go to stderr, and it ends with its stdin', async () => {
    const child = spawn(process.execPath, CHILD, { stdio: ['pipe', 'pipe', 'pipe'] });
    const { promise: answered, resolve } = Promise.withResolvers<void>();
    let stdout = '';
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
      if (stdout.split('\n').length > 4) resolve();
    });
    const stderr = text(child.stderr);
    const messages = [
      INITIALIZE,
      call(1, 'echo', { message: 'hi' }),
      call(2, 'fail', { kind: 'unforeseen' }),
      'not JSON',
      call(3, 'nothing', {}),
    ];
    for (const message of messages) {
      child.stdin.write(`${typeof message === 'string' ? message : JSON.stringify(message)}\n`);
    }
    await answered;
    child.stdin.end();
    const [code] = await once(child, 'close');
    expect(code).toBe(0);
    const sent = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(sent.every(({ jsonrpc }) => jsonrpc === '2.0')).toBe(true);
    expect(sent.map(({ id }) => id).sort()).toEqual([0, 1, 2, 3]);
    const logged = (await stderr)
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(logged.map(({ message }) => message)).toEqual(expect.arrayContaining(['tool_call', 'ended']));
  });
});
