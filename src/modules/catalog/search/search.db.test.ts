import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { databases, type OpenedDatabase } from '../../../../test/harness/databases.ts';
import { loadTwoStores, NORTH } from '../../../../test/harness/two-stores.ts';
import { embeddersOf, NO_EMBEDDERS } from '../../../kernel/embedding.ts';
import type { RequestContext } from '../../../kernel/request-context.ts';
import {
  loadPlantedProducts,
  PLANTED_MODEL,
  plantedEmbedder,
  plantVectors,
} from '../testing/planted-catalogue.ts';
import { ProductSearch, type SearchRequest } from './product-search.ts';
import { stillServes } from './serving-set.ts';

const signal = new AbortController().signal;
const context: RequestContext = { principal: NORTH.principal, requestId: 'r', signal };
/** Cosines of a difference of angles, as they are shown. */
const cosine = (degrees: number) => Math.round(Math.cos((degrees * Math.PI) / 180) * 1e4) / 1e4;

describe.each(databases)('searching on $name', ({ open }) => {
  let opened: OpenedDatabase;
  let search: ProductSearch;

  beforeAll(async () => {
    opened = await open();
    await loadTwoStores(opened.database);
    await loadPlantedProducts(opened.database);
  });
  afterAll(() => opened.close());

  const find = (words: string, request: Partial<SearchRequest> = {}) =>
    search.find({ words, mode: 'hybrid', least: -1, filters: {}, maxRows: 20, ...request }, context);
  const skus = async (words: string, request: Partial<SearchRequest> = {}) =>
    (await find(words, request)).products.map(({ sku }) => sku);

  describe('by words', () => {
    beforeAll(() => {
      search = new ProductSearch(opened.database, embeddersOf(plantedEmbedder()));
    });

    it('says that this server embeds nothing', async () => {
      const none = new ProductSearch(opened.database, NO_EMBEDDERS);
      expect(
        await none.find({ words: 'hammer', mode: 'hybrid', least: -1, filters: {}, maxRows: 1 }, context),
      ).toMatchObject({
        mode: 'text',
        degraded: 'This server embeds nothing, so only words were compared.',
        isPassing: false,
      });
    });

    it('says that no vectors are there', async () => {
      expect(await find('hammer')).toMatchObject({
        mode: 'text',
        degraded: 'No set of vectors is complete yet, so only words were compared.',
      });
    });

    it.each([
      ['an SKU first', 'HAM-2', ['HAM-2', 'HAM-1']],
      ['an SKU first, written otherwise', 'ham2', ['HAM-2', 'HAM-1']],
      ['an SKU first that is named in a sentence', 'Do you have HAM-2? For stakes.', ['HAM-2', 'HAM-1']],
      ['an SKU first beside other words', 'pot or saw 1 in stock', ['SAW-1', 'POT-1', 'POT-2', 'BAD-1']],
      ['every SKU that is named', 'ham-2, pot-1', ['POT-1', 'HAM-2', 'POT-2', 'BAD-1', 'HAM-1']],
      ['the very name first', 'sledge hammer', ['HAM-2', 'HAM-1']],
      ['another form of the word', 'hammers', ['HAM-1', 'HAM-2']],
      ['typos', 'sledg hamer', ['HAM-2', 'HAM-1']],
      ['a typo in a word of a description', 'bazil', ['POT-1']],
      ['no accents', 'creme brulee', ['POT-2']],
      ['accents where there are none', 'térracotta', ['POT-1']],
      ['a beginning', 'screwdri', ['SAW-1']],
      ['two words for one', 'tool box', ['SAW-1', 'HAM-1', 'HAM-2']],
      ['the name before the description, that before the type', 'pot', ['POT-1', 'POT-2', 'BAD-1']],
      ['a measure', '3/8 in', ['SAW-1']],
      ['what is no longer sold', 'claw hammer of last year', ['HAM-1', 'HAM-2']],
      ['nothing', 'xyzzy', []],
      ['only stop words', 'the of and', []],
      ['only punctuation', "'\\ :* & | ! <-> ()", []],
    ])('%s: %s', async (_what, words, found) => {
      expect(await skus(words)).toEqual(found);
    });

    it.each([
      ['a category', { category: 'garden' }, ['POT-1', 'POT-2', 'BAD-1']],
      ['a type', { type: 'Pots' }, ['POT-1', 'POT-2', 'BAD-1']],
      ['a price from', { min_price: 5.01 }, ['POT-2']],
      ['a price up to', { max_price: 5 }, ['POT-1', 'BAD-1']],
      ['own stock', { in_stock: true }, ['POT-1']],
      ['all but some', { without: ['0000000e-0000-4000-8000-000000000003'] }, ['POT-2', 'BAD-1']],
      ['another category', { category: 'tools' }, []],
    ])('of %s', async (_what, filters, found) => {
      expect(await skus('pot', { filters })).toEqual(found);
    });

    it('shows price, and stock of the own store', async () => {
      const { products } = await find('pot', { maxRows: 2 });
      expect(products.map(({ sku, price, currency, stock }) => [sku, price, currency, stock])).toEqual([
        ['POT-1', '5.00', 'USD', 3],
        ['POT-2', '7.50', 'USD', 0],
      ]);
    });
  });

  describe('by meaning', () => {
    beforeEach(async () => {
      await plantVectors(opened.database);
      search = new ProductSearch(opened.database, embeddersOf(plantedEmbedder()));
    });

    it('is exact: nearest first, with the cosine, and nothing that is no longer sold', async () => {
      const { mode, degraded, products } = await find('at 10', { mode: 'vector' });
      expect({ mode, degraded }).toEqual({ mode: 'vector', degraded: undefined });
      expect(products.map(({ sku, similarity }) => [sku, similarity])).toEqual([
        ['HAM-1', cosine(10)],
        ['HAM-2', cosine(10)],
        ['POT-1', cosine(50)],
        ['POT-2', cosine(55)],
        ['SAW-1', cosine(80)],
        ['BAD-1', cosine(110)],
      ]);
    });

    it('leaves out what is less alike than asked', async () => {
      expect(await skus('at 90', { mode: 'vector', least: cosine(26) })).toEqual(['SAW-1', 'POT-2']);
    });

    it('leaves out what is unrelated for the model, where no similarity is asked for', async () => {
      const model = { ...plantedEmbedder(), unrelatedBelow: cosine(26) };
      const own = new ProductSearch(opened.database, embeddersOf(model));
      const { products } = await own.find(
        { words: 'at 90', mode: 'vector', filters: {}, maxRows: 20 },
        context,
      );
      expect(products.map(({ sku }) => sku)).toEqual(['SAW-1', 'POT-2']);
    });

    it.each([
      ['a category', { category: 'Garden' }, ['POT-2', 'POT-1', 'BAD-1']],
      ['own stock', { in_stock: true }, ['POT-1', 'HAM-1']],
      ['prices', { min_price: 6, max_price: 20 }, ['SAW-1', 'POT-2', 'HAM-1']],
    ])('of %s', async (_what, filters, found) => {
      expect(await skus('at 80', { mode: 'vector', filters })).toEqual(found);
    });

    it('with words: the sum of 1.3 / (60 + rank) and 1 / (60 + rank)', async () => {
      // By words POT-1, POT-2, BAD-1; by meaning SAW-1, POT-2, POT-1, BAD-1, HAM-2, HAM-1.
      search = new ProductSearch(
        opened.database,
        embeddersOf({
          ...plantedEmbedder(),
          embedQuery: async () => plantedEmbedder().embedQuery('at 80', { signal }),
        }),
      );
      expect(await skus('pot', { filters: { in_stock: false } })).toEqual([
        'POT-1',
        'POT-2',
        'BAD-1',
        'SAW-1',
        'HAM-2',
        'HAM-1',
      ]);
    });

    it('finds by words when the provider is out of reach, and says so', async () => {
      const found = await find('pot');
      expect(found).toMatchObject({
        mode: 'text',
        degraded: 'The provider is out of reach. Try again in 7 s. So only words were compared.',
      });
      expect(found.products.map(({ sku }) => sku)).toEqual(['POT-1', 'POT-2', 'BAD-1']);
    });

    it('finds by words when the vectors are of a model that is not configured', async () => {
      await plantVectors(opened.database, { slot: 1, model: { ...PLANTED_MODEL, version: '2' } });
      expect(await find('pot')).toMatchObject({
        mode: 'text',
        degraded:
          'The vectors are of openai planted, which this server is not configured for, so only words were compared.',
      });
    });

    it('goes over to another set as soon as that serves, and never compares with the one before', async () => {
      const next = { ...PLANTED_MODEL, version: '2' };
      const embedders = embeddersOf(plantedEmbedder(), plantedEmbedder(next));
      search = new ProductSearch(opened.database, embedders);
      expect(await skus('at 0', { mode: 'vector', maxRows: 1 })).toEqual(['HAM-1']);
      // Of the new model all lie elsewhere: 30 degrees further.
      await plantVectors(opened.database, { slot: 1, model: next, turned: -90 });
      expect(await skus('at 0', { mode: 'vector', maxRows: 1 })).toEqual(['SAW-1']);
    });

    it('notices that a set began to serve, or another one, where it begins from a stored vector', async () => {
      const next = { ...PLANTED_MODEL, version: '2' };
      const toPot = async () => {
        const found = await search.near(
          async (tenant, set) => {
            const { rows } = await tenant.query({
              text: `SELECT description_embedding::text FROM retail.product_description_embeddings
                WHERE slot = ${set.slot} AND product_id = $1::uuid AND ${stillServes(set, '$2::uuid')}`,
              values: ['0000000e-0000-4000-8000-000000000003', set.setId],
            });
            return (
              rows[0] && { vector: String(rows[0][0]), without: ['0000000e-0000-4000-8000-000000000003'] }
            );
          },
          1,
          context,
        );
        return 'products' in found ? found.products.map(({ sku }) => sku) : found;
      };
      await opened.database.asLoader(signal, (session) =>
        session.query('UPDATE retail.embedding_sets SET serves = false WHERE serves'),
      );
      expect(await toPot()).toEqual({ why: 'No set of vectors is complete yet' });
      await plantVectors(opened.database);
      expect(await toPot()).toEqual(['POT-2']);
      await plantVectors(opened.database, { slot: 1, model: next });
      expect(await toPot()).toEqual(['POT-2']);
    });

    it('skips a product whose text the model refuses', async () => {
      await opened.database.asLoader(signal, (session) =>
        session.query(
          `UPDATE retail.product_description_embeddings SET description_embedding = NULL
           WHERE product_id = '0000000e-0000-4000-8000-000000000001'`,
        ),
      );
      expect(await skus('at 0', { mode: 'vector' })).toEqual(['HAM-2', 'POT-1', 'POT-2', 'SAW-1', 'BAD-1']);
    });
  });
});
