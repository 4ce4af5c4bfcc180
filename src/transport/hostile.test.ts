/** Hostile input over HTTP: every answer is a clear error or a result, never a crash, and the server is healthy after. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Served, serve } from '../../test/harness/served.ts';

let served: Served;
beforeAll(async () => {
  served = await serve();
});
afterAll(() => served.transport.close());

const HOSTILE_KEYS = [
  '__proto__',
  'constructor',
  'toString',
  'message',
  'times',
  '',
  '\u0000',
  'ключ',
  '__defineGetter__',
];
const HOSTILE_TEXTS = [
  "'; DROP TABLE x; --",
  '\u0000',
  '\ud800',
  '{{7*7}}',
  '../../etc/passwd',
  'x'.repeat(20_000),
];

const key = fc.oneof(fc.constantFrom(...HOSTILE_KEYS), fc.string());
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(...HOSTILE_TEXTS, null, true, -0, 1e308, 2 ** 53, Number.MIN_VALUE),
    fc.string({ unit: 'binary' }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.array(tie('any')),
    fc.array(fc.tuple(key, tie('any'))).map(object),
  ),
})).any;
const args = fc.array(fc.tuple(key, value), { maxLength: 6 }).map(object);

/** With own properties of any name, `__proto__` included, as JSON.parse makes them. */
function object(entries: readonly (readonly [string, unknown])[]): unknown {
  return Object.defineProperties(
    {},
    Object.fromEntries(entries.map(([name, item]) => [`${name}`, { value: item, enumerable: true }])),
  );
}

async function rpc(body: unknown) {
  const response = await served.post(body);
  const text = await response.text();
  expect(response.status).toBeLessThan(500);
  expect(text).not.toMatch(/\bat \w+ \(|node_modules|TypeError|ZodError/);
  const data = /^data: (.*)$/m.exec(text)?.[1] ?? text;
  return data === '' ? undefined : JSON.parse(data);
}

async function expectHealthy() {
  const call = {
    jsonrpc: '2.0',
    id: 1,
    method: 'tools/call',
    params: { name: 'echo', arguments: { message: 'well' } },
  };
  expect(await rpc(call)).toMatchObject({ result: { structuredContent: { message: 'well' } } });
  expect(Object.getOwnPropertyNames(Object.prototype)).not.toContain('polluted');
}

test('any arguments get a result, or an error that names a field', async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom('echo', 'fail'), args, async (name, given) => {
      const { result } = await rpc({
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/call',
        params: { name, arguments: given },
      });
      if (!result.isError) return;
      const error = JSON.parse(result.content[0].text);
      expect(error).toMatchObject({ code: expect.any(String), message: expect.any(String) });
      expect(error.code).not.toBe('INTERNAL_ERROR');
      expect(error.message.length).toBeLessThan(2000);
      if (error.code === 'VALIDATION_ERROR') expect(error.message).toMatch(/[Ff]ield|limit must/);
    }),
    { numRuns: 150 },
  );
  await expectHealthy();
});

test('any message gets a JSON-RPC answer', async () => {
  const method = fc.constantFrom(
    'tools/call',
    'tools/list',
    'resources/read',
    'completion/complete',
    'initialize',
    'x',
    '__proto__',
  );
  const message = fc.oneof(
    value,
    fc.record(
      { jsonrpc: fc.constantFrom('2.0', '1.0'), id: fc.oneof(fc.integer(), value), method, params: value },
      { requiredKeys: [] },
    ),
  );
  await fc.assert(
    fc.asyncProperty(fc.oneof(message, fc.array(message, { maxLength: 3 })), async (body) => {
      const answer = await rpc(JSON.stringify(body));
      for (const one of [answer ?? []].flat()) expect(one).toMatchObject({ jsonrpc: '2.0' });
    }),
    { numRuns: 150 },
  );
  await expectHealthy();
});

test('any bytes get an answer', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 500 }), async (body) => {
      expect((await served.post(body)).status).toBeGreaterThanOrEqual(200);
    }),
    { numRuns: 100 },
  );
  await expectHealthy();
});

test.each([
  // The SDK leaves this key out when it copies a message.
  ['__proto__', '{"polluted":1}', /^a$/],
  ['constructor', '{"prototype":{"polluted":1}}', /Unknown field 'constructor'/],
])('a prototype as the argument %s changes nothing', async (name, value, answer) => {
  const params = `{"name":"echo","arguments":{"message":"a","${name}":${value}}}`;
  const { result } = await rpc(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":${params}}`);
  expect(result.content[0].text).toMatch(answer);
  await expectHealthy();
});

test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('there is no tool %s', async (name) => {
  const { error } = await rpc({
    jsonrpc: '2.0',
    id: 1,
    method: 'tools/call',
    params: { name, arguments: {} },
  });
  expect(error).toMatchObject({ code: -32602, data: { code: 'TOOL_NOT_FOUND' } });
});
