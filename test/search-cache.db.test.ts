/** Threats: a search answered from before the catalogue, the stock or the vectors changed, with another store's stock, or by words alone for an hour. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Embedder, embeddersOf } from '../src/kernel/embedding.ts';
import { UnavailableError } from '../src/kernel/errors.ts';
import {
  loadPlantedProducts,
  plantedEmbedder,
  plantVectors,
} from '../src/modules/catalog/testing/planted-catalogue.ts';
import { type CachedEngine, cachedEngine } from './harness/cached-engine.ts';
import { databases, type OpenedDatabase } from './harness/databases.ts';
import { HEAD_OFFICE, loadTwoStores, NORTH, SOUTH } from './harness/two-stores.ts';

const { signal } = new AbortController();
interface Found {
  readonly mode: string;
  readonly products: readonly { readonly sku: string; readonly stock: number }[];
}

describe.each(databases)('searches kept by a server on $name', ({ open }) => {
  let opened: OpenedDatabase;
  let engine: CachedEngine;
  let isAway = false;
  const planted = plantedEmbedder();
  const embedder: Embedder = {
    ...planted,
    embedQuery: async (text, options) => {
      if (isAway) throw new UnavailableError('The provider is out of reach.');
      return planted.embedQuery(text, options);
    },
  };

  beforeAll(async () => {
    opened = await open();
    await loadTwoStores(opened.database);
    await loadPlantedProducts(opened.database);
    await plantVectors(opened.database);
    engine = await cachedEngine(opened.database, {}, embeddersOf(embedder));
  });
  afterAll(async () => {
    await engine.close();
    await opened.close();
  });

  const search = async (query: string, who = NORTH.principal) => {
    const { origin, structured } = await engine.call('hybrid_product_search', { query, max_rows: 1 }, who);
    const { mode, products } = (structured ?? {}) as Found;
    return { from: origin?.from, mode, sku: products[0]?.sku, stock: products[0]?.stock };
  };

  /** Commits, and waits until that was told. */
  async function change(text: string): Promise<void> {
    const told = Promise.withResolvers<void>();
    const end = opened.database.changes.subscribe(() => told.resolve());
    await opened.database.asLoader(signal, (session) => session.query(text));
    await told.promise;
    end();
  }

  it('gives it again, to nobody of another store', async () => {
    const north = { mode: 'hybrid', sku: 'POT-1', stock: 3 };
    expect(await search('at 60')).toEqual({ ...north, from: 'computed' });
    expect(await search('at 60')).toEqual({ ...north, from: 'memory' });
    expect(await search('at 60', SOUTH.principal)).toEqual({ ...north, stock: 0, from: 'computed' });
    expect(await search('at 60', HEAD_OFFICE)).toEqual({ ...north, from: 'computed' });
  });

  it.each([
    ['the own stock', `UPDATE retail.inventory SET stock_level = 2 WHERE stock_level = 3`],
    ['a product', `UPDATE retail.products SET unit_price = 6 WHERE sku = 'POT-1'`],
    ['a vector', `UPDATE retail.product_description_embeddings SET last_updated = now() WHERE slot = 0`],
    ['the set that serves', `UPDATE retail.embedding_sets SET serves_since = now()`],
  ])('forgets it when %s has changed', async (_what, text) => {
    await search('at 61');
    expect(await search('at 61')).toMatchObject({ from: 'memory' });
    await change(text);
    expect(await search('at 61')).toMatchObject({ from: 'computed' });
  });

  it('keeps nothing that was found by words because the provider was away', async () => {
    isAway = true;
    expect(await search('at 62 pot')).toMatchObject({ from: 'computed', mode: 'text' });
    expect(await search('at 62 pot')).toMatchObject({ from: 'computed', mode: 'text' });
    isAway = false;
    expect(await search('at 62 pot')).toMatchObject({ from: 'computed', mode: 'hybrid' });
  });
});
