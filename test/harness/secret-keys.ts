import { newSecretKey, parseSecretKeys } from '../../src/secrets/secret-keys.ts';

/** Keys of the databases that tests open: random, and the same for all of this process. */
export const TEST_SECRET_KEYS = parseSecretKeys([newSecretKey(new Date())]);
