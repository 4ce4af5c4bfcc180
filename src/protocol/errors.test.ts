/** Threat: an exception's text that reaches the model. The wire shapes of every error, literally. */
import { expect, test } from 'vitest';
import * as errors from '../kernel/errors.ts';
import { httpError, protocolError, requestError, toolFailure } from './errors.ts';

const cause = new Error('password=hunter2');
const INTERNAL = 'Internal server error';

test.each([
  [new errors.ValidationError('m', { cause }), 'VALIDATION_ERROR', -32602, 400],
  [new errors.QueryRefusedError('GUARD_X', 'm', { cause }), 'GUARD_X', -32000, 500],
  [new errors.AuthenticationError('m', { cause }), 'UNAUTHENTICATED', -32003, 401],
  [new errors.AuthorizationError('m', { cause }), 'AUTHORIZATION_ERROR', -32003, 403],
  [new errors.NotFoundError('TOOL_NOT_FOUND', 'm', { cause }), 'TOOL_NOT_FOUND', -32602, 500],
  [new errors.NotFoundError('NOT_FOUND', 'm', { cause }), 'NOT_FOUND', -32602, 404],
  [new errors.DatabaseError('m', { cause }), 'DATABASE_ERROR', -32000, 500],
  [new errors.QueryTimeoutError('m', { cause }), 'QUERY_TIMEOUT', -32001, 500],
  [new errors.ResultTooLargeError('m', { cause }), 'RESULT_TOO_LARGE', -32000, 500],
  [new errors.TimeoutError('m', { cause }), 'TIMEOUT', -32001, 504],
  [new errors.CancelledError('m', { cause }), 'CANCELLED', -32000, 500],
  [new errors.UnavailableError('m', { cause }), 'UNAVAILABLE', -32000, 503],
  [new errors.ConfigurationError('m', { cause }), 'CONFIGURATION_ERROR', -32603, 500],
  [new errors.InternalError('m', { cause }), 'INTERNAL_ERROR', -32603, 500],
])('%s', (error, code, rpcCode, status) => {
  const data = { code, request_id: 'r' };
  expect(toolFailure(error, 'r')).toEqual({
    content: [{ type: 'text', text: `{"code":"${code}","message":"m","request_id":"r"}` }],
    isError: true,
  });
  expect(protocolError(error, 'r')).toMatchObject({ code: rpcCode, message: 'm', data });
  expect(httpError(error, 'r')).toEqual({
    status,
    body: { jsonrpc: '2.0', id: null, error: { code: rpcCode, message: 'm', data } },
  });
});

test('busy says when to try again, in the data of each', () => {
  const busy = new errors.BusyError('many calls', 3, { cause });
  const said = { message: 'Busy: many calls. Try again in 3 s.', data: { retry_after_seconds: 3 } };
  const [content] = toolFailure(busy, 'r').content;
  expect(content).toEqual({ type: 'text', text: JSON.stringify({ code: 'BUSY', ...said, request_id: 'r' }) });
  const data = { code: 'BUSY', data: said.data, request_id: 'r' };
  expect(protocolError(busy, 'r')).toMatchObject({ code: -32000, message: said.message, data });
  expect(httpError(busy, 'r')).toMatchObject({ status: 503, body: { error: { data } } });
});

test.each([[cause], ['password=hunter2'], [undefined], [{ message: 'password=hunter2', code: 42 }]])(
  'what is no AisleError says nothing of itself: %s',
  (thrown) => {
    const data = { code: 'INTERNAL_ERROR', request_id: 'r' };
    expect(toolFailure(thrown, 'r').content).toEqual([
      { type: 'text', text: JSON.stringify({ code: 'INTERNAL_ERROR', message: INTERNAL, request_id: 'r' }) },
    ]);
    expect(protocolError(thrown, 'r')).toMatchObject({ code: -32603, message: INTERNAL, data });
    expect(httpError(thrown, 'r').body.error).toEqual({ code: -32603, message: INTERNAL, data });
  },
);

test('an unknown resource carries its uri and nothing else, so that clients know it for one', () => {
  const error = protocolError(new errors.NotFoundError('RESOURCE_NOT_FOUND', 'm'), 'r', 'a://b');
  expect({ code: error.code, data: error.data }).toEqual({ code: -32602, data: { uri: 'a://b' } });
});

test.each([
  [400, -32700, 'BAD_REQUEST'],
  [403, -32000, 'FORBIDDEN'],
  [404, -32000, 'NOT_FOUND'],
  [405, -32000, 'METHOD_NOT_ALLOWED'],
  [413, -32000, 'BODY_TOO_LARGE'],
  [415, -32000, 'UNSUPPORTED_MEDIA_TYPE'],
])('HTTP %i', (status, rpcCode, code) => {
  expect(requestError(status, 'm', 'r')).toEqual({
    status,
    body: {
      jsonrpc: '2.0',
      id: null,
      error: { code: rpcCode, message: 'm', data: { code, request_id: 'r' } },
    },
  });
});

test('a secret that a message or its data quotes of the caller is masked', () => {
  const error = new errors.ValidationError('sql: unknown column "postgres://ann:hunter2@db/x"', {
    data: { fields: ['Bearer abcdefgh', 'ann@example.com', 7] },
  });
  const { message, data } = protocolError(error, 'r');
  expect(message).toBe('sql: unknown column "postgres://***@db/x"');
  expect(data).toMatchObject({ data: { fields: ['Bearer ***', '***@***', 7] } });
  const unknown = new errors.NotFoundError('RESOURCE_NOT_FOUND', 'No ann@example.com.');
  expect(protocolError(unknown, 'r', 'a://b').message).toBe('No ***@***.');
});
