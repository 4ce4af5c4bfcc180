import type { ClientBase } from 'pg';
import { ConfigurationError, UnavailableError, ValidationError } from '../kernel/errors.ts';
import { type ContextKey, newContextKey } from './context-token.ts';
import type { KeyState } from './database.ts';

/** Keys that still verify. All times are the database's. */
const IN_FORCE = '(retires_at IS NULL OR retires_at > clock_timestamp())';

const SIGNING_KEY = `SELECT key_id AS "keyId", inner_pad AS "innerPad", outer_pad AS "outerPad"
  FROM access.context_keys WHERE retires_at IS NULL ORDER BY created_at DESC, key_id LIMIT 1`;

const STATES = `SELECT key_id AS "keyId", created_at AS "createdAt", retires_at AS "retiresAt", CASE
    WHEN NOT ${IN_FORCE} THEN 'retired'
    WHEN key_id = (SELECT "keyId" FROM (${SIGNING_KEY}) AS signing) THEN 'signs'
    ELSE 'verifies'
  END AS state FROM access.context_keys ORDER BY created_at DESC, key_id`;

/** Something that runs a statement: a client or a pool. */
type Queryable = Pick<ClientBase, 'query'>;

/** The key that signs. Throws `UnavailableError` when there is none: the database was never prepared, or tampered with. */
export async function readSigningKey(client: Queryable): Promise<ContextKey> {
  const { rows } = await client.query<ContextKey>(SIGNING_KEY);
  if (rows[0] !== undefined) return rows[0];
  throw new UnavailableError('The database has no key to sign contexts with. Run "aisle keys rotate".');
}

/** The key that signs, of a database that is left as it is. Throws `ConfigurationError` where nothing has been made ready. */
export async function existingSigningKey(client: Queryable): Promise<ContextKey> {
  const { rows: found } = await client.query<{ exists: boolean }>(
    `SELECT to_regclass('access.context_keys') IS NOT NULL AS exists`,
  );
  const { rows } = found[0]?.exists === true ? await client.query<ContextKey>(SIGNING_KEY) : { rows: [] };
  if (rows[0] !== undefined) return rows[0];
  throw new ConfigurationError(
    'This database has not been made ready to be served. Run "aisle migrate" first.',
  );
}

/** The key that signs, made when there is none. To be called under the migration lock. */
export async function ensureSigningKey(client: Queryable): Promise<ContextKey> {
  const { rows } = await client.query<ContextKey>(SIGNING_KEY);
  return rows[0] ?? addKey(client);
}

/**
 * Makes a key that signs from here on. The others verify for another `overlapSeconds`, with 0 not at all; those that
 * verify nothing any more are deleted. To be called in a transaction under the migration lock.
 */
export async function replaceKeys(client: Queryable, overlapSeconds: number): Promise<ContextKey> {
  await client.query(
    `UPDATE access.context_keys
    SET retires_at = least(retires_at, clock_timestamp() + make_interval(secs => $1))`,
    [overlapSeconds],
  );
  await client.query(`DELETE FROM access.context_keys WHERE NOT ${IN_FORCE}`);
  return addKey(client);
}

/** Newest first; no secrets. */
export async function keyStates(client: Queryable): Promise<readonly KeyState[]> {
  return (await client.query<KeyState>(STATES)).rows;
}

/** Takes a key away at once. Throws `ValidationError` when there is no such key, or it is the one that signs. */
export async function deleteKey(client: Queryable, keyId: string): Promise<void> {
  const key = (await keyStates(client)).find((candidate) => candidate.keyId === keyId);
  if (key === undefined) {
    throw new ValidationError('There is no key of that id. "aisle keys signing" has those there are.');
  }
  if (key.state === 'signs') {
    throw new ValidationError(
      `Key ${keyId} is the one that signs, so servers need it. "aisle keys rotate --now" puts another in its place at once.`,
    );
  }
  await client.query('DELETE FROM access.context_keys WHERE key_id = $1', [keyId]);
}

async function addKey(client: Queryable): Promise<ContextKey> {
  const key = newContextKey();
  await client.query(
    `INSERT INTO access.context_keys (key_id, inner_pad, outer_pad, created_at) VALUES ($1, $2, $3, clock_timestamp())`,
    [key.keyId, key.innerPad, key.outerPad],
  );
  return key;
}
