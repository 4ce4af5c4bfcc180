/** A key for one purpose, made of a master key: 32 bytes. `id` is the master key's, and no secret. */
export interface PurposeKey {
  readonly id: string;
  readonly key: Buffer;
}

/** The master keys of SECRET_KEYS. Nobody gets at them: each purpose has keys of its own, derived by HKDF-SHA256. */
export interface SecretKeys {
  /** Ids of the master keys, the one in force first. */
  readonly ids: readonly string[];
  /** The key that encrypts, signs and hashes from now on. */
  current(purpose: string): PurposeKey;
  /** The key that something was encrypted, signed or hashed with; undefined when that master key is not there any more. */
  byId(purpose: string, id: string): PurposeKey | undefined;
}
