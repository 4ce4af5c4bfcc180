import { decodeProtectedHeader } from 'jose/decode/protected_header';
import { decodeJwt } from 'jose/jwt/decode';
import { ValidationError } from '../kernel/errors.ts';
import { jtiFingerprint, tokenFingerprint } from './fingerprints.ts';
import { CLOCK_SKEW_SECONDS, isStorableTime } from './token-verifier.ts';

/** What is to be refused from here on, and until when. */
export interface Revocation {
  readonly what: 'token' | 'hash' | 'jti';
  /** Both readings of 64 hex digits, which may be a hash or a `jti`. */
  readonly fingerprints: readonly string[];
  /** When nothing would be accepted any more anyway. */
  readonly expiresAt: Date;
}

const HASH = /^[0-9a-f]{64}$/;

/**
 * Of a token itself, of the SHA-256 of what is signed of it (all up to its last dot), or of its `jti`. `fallback` is when
 * a token is forgotten whose end is not known. Throws `ValidationError` for what can be none of them.
 */
export function revocationOf(given: string, fallback: Date): Revocation {
  const text = given.trim().replace(/^bearer\s+/i, '');
  if (HASH.test(text))
    return { what: 'hash', fingerprints: [text, jtiFingerprint(text)], expiresAt: fallback };
  if (text.split('.').length === 3) {
    const end = new Date((expiryOf(text) + 2 * CLOCK_SKEW_SECONDS) * 1000);
    return { what: 'token', fingerprints: [tokenFingerprint(text)], expiresAt: end };
  }
  if (text.startsWith('aisle_'))
    throw new ValidationError('That is an API key: "aisle keys revoke <prefix>" takes it back.');
  if (text === '' || /\s/.test(text)) throw new ValidationError(WHAT);
  return { what: 'jti', fingerprints: [jtiFingerprint(text)], expiresAt: fallback };
}

function expiryOf(token: string): number {
  try {
    decodeProtectedHeader(token);
    const { exp } = decodeJwt(token);
    if (exp !== undefined && isStorableTime(exp)) return exp;
  } catch (cause) {
    throw new ValidationError(WHAT, { cause });
  }
  throw new ValidationError(WHAT);
}

const WHAT =
  'That is no token that could be accepted. Give a whole JWT, the SHA-256 of all before its last dot in hex, or its jti.';
