import type { Config } from '../config.ts';
import type { FieldRotation } from '../data/database.ts';
import { asOperator } from './as-operator.ts';

/** Encrypts what is stored with the first key of SECRET_KEYS. */
export function rotateSecrets(config: Config): Promise<FieldRotation> {
  return asOperator(config, ({ database, change }) =>
    change(
      { type: 'secrets_rotated', action: 'rotate', details: { current: database.secretKeys.ids[0] } },
      () => database.rotateFields(new AbortController().signal, () => {}),
      ({ rewritten, unreadable, unused }) => ({ details: { rewritten, unreadable, unused } }),
    ),
  );
}

/** Brings the database to this version, or makes it; returns the migrations that were run. */
export function migrateDatabase(config: Config): Promise<readonly string[]> {
  return asOperator(config, async ({ database }) => database.migrated, { mayCreate: true });
}
