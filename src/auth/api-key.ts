import { createHmac, randomBytes, randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';

/**
 * `aisle_<prefix>_<secret><checksum>`: 8 characters that may be shown, 256 random bits, and a CRC-32 by which scanners
 * of source code (and this server, without asking the database) tell a key from what only looks like one.
 */
const SHAPE = /^aisle_([a-z0-9]{8})_[A-Za-z0-9_-]{43}([0-9a-f]{8})$/;
const PREFIX_LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';
const CHECKSUM = 8;

/** What hashes of API keys are made with. */
export const API_KEY_PURPOSE = 'api-key';

export function newApiKey(): { readonly key: string; readonly prefix: string } {
  const letters = Array.from({ length: 8 }, () => PREFIX_LETTERS[randomInt(PREFIX_LETTERS.length)]);
  const prefix = letters.join('');
  const text = `aisle_${prefix}_${randomBytes(32).toString('base64url')}`;
  return { key: text + checksum(text), prefix };
}

/** The prefix of a key as it should be; undefined for anything else. */
export function prefixOf(key: string): string | undefined {
  const [, prefix, sum] = SHAPE.exec(key) ?? [];
  return sum === checksum(key.slice(0, -CHECKSUM)) ? prefix : undefined;
}

/** What is stored in a key's place: worth nothing to whoever reads the database without `secret`. */
export function hashApiKey(key: string, secret: Buffer): Buffer {
  return createHmac('sha256', secret).update(key).digest();
}

function checksum(text: string): string {
  return crc32(text).toString(16).padStart(CHECKSUM, '0');
}
