import type { LoaderSession } from '../../data/database.ts';
import { ValidationError } from '../../kernel/errors.ts';

export interface StoreRules {
  /** ISO 4217. */
  readonly currency: string;
  /** False when a slug was given by hand: it stands for the store whatever that is called. */
  readonly namesMustAgree: boolean;
}

interface StoreRow {
  readonly slug: string;
  readonly name: string;
  readonly currency: string;
}

/**
 * Makes those of the stores (names by slug) that are missing, each with an identity that sees it; those that exist stay as
 * they are, and stay at all until the transaction ends.
 */
export async function ensureStores(
  session: LoaderSession,
  wanted: ReadonlyMap<string, string>,
  rules: StoreRules,
): Promise<void> {
  const slugs = [...wanted.keys()];
  const existing = await session.query<StoreRow>(
    'SELECT slug, name, currency FROM retail.stores WHERE slug = ANY($1) FOR KEY SHARE',
    [slugs],
  );
  for (const store of existing) agree(store, wanted.get(store.slug) ?? store.name, rules);
  await session.query(
    `WITH made AS (
       INSERT INTO retail.stores (slug, name, location, currency)
       SELECT slug, name, name, $3 FROM unnest($1::text[], $2::text[]) AS wanted (slug, name)
       WHERE NOT EXISTS (SELECT FROM retail.stores s WHERE s.slug = wanted.slug)
       RETURNING store_id, slug, name
     ), subjects AS (
       INSERT INTO access.subjects (subject_id, slug, display_name)
       SELECT gen_random_uuid(), slug, name FROM made
       ON CONFLICT (slug) DO NOTHING
       RETURNING subject_id, slug
     ), roles AS (
       INSERT INTO access.subject_roles (subject_id, role) SELECT subject_id, 'store_manager' FROM subjects
     )
     INSERT INTO access.grants (subject_id, scope, store_id)
     SELECT subject_id, 'store', store_id FROM subjects JOIN made USING (slug)`,
    [slugs, [...wanted.values()], rules.currency],
  );
}

/** The identity that sees all stores. One that exists keeps its grants, whatever they are. */
export async function ensureHeadOffice(session: LoaderSession): Promise<void> {
  await session.query(
    `WITH made AS (
       INSERT INTO access.subjects (subject_id, slug, display_name)
       VALUES (gen_random_uuid(), 'head-office', 'Head office')
       ON CONFLICT (slug) DO NOTHING
       RETURNING subject_id
     ), roles AS (
       INSERT INTO access.subject_roles (subject_id, role) SELECT subject_id, 'super_admin' FROM made
     )
     INSERT INTO access.grants (subject_id, scope) SELECT subject_id, 'all' FROM made`,
  );
}

function agree(store: StoreRow, name: string, rules: StoreRules): void {
  if (rules.namesMustAgree && name !== store.name) {
    throw new ValidationError(
      `The store "${name}" of the file would be "${store.slug}", which is the store "${store.name}" in the database. Rename one of them, or name the store with --store ${store.slug}.`,
      { data: { slug: store.slug, names: [store.name, name] } },
    );
  }
  if (store.currency !== rules.currency) {
    throw new ValidationError(
      `The store "${store.slug}" keeps its books in ${store.currency}, the file is in ${rules.currency}.`,
      { data: { slug: store.slug, currencies: [store.currency, rules.currency] } },
    );
  }
}
