import { createHash } from 'node:crypto';
import type { Pool } from 'pg';
import type {
  ClaimedSubject,
  IdentityState,
  KnownSubject,
  LinkedIdentity,
  TokenIdentity,
} from '../../kernel/credentials.ts';
import { ValidationError } from '../../kernel/errors.ts';
import { isUuid } from '../../kernel/uuid.ts';
import { asLoader, type Queryable } from './as-loader.ts';
import { ROLES_OF } from './subject-columns.ts';

interface StateRow {
  readonly revoked: boolean;
  readonly linked: string | null;
  readonly subject: string | null;
  readonly name: string;
  readonly roles: KnownSubject['roles'];
  readonly claims_issued_at: string | null;
}

/** The row that counts, of an issuer's names in their order. */
const IDENTITY = `SELECT * FROM access.identities WHERE issuer = ANY($1::text[]) AND external_id = $2
  ORDER BY array_position($1::text[], issuer) LIMIT 1`;

const STATE = `SELECT
    EXISTS (SELECT FROM access.revocations r
      WHERE r.fingerprint = ANY($3::text[]) AND r.expires_at > clock_timestamp()) AS revoked,
    i.subject_id AS linked, s.subject_id AS subject, s.slug AS name, ${ROLES_OF} AS roles, i.claims_issued_at
  FROM (SELECT) AS one
  LEFT JOIN (${IDENTITY}) AS i ON true
  LEFT JOIN access.subjects s ON s.subject_id = i.subject_id AND s.disabled_at IS NULL`;

/** One look for everything that may have changed about a token since it was signed. */
export async function identityState(
  admin: Pool,
  { externalId, fingerprints, ...names }: TokenIdentity,
): Promise<IdentityState> {
  const { rows } = await admin.query<StateRow>(STATE, [issuersOf(names), externalId, fingerprints]);
  const row = rows[0];
  if (row === undefined || row.linked === null) return { revoked: row?.revoked ?? false, subject: 'unknown' };
  const { revoked, subject, name, roles, claims_issued_at: issuedAt } = row;
  return {
    revoked,
    subject: subject === null ? 'disabled' : { subject, name, roles },
    ...(issuedAt !== null && { claimsIssuedAt: Number(issuedAt) }),
  };
}

/** The grants that claims give, in place of those that claims gave before. What an operator granted stays. */
const TAKE_GRANTS = `WITH claimed AS (
    SELECT 'store' AS scope, s.store_id, NULL::uuid AS region_id FROM retail.stores s
      WHERE s.slug = ANY($2::text[]) OR s.store_id::text = ANY($2::text[])
    UNION ALL
    SELECT 'region', NULL, r.region_id FROM retail.regions r
      WHERE r.slug = ANY($3::text[]) OR r.region_id::text = ANY($3::text[])
    UNION ALL
    SELECT 'all', NULL, NULL WHERE '*' = ANY($2::text[])
  ), gone AS (
    DELETE FROM access.grants g WHERE g.subject_id = $1 AND g.source = 'claims' AND NOT EXISTS (
      SELECT FROM claimed c
      WHERE (c.scope, c.store_id, c.region_id) IS NOT DISTINCT FROM (g.scope, g.store_id, g.region_id))
  )
  INSERT INTO access.grants (subject_id, scope, store_id, region_id, source)
  SELECT $1, scope, store_id, region_id, 'claims' FROM claimed
  ON CONFLICT DO NOTHING`;

export async function provisionIdentity(admin: Pool, claimed: ClaimedSubject): Promise<void> {
  const { issuer, externalId, stores, regions, issuedAt } = claimed;
  await asLoader(admin, async (client) => {
    // Two first tokens of one person at once make one subject; an older token waits for the newer and changes nothing.
    await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`${issuer} ${externalId}`]);
    await makeSubject(client, claimed);
    const { rows } = await client.query<{ subject_id: string }>(
      `UPDATE access.identities i SET claims_issued_at = $3 FROM (${IDENTITY}) AS known
        WHERE i.issuer = known.issuer AND i.external_id = known.external_id AND i.claims_issued_at < $3
        RETURNING i.subject_id`,
      [issuersOf(claimed), externalId, issuedAt],
    );
    if (rows[0] !== undefined) await client.query(TAKE_GRANTS, [rows[0].subject_id, stores, regions]);
  });
}

/**
 * Not for somebody who has been made before and whose identity was unlinked since: what an operator took away no login
 * brings back. The tag that their slug ends in tells.
 */
async function makeSubject(client: Queryable, claimed: ClaimedSubject): Promise<void> {
  const { issuer, externalId, displayName } = claimed;
  const issuers = issuersOf(claimed);
  await client.query(
    `WITH made AS (
      INSERT INTO access.subjects (subject_id, slug, display_name)
      SELECT retail.uuid_v7(), $3, $4
      WHERE NOT EXISTS (${IDENTITY})
        AND NOT EXISTS (SELECT FROM access.subjects WHERE right(slug, ${TAG_LENGTH + 1}) = ANY($5::text[]))
      RETURNING subject_id
    )
    INSERT INTO access.identities (issuer, external_id, subject_id, claims_issued_at)
    SELECT $6, $2, subject_id, -1 FROM made`,
    [
      ...[issuers, externalId, slugOf(claimed), displayName.slice(0, 100)],
      ...[issuers.map((name) => `-${tagOf(name, externalId)}`), issuer],
    ],
  );
}

function issuersOf({ issuer, aliases = [] }: Pick<ClaimedSubject, 'issuer' | 'aliases'>): readonly string[] {
  return [issuer, ...aliases];
}

const TAG_LENGTH = 12;

/** What the issuer decided of somebody, short. */
function tagOf(issuer: string, externalId: string): string {
  return createHash('sha256').update(`${issuer} ${externalId}`).digest('hex').slice(0, TAG_LENGTH);
}

/** Readable, and never somebody else's: names are the person's own choice, so the slug ends in what the issuer decided. */
function slugOf({ issuer, externalId, displayName }: ClaimedSubject): string {
  const name = displayName
    .toLowerCase()
    .replace(/@.*$/, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 40);
  return `${name === '' ? 'caller' : name}-${tagOf(issuer, externalId)}`;
}

export async function linkIdentity(
  admin: Pool,
  { issuer, externalId, subject }: Omit<LinkedIdentity, 'provisioned'>,
): Promise<string | undefined> {
  const { rows } = await admin.query<{ was: string | null }>(
    `WITH before AS (
      SELECT i.subject_id, s.slug FROM access.identities i JOIN access.subjects s USING (subject_id)
      WHERE i.issuer = $1 AND i.external_id = $2
    ), linked AS (
      INSERT INTO access.identities (issuer, external_id, subject_id)
      SELECT $1, $2, subject_id FROM access.subjects WHERE ${isUuid(subject) ? 'subject_id' : 'slug'} = $3
      ON CONFLICT (issuer, external_id) DO UPDATE SET subject_id = excluded.subject_id, claims_issued_at = NULL
      RETURNING subject_id
    )
    SELECT b.slug AS was FROM linked l LEFT JOIN before b ON b.subject_id <> l.subject_id`,
    [issuer, externalId, subject],
  );
  const [linked] = rows;
  if (linked === undefined) throw new ValidationError(`There is no subject '${subject}'.`);
  return linked.was ?? undefined;
}

export async function unlinkIdentity(admin: Pool, issuer: string, externalId: string): Promise<void> {
  const { rowCount } = await admin.query(
    'DELETE FROM access.identities WHERE issuer = $1 AND external_id = $2',
    [issuer, externalId],
  );
  if (rowCount === 0)
    throw new ValidationError(
      `Nobody is linked to ${externalId} of ${issuer}. "aisle identities list" has those there are.`,
    );
}

export async function listIdentities(admin: Pool): Promise<readonly LinkedIdentity[]> {
  const { rows } = await admin.query<LinkedIdentity>(
    `SELECT i.issuer, i.external_id AS "externalId", s.slug AS subject, i.claims_issued_at IS NOT NULL AS provisioned
      FROM access.identities i JOIN access.subjects s USING (subject_id) ORDER BY i.created_at, i.issuer, i.external_id`,
  );
  return rows;
}
