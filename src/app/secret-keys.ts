import { link, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Config } from '../config.ts';
import { makeDirectory } from '../data/make-directory.ts';
import { ConfigurationError } from '../kernel/errors.ts';
import type { SecretKeys } from '../kernel/secret-keys.ts';
import { newSecretKey, parseSecretKeys } from '../secrets/secret-keys.ts';

export { newSecretKey };

/**
 * The keys of SECRET_KEYS. Without any, in development only: one that is made once and kept in DATA_DIR, whatever database is
 * used. Throws `ConfigurationError`.
 */
export async function secretKeysFor(config: Config): Promise<SecretKeys> {
  if (config.SECRET_KEYS.length > 0) return parseSecretKeys(config.SECRET_KEYS);
  if (config.ENVIRONMENT !== 'development') {
    throw new ConfigurationError(
      `SECRET_KEYS is needed with ENVIRONMENT=${config.ENVIRONMENT}: a key is made by itself in development only. "aisle secrets new-key" makes one.`,
    );
  }
  const path = join(config.DATA_DIR, 'secret.key');
  try {
    return parseSecretKeys([(await readOrMake(path)).trim()]);
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause) || cause instanceof ConfigurationError) throw cause;
    throw new ConfigurationError(
      `The data directory ${config.DATA_DIR} can not be used (${cause.code}): it holds the key that stored secrets are encrypted with. Choose another with --data-dir or DATA_DIR, or set SECRET_KEYS.`,
      { cause },
    );
  }
}

async function readOrMake(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return make(path);
  const { mode } = await stat(path);
  if (process.platform !== 'win32' && (mode & 0o077) !== 0)
    throw new ConfigurationError(`Other users of this machine can read ${path}. Run: chmod 600 ${path}`);
  return text;
}

/** Of several processes that make it at once one wins, and nobody ever reads half a key. */
async function make(path: string): Promise<string> {
  const draft = `${path}.${process.pid}`;
  makeDirectory(dirname(path));
  await writeFile(draft, `${newSecretKey(new Date())}\n`, { mode: 0o600 });
  try {
    await link(draft, path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    await rm(draft, { force: true });
  }
  return readFile(path, 'utf8');
}
