import type { ClientBase, Pool } from 'pg';
import { ValidationError } from '../kernel/errors.ts';
import type { AccessAdministration, Entitlement, SubjectAccess } from './database.ts';
import { inTransaction } from './transaction.ts';

/** Something that runs a statement: a client or a pool. */
type Queryable = Pick<ClientBase, 'query'>;

const SUBJECTS = `SELECT u.subject_id AS subject, u.slug, u.display_name AS "displayName", u.disabled_at IS NOT NULL AS "isDisabled",
    ARRAY(SELECT r.role FROM access.subject_roles r WHERE r.subject_id = u.subject_id ORDER BY 1) AS roles,
    ARRAY(SELECT s.slug FROM access.grants g JOIN retail.stores s USING (store_id) WHERE g.subject_id = u.subject_id ORDER BY 1) AS stores,
    ARRAY(SELECT r.slug FROM access.grants g JOIN retail.regions r USING (region_id) WHERE g.subject_id = u.subject_id ORDER BY 1) AS regions,
    EXISTS (SELECT FROM access.grants g WHERE g.subject_id = u.subject_id AND g.scope = 'all') AS "allStores"
  FROM access.subjects u ORDER BY u.slug`;

/** What claims gave becomes an operator's, whom no token takes it from. */
const GRANT_STORES = `INSERT INTO access.grants (subject_id, scope, store_id, region_id) VALUES ($1, $2, $3, $4)
  ON CONFLICT (subject_id, scope, store_id, region_id) DO UPDATE SET source = 'operator'`;
const REVOKE_STORES = `DELETE FROM access.grants WHERE subject_id = $1 AND scope = $2
    AND store_id IS NOT DISTINCT FROM $3::uuid AND region_id IS NOT DISTINCT FROM $4::uuid`;
const GRANT_ROLE =
  'INSERT INTO access.subject_roles (subject_id, role) VALUES ($1, $2) ON CONFLICT DO NOTHING';
const REVOKE_ROLE = 'DELETE FROM access.subject_roles WHERE subject_id = $1 AND role = $2';

const SLUG = /^[a-z0-9][a-z0-9-]{0,62}$/;
const MOST_NAMED = 20;

export function accessAdministration(admin: Pool): AccessAdministration {
  const connect = () => admin.connect();
  const change = (slug: string, work: (client: Queryable, held: SubjectAccess) => Promise<unknown>) =>
    inTransaction(connect, 'BEGIN', async (client) => {
      await work(client, await subjectOf(client, slug));
      return subjectOf(client, slug);
    });
  return {
    list: async () => (await admin.query<SubjectAccess>(SUBJECTS)).rows,
    add: (slug, displayName) =>
      inTransaction(connect, 'BEGIN', async (client) => {
        await addSubject(client, slug, displayName);
        return subjectOf(client, slug);
      }),
    grant: (slug, what) =>
      change(slug, async (client, { subject }) => {
        for (const each of what) {
          if (each.kind === 'role') await client.query(GRANT_ROLE, [subject, each.role]);
          else await client.query(GRANT_STORES, [subject, ...(await scopeOf(client, each))]);
        }
      }),
    revoke: (slug, what) =>
      change(slug, async (client, held) => {
        for (const each of what) {
          const { rowCount } =
            each.kind === 'role'
              ? await client.query(REVOKE_ROLE, [held.subject, each.role])
              : await client.query(REVOKE_STORES, [held.subject, ...(await scopeOf(client, each))]);
          if (rowCount === 0) throw notHeld(held, each);
        }
      }),
    setDisabled: (slug, isDisabled) =>
      change(slug, (client, { subject }) =>
        client.query(
          'UPDATE access.subjects SET disabled_at = CASE WHEN $2 THEN coalesce(disabled_at, now()) END WHERE subject_id = $1',
          [subject, isDisabled],
        ),
      ),
  };
}

async function addSubject(client: Queryable, slug: string, displayName: string): Promise<void> {
  if (!SLUG.test(slug))
    throw new ValidationError(
      `'${slug}' is no name for a subject: small letters, digits and hyphens, 63 at most.`,
    );
  if (displayName.length < 1 || displayName.length > 100)
    throw new ValidationError('The display name must have 1 to 100 characters.');
  const { rowCount } = await client.query(
    'INSERT INTO access.subjects (subject_id, slug, display_name) VALUES (retail.uuid_v7(), $1, $2) ON CONFLICT DO NOTHING',
    [slug, displayName],
  );
  if (rowCount === 0) throw new ValidationError(`There is a subject '${slug}' already.`);
}

async function subjectOf(client: Queryable, slug: string): Promise<SubjectAccess> {
  const { rows } = await client.query<SubjectAccess>(SUBJECTS);
  const found = rows.find((row) => row.slug === slug || row.subject === slug);
  return found ?? missing('subject', slug, rows);
}

type StoreScope = readonly [scope: string, storeId: string | null, regionId: string | null];

async function scopeOf(
  client: Queryable,
  what: Exclude<Entitlement, { readonly kind: 'role' }>,
): Promise<StoreScope> {
  if (what.kind === 'all') return ['all', null, null];
  const { rows } = await client.query<{ id: string; slug: string }>(
    what.kind === 'store'
      ? 'SELECT store_id AS id, slug FROM retail.stores ORDER BY slug'
      : 'SELECT region_id AS id, slug FROM retail.regions ORDER BY slug',
  );
  const { id } = rows.find(({ slug }) => slug === what.slug) ?? missing(what.kind, what.slug, rows);
  return what.kind === 'store' ? ['store', id, null] : ['region', null, id];
}

function missing(kind: string, slug: string, known: readonly { readonly slug: string }[]): never {
  const named = known.slice(0, MOST_NAMED).map((each) => each.slug);
  const more = known.length > MOST_NAMED ? ` and ${known.length - MOST_NAMED} more` : '';
  const choice = named.length === 0 ? 'There is none yet.' : `There are: ${named.join(', ')}${more}.`;
  throw new ValidationError(`There is no ${kind} '${slug}'. ${choice}`);
}

/** What somebody holds, in words. */
function notHeld(held: SubjectAccess, what: Entitlement): ValidationError {
  const stores = [
    ...held.stores.map((slug) => `store ${slug}`),
    ...held.regions.map((slug) => `region ${slug}`),
    ...(held.allStores ? ['all stores'] : []),
  ];
  const [asked, has] =
    what.kind === 'role'
      ? [`the role ${what.role}`, held.roles]
      : [what.kind === 'all' ? 'a grant of all stores' : `a grant of ${what.kind} ${what.slug}`, stores];
  return new ValidationError(
    `${held.slug} does not have ${asked}. It has: ${has.length === 0 ? 'nothing' : has.join(', ')}.`,
  );
}
