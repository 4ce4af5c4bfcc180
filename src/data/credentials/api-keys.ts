import type { Pool } from 'pg';
import type { ApiKeyRecord, ApiKeyState, NewApiKey } from '../../kernel/credentials.ts';
import { ValidationError } from '../../kernel/errors.ts';
import { isUuid } from '../../kernel/uuid.ts';
import { asLoader, type Queryable } from './as-loader.ts';
import { ROLES_OF } from './subject-columns.ts';

const RECORD = `SELECT k.prefix, k.secret_hash AS "secretHash", k.hash_key_id AS "hashKeyId", k.scopes, k.store_id AS store,
    (extract(epoch FROM k.expires_at) * 1000)::float8 AS "expiresAt",
    s.subject_id AS subject, s.slug AS name, ${ROLES_OF} AS roles
  FROM access.api_keys k JOIN access.subjects s USING (subject_id)
  WHERE k.prefix = $1 AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > clock_timestamp())
    AND s.disabled_at IS NULL`;

export async function findApiKey(admin: Pool, prefix: string): Promise<ApiKeyRecord | undefined> {
  return (await admin.query<ApiKeyRecord>(RECORD, [prefix])).rows[0];
}

export async function touchApiKey(admin: Pool, prefix: string): Promise<void> {
  await admin.query(
    `UPDATE access.api_keys SET last_used_at = now()
      WHERE prefix = $1 AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')`,
    [prefix],
  );
}

export async function createApiKey(admin: Pool, key: NewApiKey): Promise<void> {
  await asLoader(admin, async (client) => {
    const subject = await subjectOf(client, key.subject);
    const store = key.store === null ? null : await storeOf(client, subject, key);
    await client.query(
      `INSERT INTO access.api_keys (prefix, name, subject_id, secret_hash, hash_key_id, scopes, store_id, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [key.prefix, key.name, subject, key.secretHash, key.hashKeyId, key.scopes, store, key.expiresAt],
    );
  });
}

async function subjectOf(client: Queryable, idOrSlug: string): Promise<string> {
  const { rows } = await client.query<{ id: string }>(
    `SELECT subject_id AS id FROM access.subjects
      WHERE ${isUuid(idOrSlug) ? 'subject_id' : 'slug'} = $1 AND disabled_at IS NULL`,
    [idOrSlug],
  );
  if (rows[0] === undefined) throw new ValidationError(`There is no subject '${idOrSlug}'.`);
  return rows[0].id;
}

/** A key narrows what its subject sees and never widens it. */
async function storeOf(client: Queryable, subject: string, key: NewApiKey): Promise<string> {
  const { rows } = await client.query<{ id: string }>(
    `SELECT s.store_id AS id FROM retail.stores s
      WHERE (s.slug = $2 OR s.store_id::text = $2) AND EXISTS (
        SELECT FROM access.grants g WHERE g.subject_id = $1
          AND (g.scope = 'all' OR g.store_id = s.store_id OR g.region_id = s.region_id))`,
    [subject, key.store],
  );
  if (rows[0] === undefined)
    throw new ValidationError(`'${key.subject}' sees no store '${key.store}', so no key of it can.`);
  return rows[0].id;
}

export async function listApiKeys(admin: Pool): Promise<readonly ApiKeyState[]> {
  return asLoader(admin, async (client) => {
    const { rows } = await client.query<ApiKeyState>(
      `SELECT k.prefix, k.name, s.slug AS subject, k.scopes, st.slug AS store, k.created_at AS "createdAt",
          k.expires_at AS "expiresAt", k.last_used_at AS "lastUsedAt", k.revoked_at AS "revokedAt"
        FROM access.api_keys k JOIN access.subjects s USING (subject_id)
        LEFT JOIN retail.stores st ON st.store_id = k.store_id
        ORDER BY k.created_at DESC, k.prefix`,
    );
    return rows;
  });
}

export async function revokeApiKey(admin: Pool, prefix: string): Promise<void> {
  const { rowCount } = await admin.query(
    'UPDATE access.api_keys SET revoked_at = coalesce(revoked_at, now()) WHERE prefix = $1',
    [prefix],
  );
  if (rowCount === 0)
    throw new ValidationError(
      `There is no API key with the prefix ${prefix}. "aisle keys list" has those there are.`,
    );
}
