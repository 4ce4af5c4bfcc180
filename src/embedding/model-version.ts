import { createHash } from 'node:crypto';

/** Of the hundred characters that a version may have in the database, and the forty of `EMBEDDING_MODEL_VERSION`. */
const LONGEST_ADDRESS = 56;
const HASH_DIGITS = 16;

/** The version of a model behind `url`: two servers may call different models alike, and nothing else tells them apart. */
export function versionAt(version: string, url: string): string {
  return `${version}${suffixOf(url)}`;
}

/** Whether a model of this version is one of those behind `url`. */
export function isVersionAt(version: string, url: string): boolean {
  return version.endsWith(suffixOf(url));
}

/** The host, and the port where it is not the usual one. Long ones are cut, and told apart by a hash. */
function suffixOf(url: string): string {
  const { host } = new URL(url);
  if (host.length <= LONGEST_ADDRESS) return ` at ${host}`;
  const hash = createHash('sha256').update(host).digest('hex').slice(0, HASH_DIGITS);
  return ` at ${host.slice(0, LONGEST_ADDRESS - 1 - HASH_DIGITS)}~${hash}`;
}
