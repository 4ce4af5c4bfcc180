import { hash } from 'node:crypto';

export function digest(text: string): string {
  return hash('sha256', text);
}

/**
 * A token by the SHA-256 of what is signed. Not of all of it: the encoding of a signature can be varied without making it
 * wrong, so a revoked token would come back in another dress.
 */
export function tokenFingerprint(token: string): string {
  return digest(token.slice(0, token.lastIndexOf('.')));
}

export function jtiFingerprint(jti: string): string {
  return digest(`jti:${jti}`);
}
