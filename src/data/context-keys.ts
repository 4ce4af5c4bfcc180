import type { ClientBase } from 'pg';
import { type ContextKey, newContextKey } from './context-token.ts';

/** The newest context key, made when there is none. Two servers that start at once agree on one. */
export async function signingKey(client: ClientBase): Promise<ContextKey> {
  const fresh = newContextKey();
  await client.query(
    `INSERT INTO access.context_keys (key_id, inner_pad, outer_pad)
     SELECT $1, $2, $3 WHERE NOT EXISTS (SELECT FROM access.context_keys)`,
    [fresh.keyId, fresh.innerPad, fresh.outerPad],
  );
  const found = await client.query<ContextKey>(
    `SELECT key_id AS "keyId", inner_pad AS "innerPad", outer_pad AS "outerPad"
     FROM access.context_keys ORDER BY created_at DESC, key_id LIMIT 1`,
  );
  return found.rows[0] ?? fresh;
}
