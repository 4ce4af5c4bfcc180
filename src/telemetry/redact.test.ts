import { expect, test } from 'vitest';
import { isSecretName, mask, redact, redactText } from './redact.ts';

test.each([
  ...[
    'password',
    'PASSWORD',
    'db_password',
    'passwordHash',
    'token',
    'accessToken',
    'secret',
    'client_secret',
    'key',
  ],
  ...[
    'api_key',
    'apiKey',
    'x-api-key',
    'X-API-Key',
    'privateKey',
    'authorization',
    'Authorization',
    'cookie',
  ],
  ...['set-cookie', 'connection_string', 'connectionString', 'DATABASE_URL', 'PGPASSWORD', 'credentials'],
  ...['AZURE_STORAGE_CONNECTION_STRING', 'ConnectionStrings__Default', 'AzureStorageConnectionString'],
  ...['pass', 'db_pass', 'pw', 'pin', 'otp', 'jwt', 'idJwt', 'pgpass'],
  ...['SENTRY_DSN', 'SharedAccessSignature', 'sig', 'READER_DATABASE_URL'],
])('%s is a secret', (name) => {
  expect(isSecretName(name)).toBe(true);
  expect(redact({ outer: [{ [name]: 'abcdefghijklmnop' }] })).toEqual({ outer: [{ [name]: 'ab***op' }] });
});

test.each([
  'message',
  'request_id',
  'tool_name',
  'keyboard',
  'monkey',
  'token_count',
  'key_count',
  'duration_ms',
  'connection_count',
  'author',
  'design',
  'bypass',
  'shipping',
  'pass_count',
  'pinned',
  '',
])('%j is none', (name) => expect(isSecretName(name)).toBe(false));

test.each([
  ['hunter22hunter22', 'hu***22'],
  ['twelve chars', 'tw***rs'],
  ['hunter2hunt', '***'],
  ['abcd', '***'],
  ['', '***'],
  [123456789012, '***'],
  [{ nested: 'abcdefghijklmnop' }, '***'],
  [['abcdefghijklmnop'], '***'],
])('%j is masked as %s', (value, masked) => expect(mask(value)).toBe(masked));

test.each([
  ['postgres://aisle:hunter2@db:5432/retail', 'postgres://***@db:5432/retail'],
  ['postgres://aisle:p@ss/w?rd@db/retail', 'postgres://***@db/retail'],
  ['https://ghp_abcdef@github.example/x', 'https://***@github.example/x'],
  ['at https://example.com/a?b=c#d', 'at https://example.com/a?b=c#d'],
  ['?token=abc&x=1', '?token=***&x=1'],
  ["password='a b c' user=x", 'password=*** user=x'],
  ['{"api_key": "abc", "n": 1}', '{"api_key": ***, "n": 1}'],
  ['Authorization: Bearer eyJhbGciOi.J9', 'Authorization: Bearer ***'],
  ['nothing to see', 'nothing to see'],
])('text %j becomes %j', (text, expected) => expect(redactText(text)).toBe(expected));

test('hostile text is redacted in linear time', () => {
  for (const piece of [
    'a',
    'a:',
    'password ',
    'bearer ',
    'x://',
    'x://a:',
    '-_',
    `${'a'.repeat(20)}://`,
    'eyJ-',
  ]) {
    const started = performance.now();
    redactText(piece.repeat(1_000_000));
    expect(performance.now() - started).toBeLessThan(500);
  }
});

test('an error keeps its message and causes, without secrets', () => {
  const inner = new Error('connect to postgres://u:hunter2@db/x failed');
  const error = new AggregateError([inner], 'outer', {
    cause: Object.assign(inner, { password: 'abc', code: 'ECONNREFUSED' }),
  });
  const redacted = redact({ error });
  expect(redacted).toMatchObject({
    error: {
      type: 'AggregateError',
      message: 'outer',
      errors: [{ type: 'Error' }],
      cause: {
        code: 'ECONNREFUSED',
        message: 'connect to postgres://***@db/x failed',
        stack: expect.stringMatching(/^\s+at /),
      },
    },
  });
  expect(JSON.stringify(redacted)).not.toMatch(/hunter2|"abc"/);
});

test("PostgreSQL's texts, which quote queries and rows, are left out", () => {
  const error = Object.assign(new Error('invalid input syntax for type integer: "4111111111111111"'), {
    ...{ severity: 'ERROR', code: '22P02', routine: 'pg_strtoint32_safe', table: 'orders' },
    ...{ detail: 'Key (email)=(ann@example.com)', where: 'line 1', internalQuery: 'SELECT 1', hint: 'x' },
  });
  const redacted = redact(new Error('query failed', { cause: error }));
  expect(redacted).toMatchObject({
    cause: { code: '22P02', routine: 'pg_strtoint32_safe', table: 'orders' },
  });
  expect(JSON.stringify(redacted)).not.toMatch(/4111|ann@|SELECT|invalid input/);
});

test('odd values are made plain', () => {
  const cycle: Record<string, unknown> = {
    big: 2n ** 64n,
    at: new Date(0),
    bytes: Buffer.from('ab'),
    url: new URL('http://a:b@c/'),
  };
  cycle.self = cycle;
  cycle.map = new Map([['token', 'abcdefghijklmnop']]);
  cycle.set = new Set([1]);
  Object.defineProperty(cycle, 'trap', {
    enumerable: true,
    get: () => {
      throw new Error('no');
    },
  });
  expect(redact(cycle)).toEqual({
    big: '18446744073709551616',
    at: '1970-01-01T00:00:00.000Z',
    bytes: '[2 bytes]',
    url: 'http://***@c/',
    self: '[circular]',
    map: { token: 'ab***op' },
    set: [1],
    trap: '[unreadable]',
  });
});

test.each([
  [[['authorization', 'Shop hunter2hunter2']], [['authorization', 'Sh***r2']]],
  [{ 'x-api-key': ['abc', 'def'] }, { 'x-api-key': '***' }],
  [
    [['key', 'name'], ['authorization', 'cookie', 'host'], ['authorization']],
    [['key', 'name'], ['authorization', 'cookie', 'host'], ['authorization']],
  ],
])('headers %j become %j', (headers, expected) => expect(redact(headers)).toEqual(expected));

test('the last word of a long text is looked for once', () => {
  const started = process.cpuUsage();
  for (let n = 0; n < 20; n += 1) redactText(`${'a'.repeat(8191)} ${'b'.repeat(100)}`);
  expect(process.cpuUsage(started).user / 1000).toBeLessThan(200);
});

test('numbers that are those of cards are masked, others are not', () => {
  const numbers = { card: 4111111111111111, list: [378282246310005], big: 6011000990139424n };
  expect(redact(numbers)).toEqual({ card: '***', list: ['***'], big: '***' });
  const others = { wrong: 4111111111111112, ms: 1763753597000, share: 0.4111111111111111, bytes: 4e12 };
  expect(redact(others)).toEqual(others);
});

test('length and depth are bounded', () => {
  let deep: unknown = 'end';
  for (let level = 0; level < 10_000; level += 1) deep = [deep];
  expect(JSON.stringify(redact(deep))).toContain('[deep]');
  expect((redact(Array.from({ length: 1000 }, (_, n) => n)) as unknown[]).at(-1)).toBe('… (1000 items)');
  expect((redact('x'.repeat(100_000)) as string).length).toBeLessThan(5000);
});
