import { IncomingMessage, type OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { FastifyRequest } from 'fastify';
import helmet from 'helmet';

const ONE_YEAR_SECONDS = 31_536_000;

/** Nothing that Aisle answers is a page: it loads nothing and is shown nowhere. */
const OPTIONS = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
  },
  frameguard: { action: 'deny' },
} as const;

// Of the names below its own it knows nothing, so it says nothing for them.
const hsts = { maxAge: ONE_YEAR_SECONDS, includeSubDomains: false };
const IN_THE_CLEAR = headersOf(helmet({ ...OPTIONS, strictTransportSecurity: false }));
const ENCRYPTED = headersOf(helmet({ ...OPTIONS, strictTransportSecurity: hsts }));

/**
 * For every answer, errors included. Encrypted is what comes over our own TLS, or by a trusted proxy that says so: only there
 * may a browser be told to come encrypted from now on.
 */
export function securityHeaders({ protocol }: FastifyRequest): OutgoingHttpHeaders {
  return protocol === 'https' ? ENCRYPTED : IN_THE_CLEAR;
}

/** What helmet sets depends on nothing in the request, so it is asked once. */
function headersOf(set: ReturnType<typeof helmet>): OutgoingHttpHeaders {
  const request = new IncomingMessage(new Socket());
  const response = new ServerResponse(request);
  set(request, response, () => {});
  return { ...response.getHeaders(), 'cache-control': 'no-store' };
}
