import { decodeJwt } from 'jose';
import { jtiFingerprint, tokenFingerprint } from './fingerprints.ts';
import { CLOCK_SKEW_SECONDS } from './token-verifier.ts';

/** What is to be refused from here on, and until when. */
export interface Revocation {
  readonly what: 'token' | 'hash' | 'jti';
  readonly fingerprint: string;
  /** When nothing would be accepted any more anyway. */
  readonly expiresAt: Date;
}

const HASH = /^[0-9a-f]{64}$/;

/**
 * Of a token itself, of the SHA-256 of what is signed of it (all up to its last dot), or of its `jti`. `fallback` is when
 * a token is forgotten whose end is not known.
 */
export function revocationOf(text: string, fallback: Date): Revocation {
  if (HASH.test(text)) return { what: 'hash', fingerprint: text, expiresAt: fallback };
  const exp = expiryOf(text);
  if (exp === undefined) return { what: 'jti', fingerprint: jtiFingerprint(text), expiresAt: fallback };
  const end = new Date((exp + 2 * CLOCK_SKEW_SECONDS) * 1000);
  return { what: 'token', fingerprint: tokenFingerprint(text), expiresAt: end };
}

function expiryOf(text: string): number | undefined {
  try {
    return decodeJwt(text).exp;
  } catch {
    return undefined;
  }
}
