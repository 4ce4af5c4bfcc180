import type { IncomingHttpHeaders } from 'node:http';
import {
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  classifyInboundRequest,
  PROTOCOL_VERSION_META_KEY,
  SUPPORTED_PROTOCOL_VERSIONS,
  TRACEPARENT_META_KEY,
  TRACESTATE_META_KEY,
} from '@modelcontextprotocol/server';
import { LRUCache } from 'lru-cache';
import type { DirectQuestion, DirectRequest } from '../protocol/direct-answers.ts';

/** What of an HTTP request tells whether it is ordinary. */
interface Received {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  /** Parsed JSON. */
  readonly body?: unknown;
}

/**
 * What a request asks, when it is of the strict and usual shape that needs no SDK: one `tools/call`, or the first page of
 * `tools/list`, outside of any session and with nothing in it that is not known here. Undefined for everything else, wrong
 * or merely unusual: of that the SDK is the judge. What is accepted here the SDK accepts too, and understands likewise.
 */
export type OrdinaryRequest = (received: Received) => DirectRequest | undefined;

type Members = Readonly<Record<string, unknown>>;

const MODERN = '2026-07-28';
const LEGACY: ReadonlySet<unknown> = new Set([undefined, ...SUPPORTED_PROTOCOL_VERSIONS]);
const JSON_TYPES: ReadonlySet<unknown> = new Set([
  'application/json',
  'application/json; charset=utf-8',
  'application/json;charset=utf-8',
]);
/** Names that need no encoding in a header. */
const NAME = /^[A-Za-z0-9_.-]{1,128}$/;
const MAX_ID = 128;
const MAX_ENVELOPES = 500;
const MAX_ENVELOPE = 4096;

const MESSAGE = new Set(['jsonrpc', 'id', 'method', 'params']);
const OF_LIST = new Set(['_meta']);
const OF_CALL = new Set(['_meta', 'name', 'arguments']);
const OF_META = {
  legacy: new Set([TRACEPARENT_META_KEY, TRACESTATE_META_KEY]),
  modern: new Set([
    ...[TRACEPARENT_META_KEY, TRACESTATE_META_KEY, PROTOCOL_VERSION_META_KEY],
    ...[CLIENT_INFO_META_KEY, CLIENT_CAPABILITIES_META_KEY],
  ]),
};

export function createOrdinaryRequest(): OrdinaryRequest {
  const isEnvelope = createEnvelopeCheck();
  return ({ method, headers, body }) => {
    if (method !== 'POST' || !areUsual(headers) || !isObject(body) || !hasOnly(body, MESSAGE))
      return undefined;
    const { jsonrpc, id, params = {} } = body;
    if (jsonrpc !== '2.0' || !isId(id) || !isObject(params)) return undefined;
    const { _meta: meta = {} } = params;
    const question = questionOf(body.method, params);
    if (question === undefined || !isObject(meta) || !areTexts(meta)) return undefined;
    const era = headers['mcp-protocol-version'] === MODERN ? 'modern' : 'legacy';
    if (!hasOnly(meta, OF_META[era])) return undefined;
    const fits = era === 'modern' ? agrees(headers, question) && isEnvelope(meta) : isLegacy(headers);
    const { [TRACEPARENT_META_KEY]: traceparent, [TRACESTATE_META_KEY]: tracestate } = meta;
    return fits ? { era, id, ...question, traceparent, tracestate } : undefined;
  };
}

/** Outside of a session, JSON in, and ready for an answer of either kind. */
function areUsual(headers: IncomingHttpHeaders): boolean {
  const { accept = '', 'content-type': type } = headers;
  return (
    JSON_TYPES.has(type) &&
    accept.includes('application/json') &&
    accept.includes('text/event-stream') &&
    headers['mcp-session-id'] === undefined &&
    headers['last-event-id'] === undefined
  );
}

/** 2026-07-28 says in headers what the body asks. */
function agrees(headers: IncomingHttpHeaders, question: DirectQuestion): boolean {
  const name = question.method === 'tools/call' ? question.name : undefined;
  return headers['mcp-method'] === question.method && headers['mcp-name'] === name;
}

function isLegacy(headers: IncomingHttpHeaders): boolean {
  const { 'mcp-protocol-version': version, 'mcp-method': method, 'mcp-name': name } = headers;
  return LEGACY.has(version) && method === undefined && name === undefined;
}

function questionOf(method: unknown, params: Members): DirectQuestion | undefined {
  if (method === 'tools/list') return hasOnly(params, OF_LIST) ? { method } : undefined;
  const { name, arguments: args } = params;
  if (method !== 'tools/call' || !hasOnly(params, OF_CALL)) return undefined;
  if (typeof name !== 'string' || !NAME.test(name)) return undefined;
  // The SDK copies arguments, and its copy has no member of this name.
  const fit = args === undefined || (isObject(args) && !Object.hasOwn(args, '__proto__'));
  return fit ? { method, name, args } : undefined;
}

/**
 * Who the client is and what it can do, judged by the SDK once for each client: the same few texts come with every request.
 */
function createEnvelopeCheck(): (meta: Members) => boolean {
  const judged = new LRUCache<string, boolean>({ max: MAX_ENVELOPES });
  return (meta) => {
    if (meta[PROTOCOL_VERSION_META_KEY] !== MODERN) return false;
    const { [CLIENT_INFO_META_KEY]: info, [CLIENT_CAPABILITIES_META_KEY]: capabilities } = meta;
    const text = JSON.stringify({ info, capabilities });
    if (text.length > MAX_ENVELOPE) return false;
    const known = judged.get(text) ?? isModern(meta);
    judged.set(text, known);
    return known;
  };
}

function isModern(meta: Members): boolean {
  const method = 'tools/list';
  const outcome = classifyInboundRequest({
    ...{ httpMethod: 'POST', protocolVersionHeader: MODERN, mcpMethodHeader: method },
    body: { jsonrpc: '2.0', id: 1, method, params: { _meta: meta } },
  });
  return outcome.kind === 'modern' && outcome.classification.revision === MODERN;
}

function areTexts({ [TRACEPARENT_META_KEY]: parent, [TRACESTATE_META_KEY]: state }: Members): boolean {
  return isOptionalText(parent) && isOptionalText(state);
}

function isOptionalText(value: unknown): boolean {
  return value === undefined || typeof value === 'string';
}

function isId(id: unknown): id is string | number {
  return typeof id === 'string' ? id.length <= MAX_ID : Number.isSafeInteger(id);
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function hasOnly(members: Members, known: ReadonlySet<string>): boolean {
  return Object.keys(members).every((key) => known.has(key));
}
