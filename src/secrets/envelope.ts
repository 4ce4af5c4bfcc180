import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { ConfigurationError, InternalError } from '../kernel/errors.ts';
import type { SecretKeys } from '../kernel/secret-keys.ts';

/** `enc:v1:<key id>:<base64url of nonce, tag and ciphertext>` */
const SEALED = /^enc:v1:([A-Za-z0-9_-]{1,32}):([A-Za-z0-9_-]+)$/;
const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** What a text belongs to, from the outside in, e.g. table, column and key of a row: sealed, it opens there and nowhere else. */
export type Identity = readonly string[];

/** Encrypts with AES-256-GCM under the key in force. A new nonce each time: the same text never gives the same result. */
export function seal(keys: SecretKeys, purpose: string, identity: Identity, text: string): string {
  const { id, key } = keys.current(purpose);
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES }).setAAD(bound(identity));
  const ciphertext = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return `${prefix(id)}${Buffer.concat([nonce, cipher.getAuthTag(), ciphertext]).toString('base64url')}`;
}

/**
 * The text that was sealed for this identity. Throws `ConfigurationError` when its key is not in SECRET_KEYS, and
 * `InternalError` when it is malformed, was changed, or belongs somewhere else.
 */
export function unseal(keys: SecretKeys, purpose: string, identity: Identity, sealed: string): string {
  const [, id = '', payload = ''] = SEALED.exec(sealed) ?? [];
  const bytes = Buffer.from(payload, 'base64url');
  if (bytes.length < NONCE_BYTES + TAG_BYTES) throw new InternalError('What should be encrypted is not.');
  const found = keys.byId(purpose, id);
  if (found === undefined) {
    throw new ConfigurationError(`SECRET_KEYS lacks the key ${id}, which stored data is encrypted with.`);
  }
  const nonce = bytes.subarray(0, NONCE_BYTES);
  const decipher = createDecipheriv(CIPHER, found.key, nonce, { authTagLength: TAG_BYTES })
    .setAAD(bound(identity))
    .setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  try {
    const text = decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES));
    return Buffer.concat([text, decipher.final()]).toString('utf8');
  } catch (cause) {
    throw new InternalError('Encrypted data was changed, or belongs to another row.', { cause });
  }
}

/** The id of the key that a text is sealed with; undefined when it is not sealed. */
export function sealedWith(text: string): string | undefined {
  return SEALED.exec(text)?.[1];
}

/** What a text begins with that is sealed under this key. */
export function prefix(keyId: string): string {
  return `enc:v1:${keyId}:`;
}

/** JSON, so that ["a","bc"] and ["ab","c"] differ. */
function bound(identity: Identity): Buffer {
  return Buffer.from(JSON.stringify(identity));
}
