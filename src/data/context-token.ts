import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { AuthenticationError, ConfigurationError } from '../kernel/errors.ts';
import { isUuid } from '../kernel/uuid.ts';

/** One row of `access.context_keys`: the padded key blocks of HMAC-SHA256 (RFC 2104). */
export interface ContextKey {
  readonly keyId: string;
  readonly innerPad: Buffer;
  readonly outerPad: Buffer;
}

const BLOCK_BYTES = 64;

/** A new random key, ready to be stored. */
export function newContextKey(): ContextKey {
  const secret = randomBytes(BLOCK_BYTES);
  return {
    keyId: randomBytes(6).toString('hex'),
    innerPad: Buffer.from(secret.map((byte) => byte ^ 0x36)),
    outerPad: Buffer.from(secret.map((byte) => byte ^ 0x5c)),
  };
}

function secretOf(key: ContextKey): Buffer {
  if (key.innerPad.length !== BLOCK_BYTES || key.outerPad.length !== BLOCK_BYTES) {
    throw new ConfigurationError(
      `Context key ${key.keyId} is damaged: its pads must be ${BLOCK_BYTES} bytes. Delete its row from access.context_keys and restart.`,
    );
  }
  return Buffer.from(key.innerPad.map((byte) => byte ^ 0x36));
}

/** Makes what only Aisle can make and `access.visible_stores()` verifies: who asks, until when, on which connection. */
export type MintContext = (subject: string, expiresAt: number, backendPid: number) => string;

/**
 * `expiresAt` is in Unix seconds by the database's clock. What is signed is trusted to be well-formed, so nothing else is
 * signed: a subject that is no UUID is an `AuthenticationError`.
 */
export function contextMinter(key: ContextKey): MintContext {
  const secret = secretOf(key);
  return (subject, expiresAt, backendPid) => {
    if (!isUuid(subject))
      throw new AuthenticationError('The caller has no identity that the database knows.');
    const claims = `${key.keyId}.${subject}.${Math.ceil(expiresAt)}.${backendPid}`;
    return `${claims}.${createHmac('sha256', secret).update(claims).digest('hex')}`;
  };
}

/** A password for a login role that every replica derives alike from what is stored in the database. */
export function derivedPassword(key: ContextKey, role: string): string {
  return createHmac('sha256', secretOf(key)).update(`login.${role}`).digest('base64url');
}

/** A key for another purpose than signing contexts, of which nothing can be told of the others. */
export function derivedKey(key: ContextKey, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secretOf(key), '', `aisle.${purpose}`, 32));
}
