import type { Pool, PoolClient } from 'pg';
import type { Changes } from '../kernel/changes.ts';
import { CancelledError } from '../kernel/errors.ts';
import type { SecretKeys } from '../kernel/secret-keys.ts';
import { isUuid } from '../kernel/uuid.ts';
import { accessAdministration } from './access-administration.ts';
import { type AuditStoreParts, auditStore } from './audit/store.ts';
import { credentialStore } from './credentials/credential-store.ts';
import type { Database, KeyAdministration, LoaderSession, LoadOptions, Subject } from './database.ts';
import { rotateFields } from './field-rotation.ts';
import { functionFacts } from './function-facts.ts';
import type { Governor } from './governor.ts';
import { IDENTITY } from './identity.ts';
import { loaderSession } from './loader.ts';
import { FIND_OWN_STORE } from './own-store.ts';
import { fromOwnStatement } from './postgres-errors.ts';
import { GRANTED_TABLES, LOADER_SEARCH_PATH, storedTable } from './tables.ts';

export interface Parts {
  readonly governor: Governor;
  /** The pool whose user owns the schema; the same as the governor's on the embedded database. */
  readonly admin: Pool;
  readonly keys: KeyAdministration;
  /** What sensitive fields are encrypted with. */
  readonly secretKeys: SecretKeys;
  /** The migrations that were run to open it. */
  readonly migrated: readonly string[];
  /** How sessions that append to the audit logs are got, and what role they take. */
  readonly auditors: Omit<AuditStoreParts, 'admin'>;
  readonly changes: Changes;
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
  const access = accessAdministration(admin);
  const audit = auditStore({ ...parts.auditors, admin });

  async function judged<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      throw fromOwnStatement(error);
    }
  }
  /** What every call may have to ask before its query. */
  const read = <Result>(work: () => Promise<Result>) => governor.reading(() => judged(work));

  return {
    withTenant: (context, work) => governor.withTenant(context, work),
    asLoader: (signal, work, options) => inLoaderTransaction(parts, signal, work, options),
    keys: {
      list: () => judged(() => keys.list()),
      rotate: (overlapSeconds) => judged(() => keys.rotate(overlapSeconds)),
      retire: (keyId) => judged(() => keys.retire(keyId)),
    },
    audit: {
      ...audit,
      search: (search) => judged(() => audit.search(search)),
    },
    rotateFields: async (signal, onProgress) => {
      const done = await rotateFields(
        parts.secretKeys,
        (work) => inLoaderTransaction(parts, signal, work),
        onProgress,
      );
      if (done.unreadable === 0) await confirmEncryption(admin);
      return done;
    },
    findSubject: (idOrSlug) =>
      read(async () => {
        const column = isUuid(idOrSlug) ? 'subject_id' : 'slug';
        const found = await admin.query<Subject>(`${SUBJECT} AND ${column} = $1`, [idOrSlug]);
        return found.rows[0];
      }),
    findOwnStore: (subject, id) =>
      read(async () => {
        const { rows } = await admin.query<{ store: string }>(FIND_OWN_STORE, [subject, id]);
        return rows[0]?.store;
      }),
    credentials: credentialStore(admin, judged, read),
    changes: {
      ...parts.changes,
      watched: () => judged(() => parts.changes.watched()),
    },
    identity: () =>
      judged(async () => {
        const { rows } = await admin.query<{ identity: string }>(IDENTITY);
        return rows[0]?.identity ?? '';
      }),
    secretKeys: parts.secretKeys,
    migrated: parts.migrated,
    access: {
      list: () => judged(() => access.list()),
      add: (slug, displayName) => judged(() => access.add(slug, displayName)),
      grant: (subject, what) => judged(() => access.grant(subject, what)),
      revoke: (subject, what) => judged(() => access.revoke(subject, what)),
      setDisabled: (subject, isDisabled) => judged(() => access.setDisabled(subject, isDisabled)),
    },
    listSubjects: () =>
      judged(async () => (await admin.query<Subject>(`${SUBJECT} ORDER BY created_at, slug`)).rows),
    functionFacts: (names) => judged(() => functionFacts(admin, names)),
    ping: () => judged(() => parts.ping()),
    close: () => parts.close(),
  };
}

/** Lets the catalogue say that no plain text is left from before fields were encrypted; `aisle doctor` looks there. */
async function confirmEncryption(admin: Pool): Promise<void> {
  await admin.query('ALTER TABLE retail.support_tickets VALIDATE CONSTRAINT support_tickets_body_encrypted');
}

/** One transaction as `aisle_loader`; aborting rolls it back and ends the connection. */
async function inLoaderTransaction<Result>(
  { admin, secretKeys, hasCopy, hasAutovacuum, abortLoad }: Parts,
  signal: AbortSignal,
  work: (session: LoaderSession) => Promise<Result>,
  { isSmall = false }: LoadOptions = {},
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
    await client.query(`BEGIN; SET LOCAL ROLE aisle_loader; SET LOCAL search_path = ${LOADER_SEARCH_PATH.join(', ')};
      SET LOCAL statement_timeout = 0; SET LOCAL "TimeZone" = 'UTC'`);
    const result = await work(loaderSession(client, hasCopy, secretKeys));
    signal.removeEventListener('abort', onAbort); // from here on it is done, whoever changes their mind
    await client.query('COMMIT');
    if (!hasAutovacuum && !isSmall) await gatherStatistics(client);
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
  await client.query(`ANALYZE ${GRANTED_TABLES.map(storedTable).join(', ')}`).catch(() => {});
}
