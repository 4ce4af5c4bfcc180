import {
  type CallToolResult,
  MissingRequiredClientCapabilityError,
  ProtocolError,
  ProtocolErrorCode,
  ResourceNotFoundError,
} from '@modelcontextprotocol/server';
import { AisleError, ClientAbilityError, InternalError, NotFoundError } from '../kernel/errors.ts';
import { redact, redactText } from '../telemetry/redact.ts';

/**
 * The only place where an error becomes something that is sent.
 *
 * - A tool that fails answers with a result, `isError: true`, so that the model reads it and can mend its call. The
 *   text is `{"code","message","data","request_id"}`. There is no `structuredContent`: clients built on version 1
 *   of the TypeScript SDK check it against the tool's output schema even in a failure, and throw away the message.
 * - Everything else is a JSON-RPC error. -32602 is what both eras say of an unknown tool, and 2026-07-28 (SEP-2164) of
 *   an unknown resource, with `data` of exactly `{uri}`; the SDK turns the older -32002 into it in both eras.
 *   -32000 to -32019 are the implementation's own, -32020 to -32099 the specification's.
 */
const JSON_RPC_CODES: Readonly<Record<string, number>> = {
  VALIDATION_ERROR: ProtocolErrorCode.InvalidParams,
  TOOL_NOT_FOUND: ProtocolErrorCode.InvalidParams,
  RESOURCE_NOT_FOUND: ProtocolErrorCode.InvalidParams,
  PROMPT_NOT_FOUND: ProtocolErrorCode.InvalidParams,
  NOT_FOUND: ProtocolErrorCode.InvalidParams,
  TIMEOUT: -32001,
  QUERY_TIMEOUT: -32001,
  UNAUTHENTICATED: -32003,
  INVALID_CREDENTIAL: -32003,
  INVALID_REQUEST: -32003,
  AUTHORIZATION_ERROR: -32003,
  INSUFFICIENT_SCOPE: -32003,
  INTERNAL_ERROR: ProtocolErrorCode.InternalError,
  CONFIGURATION_ERROR: ProtocolErrorCode.InternalError,
};
const SERVER_ERROR = -32000;

const HTTP_STATUS: Readonly<Record<string, number>> = {
  VALIDATION_ERROR: 400,
  UNAUTHENTICATED: 401,
  INVALID_CREDENTIAL: 401,
  INVALID_REQUEST: 400,
  AUTHORIZATION_ERROR: 403,
  INSUFFICIENT_SCOPE: 403,
  RATE_LIMITED: 429,
  NOT_FOUND: 404,
  UNAVAILABLE: 503,
  BUSY: 503,
  TIMEOUT: 504,
};

const REQUEST_ERRORS: Readonly<Record<number, string>> = {
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  405: 'METHOD_NOT_ALLOWED',
  413: 'BODY_TOO_LARGE',
  415: 'UNSUPPORTED_MEDIA_TYPE',
};

/** What of an error may be seen. */
interface WireError {
  readonly code: string;
  readonly message: string;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly request_id: string;
}

export interface HttpAnswer {
  readonly status: number;
  readonly body: {
    readonly jsonrpc: '2.0';
    readonly id: string | number | null;
    readonly error: { readonly code: number; readonly message: string; readonly data: object };
  };
}

export function toolFailure(error: unknown, requestId: string): CallToolResult {
  return { content: [{ type: 'text', text: JSON.stringify(wireError(error, requestId)) }], isError: true };
}

/** For every method but `tools/call`. `uri` is the resource that was asked for, if one was. */
export function protocolError(error: unknown, requestId: string, uri?: string): ProtocolError {
  if (error instanceof NotFoundError && error.code === 'RESOURCE_NOT_FOUND' && uri !== undefined) {
    return new ResourceNotFoundError(uri, redactText(error.message));
  }
  if (error instanceof ClientAbilityError) {
    const requiredCapabilities = { [error.ability]: {} };
    return new MissingRequiredClientCapabilityError({ requiredCapabilities }, error.message);
  }
  const { message, ...data } = wireError(error, requestId);
  return new ProtocolError(jsonRpcCode(data.code), message, data);
}

/** For a request refused with an HTTP status. `id` is that of the JSON-RPC request, null where nothing of it was read. */
export function httpError(error: unknown, requestId: string, id: string | number | null = null): HttpAnswer {
  const { message, ...data } = wireError(error, requestId);
  return jsonRpcAnswer(HTTP_STATUS[data.code] ?? 500, jsonRpcCode(data.code), message, data, id);
}

/** For requests that are wrong as HTTP or as JSON. The text is ours, never that of a parser. */
export function requestError(status: number, message: string, requestId: string): HttpAnswer {
  const code = status === 400 ? ProtocolErrorCode.ParseError : SERVER_ERROR;
  return jsonRpcAnswer(status, code, message, {
    code: REQUEST_ERRORS[status] ?? 'BAD_REQUEST',
    request_id: requestId,
  });
}

function jsonRpcAnswer(
  status: number,
  code: number,
  message: string,
  data: object,
  id: string | number | null = null,
): HttpAnswer {
  return { status, body: { jsonrpc: '2.0', id, error: { code, message, data } } };
}

function jsonRpcCode(code: string): number {
  return JSON_RPC_CODES[code] ?? SERVER_ERROR;
}

/** Only an AisleError's own message is safe, but for what it quotes of the caller; anything else says nothing of itself. */
function wireError(error: unknown, requestId: string): WireError {
  const { code, message, data } =
    error instanceof AisleError ? error : new InternalError('Internal server error');
  const facts = Object.keys(data).length > 0 ? { data: redact(data) as WireError['data'] & object } : {};
  return { code, message: redactText(message), ...facts, request_id: requestId };
}
