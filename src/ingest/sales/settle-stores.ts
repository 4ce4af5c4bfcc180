import type { LoaderSession } from '../../data/database.ts';
import { ValidationError } from '../../kernel/errors.ts';

export interface WantedStores {
  /** Name of each store by its slug. */
  readonly names: ReadonlyMap<string, string>;
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

/** Makes the stores that are missing, each with an identity that sees it; those that exist stay as they are. */
export async function settleStores(session: LoaderSession, wanted: WantedStores): Promise<void> {
  await settleHeadOffice(session);
  const slugs = [...wanted.names.keys()];
  const existing = await session.query<StoreRow>(
    'SELECT slug, name, currency FROM retail.stores WHERE slug = ANY($1)',
    [slugs],
  );
  existing.forEach((store) => {
    agree(store, wanted);
  });
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
     )
     INSERT INTO access.grants (subject_id, scope, store_id)
     SELECT subject_id, 'store', store_id FROM subjects JOIN made USING (slug)`,
    [slugs, [...wanted.names.values()], wanted.currency],
  );
}

/** The identity that sees all stores. One that exists keeps its grants, whatever they are. */
async function settleHeadOffice(session: LoaderSession): Promise<void> {
  await session.query(
    `WITH made AS (
       INSERT INTO access.subjects (subject_id, slug, display_name)
       VALUES (gen_random_uuid(), 'head-office', 'Head office')
       ON CONFLICT (slug) DO NOTHING
       RETURNING subject_id
     )
     INSERT INTO access.grants (subject_id, scope) SELECT subject_id, 'all' FROM made`,
  );
}

function agree(store: StoreRow, wanted: WantedStores): void {
  const name = wanted.names.get(store.slug) ?? store.name;
  if (wanted.namesMustAgree && name !== store.name) {
    throw new ValidationError(
      `The store "${name}" of the file would be "${store.slug}", which is the store "${store.name}" in the database. Rename one of them, or name the store with --store ${store.slug}.`,
      { data: { slug: store.slug, names: [store.name, name] } },
    );
  }
  if (store.currency !== wanted.currency) {
    throw new ValidationError(
      `The store "${store.slug}" keeps its books in ${store.currency}, the file is in ${wanted.currency}.`,
      { data: { slug: store.slug, currencies: [store.currency, wanted.currency] } },
    );
  }
}
