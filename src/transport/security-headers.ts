import type { FastifyReply, FastifyRequest } from 'fastify';
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

const inTheClear = helmet({ ...OPTIONS, strictTransportSecurity: false });
// Of the names below its own it knows nothing, so it says nothing for them.
const hsts = { maxAge: ONE_YEAR_SECONDS, includeSubDomains: false };
const encrypted = helmet({ ...OPTIONS, strictTransportSecurity: hsts });

/**
 * For every answer, errors included. Encrypted is what comes over our own TLS, or by a trusted proxy that says so: only there
 * may a browser be told to come encrypted from now on.
 */
export function setSecurityHeaders(request: FastifyRequest, { raw }: FastifyReply): void {
  const set = request.protocol === 'https' ? encrypted : inTheClear;
  set(request.raw, raw, () => {});
  raw.setHeader('Cache-Control', 'no-store');
}
