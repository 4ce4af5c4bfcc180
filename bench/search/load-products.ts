import { randomUUID } from 'node:crypto';
import type { Database } from '../../src/data/database.ts';
import type { RequestContext } from '../../src/kernel/request-context.ts';
import { HEAD_OFFICE } from '../../test/harness/two-stores.ts';
import type { Product } from './products.ts';

const { signal } = new AbortController();
/** Who asks: somebody who may see every store, of which there are none. */
export const ASKING: RequestContext = { principal: HEAD_OFFICE, requestId: 'bench', signal };

/** Fills an empty database with these products, and with who asks for them. */
export async function loadProducts(database: Database, products: readonly Product[]): Promise<void> {
  const { subject, name } = HEAD_OFFICE;
  const categories = idsOf(products.map(({ category }) => category));
  const types = idsOf(products.map(typeKey));
  await database.asLoader(signal, async (session) => {
    await session.load('access.subjects', { subject_id: 'uuid', slug: 'text', display_name: 'text' }, [
      [subject, name, name],
    ]);
    await session.load('access.subject_roles', { subject_id: 'uuid', role: 'text' }, [
      [subject, 'super_admin'],
    ]);
    await session.load('access.grants', { subject_id: 'uuid', scope: 'text', store_id: 'uuid' }, [
      [subject, 'all', null],
    ]);
    await session.load(
      'retail.categories',
      { category_id: 'uuid', name: 'text' },
      [...categories].map(([category, id]) => [id, category]),
    );
    const ofType = new Map(products.map((product) => [typeKey(product), product]));
    await session.load(
      'retail.product_types',
      { type_id: 'uuid', category_id: 'uuid', name: 'text' },
      [...ofType].map(([key, { category, type }]) => [idIn(types, key), idIn(categories, category), type]),
    );
    await session.load(
      'retail.products',
      {
        ...{ sku: 'text', name: 'text', description: 'text', category_id: 'uuid', type_id: 'uuid' },
        unit_price: 'numeric',
      },
      products.map((product) => [
        ...[product.sku, product.name, product.description],
        ...[idIn(categories, product.category), idIn(types, typeKey(product)), product.price],
      ]),
    );
  });
}

/** Two categories may each have a type of one name. */
const typeKey = ({ category, type }: Product): string => JSON.stringify([category, type]);

const idsOf = (keys: readonly string[]): ReadonlyMap<string, string> =>
  new Map([...new Set(keys)].map((key) => [key, randomUUID()]));

const idIn = (ids: ReadonlyMap<string, string>, key: string): string | null => ids.get(key) ?? null;
