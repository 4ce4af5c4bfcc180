import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import type { SecretKeys } from '../kernel/secret-keys.ts';

const PURPOSE = 'cache';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const ALGORITHM = 'aes-256-gcm';

/** The name under which an answer lies outside: who reads names there can't try what they were made of. */
export function outsideName(keys: SecretKeys, key: string): string {
  return createHmac('sha256', keys.current(PURPOSE).key).update(`name ${key}`).digest('base64url');
}

/** Encrypts what is to lie where others may read and write, and binds it to its key: id of the master key, NUL, nonce, tag, text. */
export function seal(keys: SecretKeys, key: string, text: string): Buffer {
  const { id, key: purposeKey } = keys.current(PURPOSE);
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, keyOfEntry(purposeKey, key), nonce);
  const sealed = [cipher.update(text, 'utf8'), cipher.final()];
  return Buffer.concat([Buffer.from(`${id}\0`), nonce, cipher.getAuthTag(), ...sealed]);
}

/** What was sealed under this key; undefined for anything else, whoever wrote it. */
export function unseal(keys: SecretKeys, key: string, sealed: Buffer): string | undefined {
  const end = sealed.indexOf(0);
  const purposeKey = keys.byId(PURPOSE, sealed.toString('latin1', 0, Math.max(end, 0)));
  const nonce = sealed.subarray(end + 1, end + 1 + NONCE_BYTES);
  const tag = sealed.subarray(end + 1 + NONCE_BYTES, end + 1 + NONCE_BYTES + TAG_BYTES);
  if (purposeKey === undefined || tag.length < TAG_BYTES) return undefined;
  const decipher = createDecipheriv(ALGORITHM, keyOfEntry(purposeKey.key, key), nonce).setAuthTag(tag);
  const body = sealed.subarray(end + 1 + NONCE_BYTES + TAG_BYTES);
  try {
    return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
  } catch {
    return undefined;
  }
}

/** One for each entry: so few texts are encrypted with each that random nonces do not meet. */
function keyOfEntry(purposeKey: Buffer, key: string): Buffer {
  return createHmac('sha256', purposeKey).update(`entry ${key}`).digest();
}
