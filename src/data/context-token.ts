import { createHmac, randomBytes } from 'node:crypto';
import { AuthenticationError, ConfigurationError } from '../kernel/errors.ts';
import type { Permission } from '../kernel/permission.ts';
import type { Principal } from '../kernel/principal.ts';
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

/** What of a principal goes into its context. */
export type Bearer = Pick<Principal, 'subject' | 'store' | 'permissions'>;

/** Makes what only Aisle can make and `access.verified_context()` verifies: who asks, until when, on which connection. */
export type MintContext = (bearer: Bearer, expiresAt: number, backendPid: number) => string;

/** What the database itself has to know of a caller's rights, a letter each. */
const RIGHTS: readonly (readonly [letter: string, permission: Permission])[] = [['p', 'read:customer_pii']];

/**
 * `expiresAt` is in Unix seconds by the database's clock. What is signed is trusted to be well-formed, so nothing else is
 * signed: a subject or store that is no UUID is an `AuthenticationError`.
 */
export function contextMinter(key: ContextKey): MintContext {
  const secret = secretOf(key);
  return ({ subject, store = '', permissions }, expiresAt, backendPid) => {
    if (!isUuid(subject) || (store !== '' && !isUuid(store)))
      throw new AuthenticationError('The caller has no identity that the database knows.');
    const rights = RIGHTS.map(([letter, permission]) => (permissions.has(permission) ? letter : '')).join('');
    const claims = [key.keyId, subject, Math.ceil(expiresAt), backendPid, store, rights].join('.');
    return `${claims}.${createHmac('sha256', secret).update(claims).digest('hex')}`;
  };
}

/** A password for a login role that every replica derives alike from what is stored in the database. */
export function derivedPassword(key: ContextKey, role: string): string {
  return createHmac('sha256', secretOf(key)).update(`login.${role}`).digest('base64url');
}
