/**
 * While the vectors of one model are replaced by those of another, whoever searches gets whole answers of one of the two:
 * never a part of a set, never one of both, never none.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Value } from '../src/data/database.ts';
import { embeddersOf, vectorText } from '../src/kernel/embedding.ts';
import type { RequestContext } from '../src/kernel/request-context.ts';
import { ProductSearch } from '../src/modules/catalog/search/product-search.ts';
import { makeEmbeddings } from '../src/ops/embedding/make-embeddings.ts';
import { databases, type OpenedDatabase } from './harness/databases.ts';
import { onDatabase, storedSets } from './harness/embedded-products.ts';
import { type FakeEmbedder, fakeEmbedder, fakeVector } from './harness/fake-embedder.ts';
import { HEAD_OFFICE, loadTwoStores } from './harness/two-stores.ts';

const { signal } = new AbortController();
const CALLER: RequestContext = { principal: HEAD_OFFICE, requestId: 'load', signal };
const PRODUCTS = 150;
const ASKED = 'a hammer for nails';

const SERVING = 'SELECT set_id, model FROM retail.embedding_sets WHERE serves';
/** The whole catalogue by nearness, while the set that the vector was made for serves; else no row. */
const RANKED = `SELECT (SELECT array_agg(p.sku ORDER BY e.description_embedding OPERATOR(extensions.<=>) $2::extensions.vector)
    FROM retail.product_description_embeddings e JOIN retail.products p USING (product_id) WHERE e.slot = s.slot) AS skus
  FROM retail.embedding_sets s WHERE s.set_id = $1::uuid AND s.serves`;

describe.each(databases)('searching in $name', ({ open }) => {
  let opened: OpenedDatabase;
  const [old, young] = [fakeEmbedder({ model: 'old' }), fakeEmbedder({ model: 'young' })];
  const embedders = embeddersOf(young, old);
  /** What each model must answer: every product, the nearest first. */
  const expected = new Map<string, readonly string[]>();

  beforeAll(async () => {
    opened = await open();
    await loadTwoStores(opened.database);
    await onDatabase(
      opened.database,
      `INSERT INTO retail.products (sku, name, category_id, type_id, unit_price)
       SELECT 'P-' || n, 'Hammer ' || n, category_id, type_id, 1 FROM retail.product_types, generate_series(1, $1::integer) n`,
      [PRODUCTS - 2],
    );
    const products = await onDatabase<{ sku: string; content: string }>(
      opened.database,
      'SELECT sku, content FROM retail.product_texts',
    );
    for (const { model } of [old, young]) {
      const asked = fakeVector(model, ASKED);
      const nearness = (text: string) =>
        fakeVector(model, text).reduce((sum, number, index) => sum + number * (asked[index] ?? 0), 0);
      const ranked = products.toSorted((a, b) => nearness(b.content) - nearness(a.content));
      expected.set(
        model.model,
        ranked.map(({ sku }) => sku),
      );
    }
    await makeEmbeddings({ database: opened.database, embedder: old, signal });
  });
  afterAll(() => opened.close());

  const ask = (text: string, values: readonly string[] = []): Promise<readonly (readonly Value[])[]> =>
    opened.database.withTenant(CALLER, async (tenant) => (await tenant.query({ text, values })).rows);

  /** The model that answered, after how many sets that had stopped serving meanwhile. */
  async function search(of: readonly FakeEmbedder[]): Promise<{ model: string; missed: number }> {
    for (let missed = 0; ; missed += 1) {
      const serving = await ask(SERVING);
      expect(serving).toHaveLength(1);
      const [setId, model] = serving[0] as [string, string];
      const embedder = of.find((one) => one.model.model === model);
      const vector = vectorText(await (embedder as FakeEmbedder).embedQuery(ASKED, { signal }));
      const [found] = await ask(RANKED, [setId, vector]);
      if (found === undefined) continue;
      expect(found[0]).toEqual(expected.get(model));
      return { model, missed };
    }
  }

  it('is answered wholly by the old model until the new one is complete, and by that from then on', async () => {
    let isMade = false;
    const enough = Promise.withResolvers<void>();
    young.before = () => enough.promise;
    const making = makeEmbeddings({ database: opened.database, embedder: young, signal }).finally(() => {
      isMade = true;
    });
    const tool = new ProductSearch(opened.database, embedders);
    const answers: { model: string; missed: number }[] = [];
    const searcher = async () => {
      while (!isMade) {
        answers.push(await search([old, young]));
        if (answers.length === 20) enough.resolve();
      }
    };
    const found: (readonly string[])[] = [];
    const caller = async () => {
      const request = { words: ASKED, mode: 'vector', least: -1, filters: {}, maxRows: 100 } as const;
      while (!isMade) found.push((await tool.find(request, CALLER)).products.map(({ sku }) => sku));
      found.push((await tool.find(request, CALLER)).products.map(({ sku }) => sku));
    };
    const [report] = await Promise.all([making, searcher(), searcher(), caller()]);
    answers.push(await search([young]));
    const nearest = (model: string) => expected.get(model)?.slice(0, 100);
    const switchedAt = found.findIndex((skus) => skus[0] !== nearest('old')?.[0]);
    expect(found.slice(0, switchedAt)).toEqual(Array.from({ length: switchedAt }, () => nearest('old')));
    const afterwards = found.slice(switchedAt);
    expect(afterwards).toEqual(afterwards.map(() => nearest('young')));
    expect([switchedAt > 0, afterwards.length > 0]).toEqual([true, true]);
    expect(report).toEqual({ made: PRODUCTS, refused: 0, upToDate: 0, serves: true, isStopped: false });
    expect(answers.slice(0, 20).map(({ model }) => model)).toEqual(Array.from({ length: 20 }, () => 'old'));
    expect(answers.at(-1)?.model).toBe('young');
    // Two searchers, one change: each can have missed the set that it had looked up only once.
    expect(answers.reduce((sum, { missed }) => sum + missed, 0)).toBeLessThanOrEqual(2);
    expect(await storedSets(opened.database)).toEqual([
      { slot: 1, model: 'young', serves: true, vectors: PRODUCTS, refused: 0 },
    ]);
  });
});
