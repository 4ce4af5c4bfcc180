import { AUDIT_PURPOSE, type SecretKeys } from '../data/audit/chain.ts';
import type { Database } from '../data/database.ts';
import { UnavailableError } from '../kernel/errors.ts';

/**
 * The keys of the audit's chains, derived (HKDF) from the keys that sign tenant contexts: the only secrets that every
 * server has today. Whoever administers the database can derive them too; this is the one place to put a key of elsewhere.
 */
export async function openAuditKeys(database: Pick<Database, 'keys'>): Promise<SecretKeys> {
  const derived = await database.keys.derive(AUDIT_PURPOSE);
  return {
    current() {
      const [key] = derived;
      if (key !== undefined) return key;
      throw new UnavailableError('The database has no key to sign with. Run "aisle keys rotate".');
    },
    byId: (_purpose, id) => derived.find((key) => key.id === id),
  };
}
