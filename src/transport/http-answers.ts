import type { Socket } from 'node:net';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AisleError, ValidationError } from '../kernel/errors.ts';
import type { Logger } from '../kernel/logger.ts';
import { type HttpAnswer, httpError, requestError } from '../protocol/errors.ts';
import { requestIdFrom } from './request-id.ts';
import { securityHeaders } from './security-headers.ts';

const RETRY_AFTER_SECONDS = 2;
/** What Fastify refuses by itself, in our words. */
const REFUSALS: Readonly<Record<string, readonly [status: number, message: string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: [413, 'The body is larger than this server takes.'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [415, 'The body must be application/json.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: [400, 'The body is not as long as Content-Length says.'],
  FST_ERR_BAD_URL: [400, 'The URL is malformed.'],
};

/** Every response carries these, errors included. */
export function setCommonHeaders(request: FastifyRequest, reply: FastifyReply): void {
  // Of the reply and not of the raw response: Node writes headers several times as fast when it gets all of them at once.
  reply.headers(securityHeaders(request)).header('x-request-id', request.id);
}

export function send(reply: FastifyReply, { status, body }: HttpAnswer): FastifyReply {
  if (status === 503) reply.header('Retry-After', RETRY_AFTER_SECONDS);
  return reply.code(status).send(body);
}

/** JSON for every failure, with nothing in it that a parser, the router or an exception said. */
export function addErrorAnswers(app: FastifyInstance, logger: Logger): void {
  app.setErrorHandler((error: FastifyError, request, reply) =>
    send(reply, answerTo(error, request.id, logger)),
  );
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '';
    const allowed = app.supportedMethods.filter((method) => app.hasRoute({ method, url: path }));
    if (allowed.length === 0)
      return send(reply, requestError(404, 'There is nothing here. MCP is served at /mcp.', request.id));
    reply.header('Allow', allowed.join(', '));
    return send(reply, requestError(405, `This answers to ${allowed.join(', ')} only.`, request.id));
  });
}

export function answerTo(
  error: Error & { readonly code?: unknown },
  requestId: string,
  logger: Logger,
): HttpAnswer {
  const refusal = typeof error.code === 'string' ? REFUSALS[error.code] : undefined;
  if (refusal !== undefined) return requestError(...refusal, requestId);
  // The only arguments at this level are the body's bytes.
  if (error instanceof ValidationError) return requestError(400, error.message, requestId);
  if (!(error instanceof AisleError)) logger.error('request_failed', { request_id: requestId, error });
  return httpError(error, requestId);
}

/** For bytes that are no HTTP: there is no request yet, only a socket. */
export function refuseMalformed(error: Error & { readonly code?: unknown }, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const tooLarge = error.code === 'HPE_HEADER_OVERFLOW';
  const late = error.code === 'ERR_HTTP_REQUEST_TIMEOUT';
  const status = tooLarge
    ? '431 Request Header Fields Too Large'
    : late
      ? '408 Request Timeout'
      : '400 Bad Request';
  const requestId = requestIdFrom(undefined);
  const body = JSON.stringify(
    requestError(400, `The request is not valid HTTP (${status}).`, requestId).body,
  );
  const head = [
    'Content-Type: application/json',
    `X-Request-ID: ${requestId}`,
    'X-Content-Type-Options: nosniff',
    'Connection: close',
  ];
  socket.end(
    `HTTP/1.1 ${status}\r\n${head.join('\r\n')}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
