import type { Pool, PoolClient } from 'pg';
import { AisleError, CancelledError, UnavailableError } from '../kernel/errors.ts';
import { isUuid } from '../kernel/uuid.ts';
import { findKey, readSigningKey } from './context-keys.ts';
import { derivedKey } from './context-token.ts';
import { credentialStore } from './credentials/credential-store.ts';
import type { Database, KeyAdministration, LoaderSession, Subject } from './database.ts';
import { functionFacts } from './function-facts.ts';
import type { Governor } from './governor.ts';
import { loaderSession } from './loader.ts';
import { READABLE_TABLES } from './tables.ts';

export interface Parts {
  readonly governor: Governor;
  /** The pool whose user owns the schema; the same as the governor's on the embedded database. */
  readonly admin: Pool;
  readonly keys: KeyAdministration;
  readonly hasCopy: boolean;
  /** Whether the database gathers statistics by itself. */
  readonly hasAutovacuum: boolean;
  /** Ends the connection of a load that was cancelled, so that it is rolled back. */
  abortLoad(client: PoolClient): void;
  /** Resolves when queries can be answered. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

const SUBJECT = `SELECT subject_id AS subject, slug AS name, display_name AS "displayName",
    ARRAY(SELECT role FROM access.subject_roles r WHERE r.subject_id = s.subject_id ORDER BY role) AS roles
  FROM access.subjects s WHERE disabled_at IS NULL`;

/** The one door, built of a driver's parts. */
export function assembleDatabase(parts: Parts): Database {
  const { governor, admin, keys } = parts;

  async function reachable<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof AisleError) throw error;
      throw new UnavailableError('The database is out of reach at the moment. Try again shortly.', {
        cause: error,
      });
    }
  }

  return {
    withTenant: (context, work) => governor.withTenant(context, work),
    asLoader: (signal, work) => inLoaderTransaction(parts, signal, work),
    keys: {
      list: () => reachable(() => keys.list()),
      rotate: (overlapSeconds) => reachable(() => keys.rotate(overlapSeconds)),
      retire: (keyId) => reachable(() => keys.retire(keyId)),
    },
    findSubject: (idOrSlug) =>
      reachable(async () => {
        const column = isUuid(idOrSlug) ? 'subject_id' : 'slug';
        const found = await admin.query<Subject>(`${SUBJECT} AND ${column} = $1`, [idOrSlug]);
        return found.rows[0];
      }),
    credentials: credentialStore(admin, reachable),
    derivedKeys: {
      current: (purpose) =>
        reachable(async () => {
          const key = await readSigningKey(admin);
          return { id: key.keyId, key: derivedKey(key, purpose) };
        }),
      byId: (purpose, id) =>
        reachable(async () => {
          const key = await findKey(admin, id);
          return key && { id, key: derivedKey(key, purpose) };
        }),
    },
    listSubjects: () =>
      reachable(async () => (await admin.query<Subject>(`${SUBJECT} ORDER BY created_at, slug`)).rows),
    functionFacts: (names) => reachable(() => functionFacts(admin, names)),
    ping: () => reachable(() => parts.ping()),
    close: () => parts.close(),
  };
}

/** One transaction as `aisle_loader`; aborting rolls it back and ends the connection. */
async function inLoaderTransaction<Result>(
  { admin, hasCopy, hasAutovacuum, abortLoad }: Parts,
  signal: AbortSignal,
  work: (session: LoaderSession) => Promise<Result>,
): Promise<Result> {
  const client = await admin.connect();
  let broken = false;
  const onAbort = () => {
    broken = true;
    abortLoad(client);
  };
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    if (signal.aborted) throw new CancelledError('Cancelled before it began; nothing was changed.');
    await client.query(`BEGIN; SET LOCAL ROLE aisle_loader; SET LOCAL search_path = retail, extensions;
      SET LOCAL statement_timeout = 0; SET LOCAL "TimeZone" = 'UTC'`);
    const result = await work(loaderSession(client, hasCopy));
    signal.removeEventListener('abort', onAbort); // from here on it is done, whoever changes their mind
    await client.query('COMMIT');
    if (!hasAutovacuum) await gatherStatistics(client);
    return result;
  } catch (error) {
    if (broken)
      throw new CancelledError('Cancelled; everything was rolled back and nothing was changed.', {
        cause: error,
      });
    await client.query('ROLLBACK').catch(() => {
      broken = true;
    });
    throw error;
  } finally {
    signal.removeEventListener('abort', onAbort);
    client.release(broken);
  }
}

/** Plans are made from statistics: without autovacuum they would stay those of empty tables. The load stands without them. */
async function gatherStatistics(client: PoolClient): Promise<void> {
  await client.query(`ANALYZE ${READABLE_TABLES.join(', ')}`).catch(() => {});
}
