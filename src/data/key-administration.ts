import type { ClientBase, Pool } from 'pg';
import { deleteKey, keyStates, replaceKeys } from './context-keys.ts';
import type { ContextKey } from './context-token.ts';
import type { KeyAdministration } from './database.ts';
import type { KeyRing } from './key-ring.ts';
import { withMigrationLock } from './migrate.ts';

/** `onNewKey` does, in the same transaction, what else hangs on the key. */
export function keyAdministration(
  admin: Pool,
  ring: KeyRing,
  onNewKey: (client: ClientBase, key: ContextKey) => Promise<unknown>,
): KeyAdministration {
  return {
    list: () => keyStates(admin),
    retire: (keyId) => deleteKey(admin, keyId),
    async rotate(overlapSeconds) {
      const client = await admin.connect();
      try {
        const key = await withMigrationLock(client, async () => {
          await client.query('BEGIN');
          const made = await replaceKeys(client, overlapSeconds);
          await onNewKey(client, made);
          await client.query('COMMIT');
          return made;
        });
        ring.use(key);
        return key.keyId;
      } finally {
        client.release();
      }
    },
  };
}
