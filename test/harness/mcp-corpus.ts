/** Requests of every kind, made out of lists: what is ordinary in each era, and each way in which one can be something else. */
import { FAILURES } from './fake-module.ts';

export interface McpCase {
  readonly what: string;
  /** Of the protocol; undefined where none is named. */
  readonly version: Version;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
  /** Whether it needs no SDK. */
  readonly ordinary: boolean;
}

interface Question {
  readonly method: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

type Version = (typeof VERSIONS)[number];

const MODERN = '2026-07-28';
export const VERSIONS = [MODERN, '2025-11-25', '2025-06-18', '2024-11-05', undefined] as const;

const META = 'io.modelcontextprotocol/';
export const ENVELOPE = {
  [`${META}protocolVersion`]: MODERN,
  [`${META}clientInfo`]: { name: 'corpus', version: '1', title: 'ü ☃' },
  [`${META}clientCapabilities`]: { elicitation: {} },
};
const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

const call = (name: unknown, args?: unknown): Question => ({
  method: 'tools/call',
  params: { name, ...(args !== undefined && { arguments: args }) },
});
const ECHO = call('echo', { message: 'hello' });
const LIST: Question = { method: 'tools/list' };

const ORDINARY_IDS = [0, -1, Number.MAX_SAFE_INTEGER, '', 'a', '1', 'ü ☃ "\\ \u2028', 'x'.repeat(128)];
const ODD_IDS = [null, 1.5, true, {}, 'x'.repeat(129)];

const ORDINARY: readonly Question[] = [
  LIST,
  { method: 'tools/list', params: {} },
  ECHO,
  ...['', 'data: x\n\nevent: y', '\u2028\u2029"\\</script>', '😀', 'x'.repeat(1000)].map((message) =>
    call('echo', { message }),
  ),
  call('echo', { message: 'x', times: 3 }),
  ...[{}, { message: 7 }, { message: 'x', times: 4 }, { message: 'x', times: 1.5 }, { mesage: 'x' }].map(
    (args) => call('echo', args),
  ),
  call('echo', { message: 'x'.repeat(1001) }),
  call('echo', { message: 'x', constructor: 1, два: [{ a: null }] }),
  call('echo', { a: 1, b: 2, c: 3, d: 4, e: 5, f: 6, g: 7 }),
  call('echo'),
  ...Object.keys(FAILURES).map((kind) => call('fail', { kind })),
  call('fail', { kind: 'no such kind' }),
  ...['ech', 'no_such_tool', 'a.b-c_D', '__proto__', 'constructor', 'x'.repeat(128)].map((name) =>
    call(name, {}),
  ),
];

const ODD: readonly Question[] = [
  ...[null, [], 'text', 7].map((args) => call('echo', args)),
  call('echo', JSON.parse('{"message":"x","__proto__":{"times":2}}')),
  ...['', 'with space', 'ключ', 'x'.repeat(129), '=?base64?ZWNobw==?='].map((name) => call(name, {})),
  ...[7, null, undefined].map((name) => call(name, {})),
  { method: 'tools/call', params: { name: 'echo', arguments: { message: 'x' }, task: { ttl: 1 } } },
  { method: 'tools/call', params: { name: 'echo', arguments: { message: 'x' }, requestState: 's' } },
  { method: 'tools/call', params: { name: 'echo', arguments: { message: 'x' }, unknown: 1 } },
  { method: 'tools/call' },
  { method: 'tools/list', params: { cursor: 'x' } },
  { method: 'tools/list', params: { cursor: 7 } },
  { method: 'tools/list', params: { unknown: true } },
  ...[
    'ping',
    'server/discover',
    'resources/list',
    'resources/templates/list',
    'prompts/list',
    'no/such',
    '',
  ].map((method) => ({ method })),
  { method: 'resources/read', params: { uri: 'fake://things' } },
  { method: 'resources/read', params: { uri: 'fake://nothing' } },
];

const ODD_META: readonly Readonly<Record<string, unknown>>[] = [
  { progressToken: 1 },
  { [`${META}logLevel`]: 'debug' },
  { [`${META}unknown`]: 1 },
  { 'example.com/own': 1 },
  { traceparent: 7 },
  { [`${META}clientInfo`]: { name: 'without a version' } },
  { [`${META}clientCapabilities`]: null },
  { [`${META}clientCapabilities`]: { filler: 'x'.repeat(5000) } },
  { [`${META}protocolVersion`]: '2099-01-01' },
];

const ODD_HEADERS: readonly Readonly<Record<string, string>>[] = [
  { accept: '' },
  { accept: 'application/json' },
  { accept: 'text/event-stream' },
  { accept: '*/*' },
  { 'content-type': 'application/json; charset=utf-8; profile=x' },
  { 'mcp-session-id': '0190a000-0000-7000-8000-000000000009' },
  { 'last-event-id': '1' },
  { 'mcp-protocol-version': '2099-01-01' },
  { 'mcp-protocol-version': '2025-11-25, 2026-07-28' },
  { 'mcp-protocol-version': '' },
  { 'mcp-method': 'tools/other' },
  { 'mcp-name': 'other' },
  { 'mcp-name': '=?base64?ZWNobw==?=' },
  { 'mcp-name': '=?base64?%%%?=' },
];

/** As a well-behaved client of that version would send it. */
function said(version: Version, { method, params }: Question, id: unknown = 7, meta: object = {}) {
  const isModern = version === MODERN;
  const _meta = { ...(isModern && ENVELOPE), ...meta };
  const hasParams = params !== undefined || Object.keys(_meta).length > 0;
  const name = method === 'resources/read' ? params?.uri : params?.name;
  const isPlain = typeof name === 'string' && /^[\x21-\x7e][\x20-\x7e]*$/.test(name);
  return {
    body: {
      ...{ jsonrpc: '2.0', id, method },
      ...(hasParams && { params: { ...params, ...(Object.keys(_meta).length > 0 && { _meta }) } }),
    },
    headers: {
      ...(version !== undefined && { 'mcp-protocol-version': version }),
      ...(isModern && { 'mcp-method': method }),
      ...(isModern && isPlain && { 'mcp-name': name }),
    } as Record<string, string>,
  };
}

function casesOf(version: Version): McpCase[] {
  const as = (what: string) => `${version ?? 'no version'}, ${what}`;
  const of = (ordinary: boolean, what: string, question: Question, id?: unknown, meta?: object): McpCase => ({
    ...said(version, question, id, meta),
    ...{ what: as(what), version, ordinary },
  });
  const text = (question: Question) => JSON.stringify(question).slice(0, 80);
  const echo = said(version, ECHO);
  const altered = (what: string, body: unknown, headers: Record<string, string> = {}): McpCase => ({
    ...{ what: as(what), version, body, headers: { ...echo.headers, ...headers }, ordinary: false },
  });
  return [
    ...ORDINARY.map((question) => of(true, text(question), question)),
    ...ORDINARY_IDS.flatMap((id) =>
      [ECHO, LIST, call('none')].map((question) => of(true, `id ${JSON.stringify(id)}`, question, id)),
    ),
    ...(version === MODERN
      ? [of(true, 'no client info', ECHO, 7, { [`${META}clientInfo`]: undefined })]
      : []),
    of(true, 'a trace', ECHO, 7, { traceparent: TRACE, tracestate: 'a=b' }),
    {
      ...altered('a charset', echo.body, { 'content-type': 'application/json; charset=utf-8' }),
      ordinary: true,
    },
    ...ODD.map((question) => of(false, text(question), question)),
    ...ODD_IDS.flatMap((id) =>
      [ECHO, LIST].map((question) => of(false, `id ${JSON.stringify(id).slice(0, 20)}`, question, id)),
    ),
    altered('no id', { ...echo.body, id: undefined }),
    ...ODD_META.flatMap((meta) =>
      [ECHO, LIST].map((question) =>
        of(false, `_meta ${JSON.stringify(meta).slice(0, 60)}`, question, 7, meta),
      ),
    ),
    ...ODD_HEADERS.map((headers) => altered(`header ${JSON.stringify(headers)}`, echo.body, headers)),
    altered('a member too many', { ...echo.body, extra: 1 }),
    altered('another JSON-RPC', { ...echo.body, jsonrpc: '1.0' }),
    altered('no JSON-RPC', { id: 7, method: 'tools/list' }),
    altered('_meta that is none', { ...echo.body, params: { name: 'echo', _meta: 'x' } }),
    altered('params that are none', { ...echo.body, params: [] }),
    altered('a batch', [echo.body, { ...echo.body, id: 8 }]),
    altered('a batch of none', []),
    altered('a response', { jsonrpc: '2.0', id: 7, result: {} }),
    altered('text', 'text'),
  ];
}

/** Where the two eras get mixed up. */
function mixed(): McpCase[] {
  const modern = said(MODERN, ECHO);
  const legacy = said('2025-11-25', ECHO);
  const without = (missing: string) =>
    Object.fromEntries(Object.entries(modern.headers).filter(([name]) => name !== missing));
  return [
    {
      what: 'a name in base64',
      body: modern.body,
      headers: { ...modern.headers, 'mcp-name': '=?base64?ZWNobw==?=' },
    },
    { what: '2026-07-28 in the headers only', body: legacy.body, headers: modern.headers },
    { what: '2026-07-28 in the body only', body: modern.body, headers: legacy.headers },
    {
      what: 'a list with a name',
      ...said(MODERN, LIST),
      headers: { ...modern.headers, 'mcp-method': LIST.method },
    },
    ...Object.keys(modern.headers).map((name) => ({
      ...{ what: `no ${name}`, body: modern.body, headers: without(name) },
    })),
  ].map((mixture) => ({ ...mixture, version: MODERN, ordinary: false }));
}

export const CORPUS: readonly McpCase[] = [...VERSIONS.flatMap(casesOf), ...mixed()];
