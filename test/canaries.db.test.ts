/**
 * Threat: a secret that goes in somewhere comes out somewhere else. Secrets are planted in every input of a real server, every
 * kind of failure is provoked, and everything that it writes is searched: its output, its answers, its files, the tables of
 * the schema `audit` and the process list. What is found is named as `secret in place`; nothing may be.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { openDatabase } from '../src/app/engine.ts';
import { parseSettings } from '../src/config.ts';
import { EmbeddedServer } from '../src/data/embedded/server.ts';
import { newSecretKey } from '../src/secrets/secret-keys.ts';
import { silentLogger } from '../src/telemetry/logger.ts';
import { createManagedDatabase } from './harness/postgres-database.ts';
import { type CliProcess, type ServerProcess, startCli, startServer } from './harness/server-process.ts';
import { auditTables, type Canary, commandLines, filesOf, leaks, type Sink } from './harness/sinks.ts';
import { loadTwoStores, NORTH, SOUTH } from './harness/two-stores.ts';

const word = () => `cny${randomBytes(9).toString('hex')}`;
const base64url = (text: string) => Buffer.from(text).toString('base64url');
const canary = (what: string, text = word()): Canary => ({ what, text });

/** What callers send: it may come back to them, and stand nowhere else. */
const SENT = {
  bearer: canary('a bearer token'),
  jwt: canary('a JWT', `eyJhbGciOiJub25lIn0.${base64url(`{"a":"${randomBytes(6).toString('hex')}"}`)}.c2ln`),
  apiKey: canary('an API key', `aisle_ab12cd34_${randomBytes(32).toString('base64url')}`),
  cookie: canary('a cookie'),
  query: canary('a token in a URL'),
  agent: canary('a password in a user agent'),
  body: canary('a password in a body that is no JSON'),
  literal: canary('a literal of a query'),
  comment: canary('a comment of a query'),
  column: canary('a password for a column'),
  argument: canary('an argument that is not known'),
  tool: canary('a token for a tool'),
  uri: canary('a token in the URI of a resource'),
  origin: canary('a password in an origin'),
  subject: canary('an identity that is none'),
  session: canary('a JWT as a session', `eyJhbGciOiJub25lIn0.${randomBytes(9).toString('base64url')}`),
  card: canary('a card number', '4111 1111 1111 1111'),
  email: canary('an email address', `${word()}@shop.example`),
} as const;

/** What is the operator's, or stands in rows: it comes out nowhere. */
const KEPT = {
  secretKey: canary('the secret key', newSecretKey(new Date())),
  dotEnv: canary('another secret of .env'),
  wrongPassword: canary('a wrong password of DATABASE_URL'),
  keyFile: canary('a file of secrets that is malformed'),
  name: canary('a stored name'),
  reference: canary('a stored payment reference'),
  body: canary('a stored letter'),
} as const;

const keyText: Canary = canary('the bytes of the secret key', KEPT.secretKey.text.split(':')[1]);
const kept = (password: string): readonly Canary[] => [
  ...Object.values(KEPT).filter(({ what }) => what !== KEPT.secretKey.what),
  ...[keyText, canary('the password of DATABASE_URL', password)],
];

interface Installation {
  readonly settings: Readonly<Record<string, string>>;
  /** Of DATABASE_URL; on the embedded database there is none, and a word stands for it. */
  readonly password: string;
  audit(): Promise<readonly Sink[]>;
  drop(): Promise<void>;
}

async function onClient<Result>(config: pg.ClientConfig, work: (client: pg.Client) => Promise<Result>) {
  const client = new pg.Client(config);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function embedded(directory: string): Promise<Installation> {
  return {
    settings: { DATA_DIR: directory },
    password: word(),
    audit: async () => {
      const server = new EmbeddedServer(directory);
      try {
        return await onClient(
          { ...(await server.ready()), user: 'postgres', database: 'postgres' },
          auditTables,
        );
      } finally {
        await server.stop();
      }
    },
    drop: async () => {},
  };
}

async function postgres(directory: string): Promise<Installation> {
  const { url, drop } = await createManagedDatabase(inject('postgresUrl'));
  const asSuperuser = Object.assign(new URL(inject('postgresUrl')), { pathname: new URL(url).pathname }).href;
  return {
    settings: { DATABASE_URL: url, DATA_DIR: directory },
    password: new URL(url).password,
    audit: () => onClient({ connectionString: asSuperuser }, auditTables),
    drop,
  };
}

const installations = [
  { name: 'embedded', install: embedded },
  ...(inject('postgresUrl') === '' ? [] : [{ name: 'postgres', install: postgres }]),
];

async function plantRows(settings: Readonly<Record<string, string>>): Promise<void> {
  const values = { ...settings, SECRET_KEYS: KEPT.secretKey.text };
  const database = await openDatabase(
    parseSettings({ values, decided: new Set(), problems: [] }),
    silentLogger,
  );
  await loadTwoStores(database);
  await database.asLoader(new AbortController().signal, async (session) => {
    await session.query('UPDATE private.customers SET first_name = $1', [KEPT.name.text]);
    const [order] = await session.query<{ id: string }>(
      'SELECT order_id AS id FROM retail.orders WHERE store_id = $1',
      [NORTH.storeId],
    );
    const [customer] = await session.query<{ id: string }>(
      'SELECT customer_id AS id FROM private.customers WHERE store_id = $1',
      [NORTH.storeId],
    );
    const id = (n: number) => `0000000f-0000-4000-8000-00000000000${n}`;
    const payment = {
      store_id: 'uuid',
      payment_id: 'uuid',
      order_id: 'uuid',
      amount: 'numeric',
      method: 'text',
      reference: 'text',
    };
    await session.load('retail.payments', payment, [
      [NORTH.storeId, id(1), order?.id ?? '', '1', 'card', KEPT.reference.text],
    ]);
    const ticket = {
      store_id: 'uuid',
      ticket_id: 'uuid',
      customer_id: 'uuid',
      subject: 'text',
      body: 'text',
    };
    await session.load('retail.support_tickets', ticket, [
      [NORTH.storeId, id(2), customer?.id ?? '', 'Subject', KEPT.body.text],
    ]);
  });
  await database.close();
}

interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

interface Answered {
  readonly status: number;
  readonly text: string;
}

/** Not fetch, which would not send every header. */
function send(
  origin: string,
  { method = 'POST', path = '/mcp', headers = {}, body }: Sent,
): Promise<Answered> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const own = {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    'x-rls-user-id': NORTH.principal.subject,
    ...headers,
  };
  return new Promise((answered, failed) => {
    const sending = request(new URL(path, origin), { method, headers: own }, (response) => {
      let seen = JSON.stringify(response.rawHeaders);
      response.setEncoding('utf8').on('data', (chunk: string) => {
        seen += chunk;
      });
      response.on('end', () => answered({ status: response.statusCode ?? 0, text: seen }));
    });
    sending.on('error', failed).end(body === undefined ? '' : text);
  });
}

let calls = 0;
const rpc = (method: string, params: object): Sent => {
  calls += 1;
  return {
    headers: { 'x-request-id': `canary-${calls}` },
    body: { jsonrpc: '2.0', id: calls, method, params },
  };
};
const tool = (name: string, args: object): Sent => rpc('tools/call', { name, arguments: args });
const sql = (text: string): Sent => tool('execute_sales_query', { postgresql_query: text });
const SIMPLE = sql('SELECT 1 AS one');
const withHeaders = (headers: Readonly<Record<string, string>>): Sent => ({
  ...SIMPLE,
  headers: { ...SIMPLE.headers, ...headers },
});

/** Every input, and what the server says of it: proof that it arrived, and as what. */
const INPUTS: readonly (readonly [what: string, sent: Sent, status: number, says: string])[] = [
  ['a bearer token', withHeaders({ authorization: `Bearer ${SENT.bearer.text}` }), 200, '"rows"'],
  ['an API key', withHeaders({ 'x-api-key': SENT.apiKey.text }), 200, '"rows"'],
  ['a cookie', withHeaders({ cookie: `session=${SENT.cookie.text}` }), 200, '"rows"'],
  ['a user agent', withHeaders({ 'user-agent': `x password=${SENT.agent.text}` }), 200, '"rows"'],
  ['a request id', withHeaders({ 'x-request-id': SENT.jwt.text }), 200, '"rows"'],
  ['a session', withHeaders({ 'mcp-session-id': SENT.session.text }), 404, 'NOT_FOUND'],
  ['an origin', withHeaders({ origin: `https://a:${SENT.origin.text}@b.example` }), 403, 'FORBIDDEN'],
  ['a host', withHeaders({ host: `${SENT.origin.text}.example` }), 403, 'FORBIDDEN'],
  ['no identity', withHeaders({ 'x-rls-user-id': SENT.subject.text }), 401, 'UNAUTHENTICATED'],
  ['another path', { method: 'GET', path: `/x?token=${SENT.query.text}` }, 404, 'NOT_FOUND'],
  [
    'another method',
    { method: 'PUT', path: `/mcp?token=${SENT.query.text}`, body: {} },
    405,
    'METHOD_NOT_ALLOWED',
  ],
  ['no JSON', { body: `{"password": "${SENT.body.text}` }, 400, 'BAD_REQUEST'],
  [
    'another type',
    { headers: { 'content-type': 'text/plain' }, body: SENT.body.text },
    415,
    'UNSUPPORTED_MEDIA_TYPE',
  ],
  ['a large body', { body: SENT.body.text.repeat(60_000) }, 413, 'BODY_TOO_LARGE'],
  ['a literal', sql(`SELECT '${SENT.literal.text}' AS a`), 200, '"rows"'],
  ['a literal that is no number', sql(`SELECT '${SENT.literal.text}'::int`), 200, 'DATABASE_ERROR'],
  ['a card and an address', sql(`SELECT '${SENT.card.text}' AS a, '${SENT.email.text}' AS b`), 200, '"rows"'],
  ['a card that is no number', sql(`SELECT '${SENT.card.text}'::int`), 200, 'DATABASE_ERROR'],
  ['a comment', sql(`SELECT 1 -- ${SENT.comment.text}`), 200, '"rows"'],
  ['bad syntax', sql(`SELEC '${SENT.literal.text}'`), 200, 'SQL_'],
  ['a column', sql(`SELECT "password=${SENT.column.text}" FROM retail.orders`), 200, 'DATABASE_ERROR'],
  ['a function', sql(`SELECT "password=${SENT.column.text}"()`), 200, 'SQL_'],
  ['a table', sql(`SELECT * FROM "password=${SENT.column.text}"`), 200, 'SQL_'],
  [
    'a division by zero',
    sql(`SELECT length('${SENT.literal.text}') / 0 FROM retail.orders`),
    200,
    'DATABASE_ERROR',
  ],
  ['a row that is no number', sql('SELECT first_name::int FROM retail.customers'), 200, 'DATABASE_ERROR'],
  ['a letter that is no JSON', sql('SELECT body::jsonb FROM retail.support_tickets'), 200, 'DATABASE_ERROR'],
  ['a letter', sql('SELECT body, subject FROM retail.support_tickets'), 200, 'enc:v1:'],
  ['a reference', sql('SELECT reference FROM retail.payments'), 200, 'enc:v1:'],
  [
    "another store's name",
    sql(`SELECT first_name::int FROM retail.customers WHERE store_id = '${SOUTH.storeId}'`),
    200,
    '"rows"',
  ],
  [
    'an unknown argument',
    tool('execute_sales_query', { [SENT.argument.text]: SENT.argument.text }),
    200,
    'VALIDATION_ERROR',
  ],
  ['a wrong argument', tool('sales_report', { template: SENT.argument.text }), 200, 'VALIDATION_ERROR'],
  ['an unknown tool', tool(`token=${SENT.tool.text}`, {}), 200, 'TOOL_NOT_FOUND'],
  [
    'an unknown resource',
    rpc('resources/read', { uri: `database://x?token=${SENT.uri.text}` }),
    200,
    'error',
  ],
  ['an unknown method', rpc(`token=${SENT.tool.text}`, {}), 200, 'error'],
  ['a batch', { body: [{ jsonrpc: '2.0', id: 1, method: SENT.argument.text }] }, 200, 'error'],
];

describe.each(installations)('canaries on $name', ({ install }) => {
  let folder: string;
  let installation: Installation;
  let server: ServerProcess;
  const answers: Sink[] = [];
  const commands: CliProcess[] = [];

  /** Runs a command to its end, in a directory whose .env holds a secret. */
  const run = async (args: readonly string[], env: Readonly<Record<string, string>>) => {
    const cli = startCli(args, { LOG_LEVEL: 'debug', ...env }, { directory: folder });
    commands.push(cli);
    return cli.ended;
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'aisle-test-'));
    installation = await install(join(folder, 'data'));
    await plantRows(installation.settings);
    const dotEnv = `OTHER_PASSWORD=${KEPT.dotEnv.text}\nSECRET_KEYS=${KEPT.dotEnv.text}\n`;
    writeFileSync(join(folder, '.env'), dotEnv);
    writeFileSync(join(folder, 'key'), `${KEPT.keyFile.text}\n`);
    const env = { ...installation.settings, SECRET_KEYS: KEPT.secretKey.text, LOG_LEVEL: 'debug' };
    server = await startServer([], env, folder);
    commands.push(server);
  });
  afterAll(async () => {
    if (server.process.exitCode === null) await server.stop();
    await installation.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(INPUTS)('%s arrives', async (what, sent, status, says) => {
    const answer = await send(new URL(server.url).origin, sent);
    answers.push({ name: `the answer to ${what}`, text: answer.text });
    expect(answer.text).toContain(says);
    expect(answer.status).toBe(status);
  });

  it('each call has a line in the log, by its request id', async () => {
    const called = INPUTS.filter(([, { body }]) => JSON.stringify(body ?? '').includes('postgresql_query'))
      .filter(([, , status]) => status === 200)
      .map(([, { headers }]) => headers?.['x-request-id'] ?? '')
      .map((id) => (id === SENT.jwt.text ? '***' : id));
    expect(called.length).toBeGreaterThan(15);
    expect(called).toContain('***'); // the request id that was a JWT
    const unsaid = () => {
      const lines = server
        .stderr()
        .split('\n')
        .filter((line) => line.startsWith('{') && line.endsWith('}'));
      const said = new Set(lines.map((line) => (JSON.parse(line) as { request_id?: string }).request_id));
      return called.filter((id) => !said.has(id));
    };
    // Lines wait for others for a moment.
    await expect.poll(unsaid).toEqual([]);
  });

  it('the process list, while it runs', () => {
    const lines = commandLines(server.process.pid ?? 0);
    expect(lines[0]?.text).toContain(' serve ');
    expect(leaks(lines, [...Object.values(SENT), ...kept(installation.password)])).toEqual([]);
  });

  const wrong = `postgres://owner:${KEPT.wrongPassword.text}@127.0.0.1:1/none`;
  it.each([
    ['a database out of reach', ['migrate'], { DATABASE_URL: wrong }],
    ['a database of another kind', ['migrate'], { DATABASE_URL: wrong.replace('postgres', 'mysql') }],
    ['a malformed key', ['migrate'], { SECRET_KEYS: KEPT.wrongPassword.text }],
    ['a malformed key of a file', ['migrate'], { SECRET_KEYS: '', SECRET_KEYS_FILE: 'key' }],
    [
      'settings unfit for production',
      ['config', 'check', '--environment', 'production'],
      { DATABASE_URL: wrong },
    ],
    ['a doctor without a database', ['doctor'], { DATABASE_URL: wrong }],
  ])('a command that fails for %s', async (_what, args, env) => {
    expect(await run(args, { ...installation.settings, SECRET_KEYS: KEPT.secretKey.text, ...env })).toBe(1);
    expect(commands.at(-1)?.stderr() ?? '').not.toMatch(/Unexpected failure/);
  });

  it('a wrong password', async () => {
    const url = installation.settings.DATABASE_URL;
    if (url === undefined) return; // the embedded database has none
    const other = Object.assign(new URL(url), { password: KEPT.wrongPassword.text }).href;
    const env = { DATABASE_URL: other, SECRET_KEYS: KEPT.secretKey.text };
    expect(await run(['migrate'], env)).toBe(1);
  });

  it('the settings, printed', async () => {
    const env = { ...installation.settings, SECRET_KEYS: KEPT.secretKey.text };
    expect(await run(['config', 'print'], env)).toBe(0);
    const [id = ''] = KEPT.secretKey.text.split(':');
    expect(commands.at(-1)?.stdout()).toContain(`${id}:***`);
  });

  it('in no output, no answer, no file and no table of the schema audit', async () => {
    expect(await server.stop()).toBe(0);
    const tables = await installation.audit();
    expect(tables.map(({ name }) => name)).toEqual(expect.arrayContaining(['audit.imports', 'audit.seeds']));
    const output = commands.map((cli, n) => ({ name: `output ${n}`, text: cli.stdout() + cli.stderr() }));
    const files = filesOf(join(folder, 'data'));
    const written = [...output, ...files, ...tables];
    const own = kept(installation.password);
    expect(leaks(written, [...Object.values(SENT), ...own])).toEqual([]);
    expect(leaks(answers, own)).toEqual([]);
    expect(answers).toHaveLength(INPUTS.length);
  });
});
