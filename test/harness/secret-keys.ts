import { newSecretKey, parseSecretKeys } from '../../src/secrets/secret-keys.ts';

/** SECRET_KEYS of the installations that tests make: random, and the same for all of this process. */
export const TEST_SECRET_KEY = newSecretKey(new Date());
export const TEST_SECRET_KEYS = parseSecretKeys([TEST_SECRET_KEY]);
