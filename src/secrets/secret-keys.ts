import { hkdfSync, randomBytes } from 'node:crypto';
import { ConfigurationError } from '../kernel/errors.ts';
import type { PurposeKey, SecretKeys } from '../kernel/secret-keys.ts';

interface MasterKey {
  readonly id: string;
  readonly bytes: Buffer;
}

const KEY_BYTES = 32;
const ID = /^[A-Za-z0-9_-]{1,32}$/;
const BASE64 = /^[A-Za-z0-9+/]{43}=?$/;
const HOW = 'It is a list of id:key, each key 32 random bytes in base64: "aisle secrets new-key" makes one.';

/** `id:key` of a new master key, for the front of SECRET_KEYS. The id tells when it was made. */
export function newSecretKey(now: Date): string {
  const day = now.toISOString().slice(0, 10).replaceAll('-', '');
  return `k${day}-${randomBytes(2).toString('hex')}:${randomBytes(KEY_BYTES).toString('base64')}`;
}

/** The keys of a list `id:key,id:key`. Throws `ConfigurationError`, which never quotes a key. */
export function parseSecretKeys(entries: readonly string[]): SecretKeys {
  const masters = entries.map(parseEntry);
  const ids = masters.map(({ id }) => id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined)
    throw new ConfigurationError(`SECRET_KEYS has two keys of the id ${twice}. ${HOW}`);
  const [first] = masters;
  if (first === undefined) throw new ConfigurationError(`SECRET_KEYS has no key. ${HOW}`);
  return keysOf(first, masters);
}

/** Why the keys are no good although they are well-formed; each line names the key by its id. */
export function weakSecretKeys(entries: readonly string[]): readonly string[] {
  return entries.map(parseEntry).flatMap(({ id, bytes }) => {
    if (bytes.every((byte) => byte >= 0x20 && byte < 0x7f))
      return [`key ${id} is readable text: it is not random`];
    // Of 32 random bytes about 30 differ from each other: fewer than 20 do not happen in a lifetime.
    if (new Set(bytes).size < 20) return [`key ${id} repeats itself: it is not random`];
    return [];
  });
}

function parseEntry(entry: string, index: number): MasterKey {
  const [id = '', text, ...rest] = entry.split(':');
  // Without a colon the whole may be the key: it is not to be quoted as an id.
  if (!ID.test(id) || text === undefined || rest.length > 0) {
    throw new ConfigurationError(
      `Entry ${index + 1} of SECRET_KEYS does not begin with an id (letters, digits, _ and -). ${HOW}`,
    );
  }
  const bytes = Buffer.from(text, 'base64');
  if (!BASE64.test(text) || bytes.length !== KEY_BYTES) {
    throw new ConfigurationError(`The key ${id} of SECRET_KEYS is not 32 bytes in base64. ${HOW}`);
  }
  return { id, bytes };
}

function keysOf(first: MasterKey, masters: readonly MasterKey[]): SecretKeys {
  const byMaster = new Map(masters.map((master) => [master.id, master]));
  const derived = new Map<string, PurposeKey>();
  const derive = ({ id, bytes }: MasterKey, purpose: string): PurposeKey => {
    const name = `${id}:${purpose}`;
    const known = derived.get(name);
    if (known !== undefined) return known;
    const made = { id, key: Buffer.from(hkdfSync('sha256', bytes, '', `aisle ${purpose}`, KEY_BYTES)) };
    derived.set(name, made);
    return made;
  };
  return {
    ids: masters.map(({ id }) => id),
    current: (purpose) => derive(first, purpose),
    byId(purpose, id) {
      const master = byMaster.get(id);
      return master === undefined ? undefined : derive(master, purpose);
    },
  };
}
