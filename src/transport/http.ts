import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { ProtectedResource } from '../auth/protected-resource.ts';
import { ConfigurationError, InternalError, UnavailableError } from '../kernel/errors.ts';
import type { Logger } from '../kernel/logger.ts';
import type { Readiness } from '../kernel/readiness.ts';
import { httpError, requestError } from '../protocol/errors.ts';
import type { Certificate } from './certificate.ts';
import { addCors } from './cors.ts';
import { addHealthRoutes } from './health-routes.ts';
import { addErrorAnswers, answerTo, refuseMalformed, send, setCommonHeaders } from './http-answers.ts';
import { createInFlight } from './in-flight.ts';
import { parseJsonBody } from './json-body.ts';
import { createMcpEndpoint, type McpEndpoint, type Served } from './mcp-endpoint.ts';
import { addMetadataRoutes } from './metadata-routes.ts';
import { createOriginCheck, createRebindingGuard, type RebindingGuardOptions } from './rebinding-guard.ts';
import { headersOf, idOf } from './refusals.ts';
import { requestIdFrom } from './request-id.ts';

export interface HttpTransportOptions extends RebindingGuardOptions {
  /** 0 takes a free one. */
  readonly port: number;
  readonly readiness: Readiness;
  readonly logger: Logger;
  /** Default 1 MiB. */
  readonly maxBodyBytes?: number;
  /** Milliseconds that a request may take from its first byte to its answer. Default 60,000. */
  readonly requestTimeoutMs?: number;
  /** Speak TLS with this; without it plain HTTP. */
  readonly certificate?: Certificate | undefined;
  /** Addresses and networks of proxies whose X-Forwarded-For and X-Forwarded-Proto count. Default none. */
  readonly trustedProxies?: readonly string[];
  /** Milliseconds that calls in flight get to finish when closing. Default 10,000. */
  readonly drainMs?: number;
}

export interface HttpTransport {
  /** Listens; `/mcp` answers 503 until `serve` has been called and the readiness is `serving`. */
  listen(): Promise<{ readonly url: string; readonly port: number }>;
  serve(served: Served): void;
  /** Drains: new calls are refused, those in flight finish or are stopped after `drainMs`. May be called again. */
  close(): Promise<void>;
}

const REQUEST_MS = 60_000;
/** In which a request must have arrived whole. */
const ARRIVAL_MS = 30_000;
/** How long calls that were stopped get to say so. */
const STOPPED_CALLS_MS = 1000;

export function createHttpTransport(options: HttpTransportOptions): HttpTransport {
  const { readiness } = options;
  const stop = new AbortController();
  const inFlight = createInFlight();
  let endpoint: McpEndpoint | undefined;
  let resource: ProtectedResource | undefined;
  let closing: Promise<void> | undefined;
  const app = createApp(options, () => (readiness.phase === 'serving' ? endpoint : undefined));

  addMetadataRoutes(app, () => resource);

  const drain = async (): Promise<void> => {
    readiness.drain();
    await inFlight.idle(options.drainMs ?? 10_000);
    stop.abort(new UnavailableError('Aisle is shutting down and stopped this call. Try again in a moment.'));
    await inFlight.idle(STOPPED_CALLS_MS);
    await endpoint?.close();
    await app.close();
  };

  return {
    async listen() {
      const host = options.host.replace(/^\[|\]$/g, '');
      await app.listen({ host, port: options.port }).catch((cause: unknown) => {
        throw cannotListen(options, cause);
      });
      const address = app.server.address();
      const port = typeof address === 'object' && address !== null ? address.port : options.port;
      const scheme = options.certificate === undefined ? 'http' : 'https';
      return { url: `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}/mcp`, port };
    },
    serve(served) {
      const { requestTimeoutMs = REQUEST_MS } = options;
      endpoint = createMcpEndpoint({ ...served, inFlight, stop: stop.signal, requestTimeoutMs });
      resource = served.resource;
    },
    close: () => (closing ??= drain()),
  };
}

function cannotListen({ host, port }: HttpTransportOptions, cause: unknown): ConfigurationError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
  const reason = code === 'EADDRINUSE' ? 'another process does already' : `the system says ${code}`;
  return new ConfigurationError(
    `Cannot listen on ${host} port ${port}: ${reason}. Choose another with HOST or PORT.`,
    {
      cause,
    },
  );
}

/** No route has a schema. Fastify would load its validator and its serialiser all the same, and a start would wait for them. */
function refuseSchema(): never {
  throw new InternalError('A route has a schema, and there is nothing to compile it with.');
}

function createApp(options: HttpTransportOptions, current: () => McpEndpoint | undefined): FastifyInstance {
  const { logger, readiness } = options;
  const { requestTimeoutMs = REQUEST_MS, trustedProxies = [], certificate } = options;
  const app = Fastify({
    https: certificate === undefined ? null : { ...certificate, minVersion: 'TLSv1.2' },
    trustProxy: trustedProxies.length === 0 ? false : [...trustedProxies],
    bodyLimit: options.maxBodyBytes ?? 1_048_576,
    requestTimeout: Math.min(ARRIVAL_MS, requestTimeoutMs),
    forceCloseConnections: true,
    schemaController: { compilersFactory: { buildValidator: refuseSchema, buildSerializer: refuseSchema } },
    genReqId: ({ headers }) => requestIdFrom(headers['x-request-id']),
    clientErrorHandler: refuseMalformed,
    frameworkErrors: (error, request, reply) => {
      setCommonHeaders(request, reply as FastifyReply);
      return send(reply as FastifyReply, answerTo(error, request.id, logger));
    },
  });
  app.addHook('onRequest', (request, reply, done) => {
    setCommonHeaders(request, reply);
    done();
  });
  app.addHook('onResponse', (request, reply, done) => {
    logRequest(logger, request, reply);
    done();
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'string' },
    async (_: FastifyRequest, text: string) => parseJsonBody(text),
  );
  addCors(app, createOriginCheck(options));
  addErrorAnswers(app, logger);
  addHealthRoutes(app, readiness);
  addMcpRoute(app, options, current);
  return app;
}

function addMcpRoute(
  app: FastifyInstance,
  options: HttpTransportOptions,
  current: () => McpEndpoint | undefined,
): void {
  const guard = createRebindingGuard(options);
  const available = (): McpEndpoint => {
    const endpoint = current();
    if (endpoint === undefined)
      throw new UnavailableError(`Aisle is not ready: ${options.readiness.activity}. Try again in a moment.`);
    return endpoint;
  };
  const orRefuse = async (request: FastifyRequest, reply: FastifyReply, step: () => Promise<void>) => {
    try {
      await step();
    } catch (error) {
      const headers = headersOf(error, current()?.challenge(error));
      return send(reply.headers(headers), httpError(error, request.id, idOf(request.body)));
    }
  };
  app.route({
    method: ['GET', 'POST', 'DELETE'],
    url: '/mcp',
    exposeHeadRoute: false,
    onRequest: async (request, reply) => {
      const verdict = guard(request.headers);
      if (!verdict.ok) return send(reply, requestError(403, verdict.message, request.id));
      return orRefuse(request, reply, async () => available().identify(request, reply));
    },
    preHandler: (request, reply) => orRefuse(request, reply, async () => available().admit(request, reply)),
    handler: async (request, reply) => reply.send(await available().answer(request, reply)),
  });
}

/** One line a request, quiet where the call has its own line or a probe asked. */
function logRequest(logger: Logger, request: FastifyRequest, reply: FastifyReply): void {
  const { statusCode } = reply;
  const level = statusCode >= 500 ? 'warn' : statusCode >= 400 ? 'info' : 'debug';
  if (!logger.writes(level)) return;
  const path = (request.url.split('?', 1)[0] ?? '').slice(0, 200);
  logger[level](`${request.method} ${path} - ${statusCode}`, {
    request_id: request.id,
    status: statusCode,
    duration_ms: Math.round(reply.elapsedTime * 1000) / 1000,
  });
}
