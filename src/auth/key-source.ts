import type { JWTVerifyGetKey } from 'jose';
import { createRemoteJWKSet } from 'jose/jwks/remote';
import { z } from 'zod';
import { UnavailableError } from '../kernel/errors.ts';
import { CircuitBreaker } from '../resilience/circuit-breaker.ts';
import { type Issuer, isTrustworthy, metadataUrls } from './issuer.ts';

export interface KeySourceOptions {
  /** Milliseconds for which keys are good, and after which the metadata is read again. Default 1 h. */
  readonly maxAgeMs?: number;
  /** Milliseconds after a fetch in which an unknown key id causes no other. Default 30 s. */
  readonly cooldownMs?: number;
}

const HOUR_MS = 3_600_000;
const COOLDOWN_MS = 30_000;
const FETCH_MS = 5000;

const METADATA = z.object({ issuer: z.string(), jwks_uri: z.string() });

interface Found {
  readonly jwksUri: string;
  readonly keys: JWTVerifyGetKey;
  readonly readAt: number;
}

/**
 * An issuer's public keys: found by its metadata, fetched when first needed, kept for an hour, fetched once more when a
 * token names one that is new. Calls at the same time share one fetch. Throws `UnavailableError` when there are none to
 * be had. Keys that are kept outlive an outage of the issuer by what is left of their hour.
 */
export function createKeySource(issuer: Issuer, options: KeySourceOptions = {}): JWTVerifyGetKey {
  const { maxAgeMs = HOUR_MS, cooldownMs = COOLDOWN_MS } = options;
  let found: Found | undefined;
  let looking: Promise<Found> | undefined;
  // Whoever sends forged tokens must not make us ask again and again.
  const breaker = new CircuitBreaker({
    part: 'The authorization server',
    ...{ failures: 1, successes: 1, resetMs: cooldownMs },
  });

  const look = async (): Promise<Found> => {
    const jwksUri = await discoverKeys(issuer);
    const keys =
      found?.jwksUri === jwksUri
        ? found.keys
        : createRemoteJWKSet(new URL(jwksUri), {
            cacheMaxAge: maxAgeMs,
            cooldownDuration: cooldownMs,
            timeoutDuration: FETCH_MS,
          });
    found = { jwksUri, keys, readAt: Date.now() };
    return found;
  };
  const current = async (): Promise<Found> => {
    if (found !== undefined && Date.now() - found.readAt < maxAgeMs) return found;
    looking ??= breaker.run(look).finally(() => {
      looking = undefined;
    });
    return looking;
  };
  return async (header, token) => (await current()).keys(header, token);
}

/** The address of the keys, as the issuer's own metadata says it. */
async function discoverKeys(issuer: Issuer): Promise<string> {
  const failures: unknown[] = [];
  for (const url of metadataUrls(issuer)) {
    try {
      const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(FETCH_MS) });
      const metadata = METADATA.parse(await response.json());
      if (metadata.issuer === issuer.issuer && isTrustworthy(metadata.jwks_uri)) return metadata.jwks_uri;
      failures.push({ url, says: metadata });
    } catch (error) {
      failures.push(error);
    }
  }
  throw new UnavailableError(
    'The authorization server does not tell its keys at the moment, so no token can be checked. Try again shortly.',
    { cause: { issuer: issuer.issuer, failures } },
  );
}
