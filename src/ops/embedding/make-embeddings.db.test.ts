import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases, type OpenedDatabase } from '../../../test/harness/databases.ts';
import {
  addProducts,
  onDatabase,
  onlyProducts,
  storedSets,
  textOf,
  wrongVectors,
} from '../../../test/harness/embedded-products.ts';
import { type FakeEmbedder, fakeEmbedder } from '../../../test/harness/fake-embedder.ts';
import { BusyError, UnavailableError } from '../../kernel/errors.ts';
import { type MakingOptions, type MakingReport, makeEmbeddings } from './make-embeddings.ts';
import { planEmbeddings } from './plan.ts';

const NEVER = new AbortController().signal;
const DONE = { refused: 0, upToDate: 0, serves: true, isStopped: false };

describe.each(databases)('vectors in $name', ({ open }) => {
  let opened: OpenedDatabase;
  beforeAll(async () => {
    opened = await open();
  });
  afterAll(() => opened.close());

  const make = (embedder: FakeEmbedder, options: Partial<MakingOptions> = {}): Promise<MakingReport> =>
    makeEmbeddings({ database: opened.database, embedder, signal: NEVER, ...options });
  const run = (text: string) => onDatabase(opened.database, text);

  /** All of `count` products have vectors, of this model and of their words, in one set that serves. */
  async function expectServes({ model }: FakeEmbedder, slot: number, count: number): Promise<void> {
    expect(await storedSets(opened.database)).toEqual([
      { slot, model: model.model, serves: true, vectors: count, refused: 0 },
    ]);
    expect(await wrongVectors(opened.database, slot, model)).toEqual([]);
  }

  it('are made of all products, and then there is nothing to do', async () => {
    await onlyProducts(opened.database, 120);
    const embedder = fakeEmbedder({ price: 0.5 });
    const tokens = Array.from({ length: 120 }, (_, n) => Math.ceil(textOf(n + 1).length / 3.5)).reduce(
      (sum, count) => sum + count,
    );
    const plan = { model: embedder.model, set: 'new', products: 120, upToDate: 0, isDone: false };
    expect(await planEmbeddings(opened.database, embedder, false)).toEqual({
      ...plan,
      tokens,
      cost: (tokens / 1e6) * 0.5,
    });
    const told: string[] = [];
    const onProgress = (done: number, total: number) => told.push(`${done}/${total}`);
    expect(await make(embedder, { onProgress })).toEqual({ ...DONE, made: 120 });
    expect([...embedder.answered].sort()).toEqual(
      Array.from({ length: 120 }, (_, n) => textOf(n + 1)).sort(),
    );
    expect([told[0], told.at(-1)]).toEqual(['0/120', '120/120']);
    await expectServes(embedder, 0, 120);

    const again = fakeEmbedder({ price: 'unknown' });
    const nothing = { set: 'serving', products: 0, upToDate: 120, tokens: 0, cost: undefined, isDone: true };
    expect(await planEmbeddings(opened.database, again, false)).toEqual({ ...plan, ...nothing });
    expect(await make(again)).toEqual({ ...DONE, made: 0, upToDate: 120 });
    expect(again.answered).toEqual([]);
  });

  it('are made by a hundred, ten batches at once, and what a model refuses is not asked again', async () => {
    await onlyProducts(opened.database, 1250, 'unspeakable'); // no vector, no work for the index
    const embedder = fakeEmbedder();
    const sizes: number[] = [];
    let atWork = 0;
    let most = 0;
    const full = Promise.withResolvers<void>();
    embedder.before = async (texts) => {
      sizes.push(texts.length);
      atWork += 1;
      most = Math.max(most, atWork);
      if (atWork === 10) full.resolve();
      await full.promise;
      atWork -= 1;
    };
    expect(await make(embedder)).toEqual({ ...DONE, made: 0, refused: 1250 });
    expect(most).toBe(10);
    expect(sizes.toSorted((a, b) => b - a)).toEqual([...Array.from({ length: 12 }, () => 100), 50]);
    expect(new Set(embedder.answered).size).toBe(1250);
    expect(await storedSets(opened.database)).toEqual([
      { slot: 0, model: 'fake', serves: true, vectors: 0, refused: 1250 },
    ]);
    await run(`UPDATE retail.products SET name = 'fine now' WHERE sku = 'P-7'`);
    expect(await make(embedder)).toEqual({ ...DONE, made: 1, upToDate: 1249 });
    expect(embedder.answered.length).toBe(1251);
  });

  it('follow what changes in the catalogue', async () => {
    await onlyProducts(opened.database, 4);
    await make(fakeEmbedder());
    const made = async () => {
      const embedder = fakeEmbedder();
      const report = await make(embedder);
      expect(report.made).toBe(embedder.answered.length);
      return embedder.answered.toSorted();
    };
    await run(`UPDATE retail.products SET name = 'ball' WHERE sku = 'P-2'`);
    expect(await made()).toEqual(['ball\nKinds of Toys, Toys']);
    await run(`UPDATE retail.products SET unit_price = 2`);
    expect(await made()).toEqual([]);
    await run(`UPDATE retail.categories SET name = 'Games' WHERE name = 'Toys'`);
    expect(await made()).toEqual(
      ['ball', 'thing 3', 'thing 4'].map((name) => `${name}\nKinds of Toys, Games`),
    );
    await run(`UPDATE retail.product_types SET name = 'All' WHERE name = 'Kinds of Tools'`);
    expect(await made()).toEqual(['thing 1\nAll, Tools']);
    await run(`DELETE FROM retail.products WHERE sku IN ('P-3', 'P-4')`);
    expect(await made()).toEqual([]);
    await expectServes(fakeEmbedder(), 0, 2);
  });

  it('are not made where that is not meant any more once nobody else is at work', async () => {
    await onlyProducts(opened.database, 3);
    const embedder = fakeEmbedder({ model: 'not meant' });
    const isStillMeant = async () => false;
    expect(await make(embedder, { isStillMeant })).toEqual({ ...DONE, made: 0, serves: false });
    expect([embedder.answered, await storedSets(opened.database)]).toEqual([[], []]);
  });

  it('are not made of an empty catalogue: no set of nothing comes to serve', async () => {
    await onlyProducts(opened.database, 0);
    expect(await make(fakeEmbedder())).toEqual({ ...DONE, made: 0, serves: false });
    expect(await storedSets(opened.database)).toEqual([]);
  });

  it('that were saved before a run was stopped are not made again', async () => {
    await onlyProducts(opened.database, 230);
    const stop = new AbortController();
    const first = fakeEmbedder();
    first.before = (_, batch, { signal }) =>
      batch === 0 ? undefined : new Promise((_resolve, reject) => signal.addEventListener('abort', reject));
    const onProgress = (done: number) => done === 100 && stop.abort();
    expect(await make(first, { signal: stop.signal, onProgress })).toEqual({
      ...DONE,
      made: 100,
      serves: false,
      isStopped: true,
    });
    const half = { slot: 0, model: 'fake', serves: false, vectors: 100, refused: 0 };
    expect(await storedSets(opened.database)).toEqual([half]);

    const second = fakeEmbedder();
    const plan = await planEmbeddings(opened.database, second, false);
    expect(plan).toMatchObject({ set: 'begun', products: 130, upToDate: 100 });
    expect(await make(second)).toEqual({ ...DONE, made: 130, upToDate: 100 });
    expect(new Set([...first.answered, ...second.answered]).size).toBe(230);
    expect(first.answered.length + second.answered.length).toBe(230);
    await expectServes(second, 0, 230);
  });

  it('of a provider that fails are kept as far as they got', async () => {
    await onlyProducts(opened.database, 230);
    const first = fakeEmbedder();
    const down = new UnavailableError('The provider is down.');
    first.before = (_, batch) => {
      if (batch === 1) throw down;
    };
    await expect(make(first)).rejects.toBe(down);
    expect(await storedSets(opened.database)).toMatchObject([{ serves: false, vectors: 130 }]);
    const second = fakeEmbedder();
    expect(await make(second)).toEqual({ ...DONE, made: 100, upToDate: 130 });
    expect(new Set([...first.answered, ...second.answered]).size).toBe(230);
  });

  it('of another model are complete before they serve, and then those of the old one are gone', async () => {
    await onlyProducts(opened.database, 130);
    const old = fakeEmbedder({ model: 'old' });
    await make(old);
    const young = fakeEmbedder({ model: 'young' });
    const serves = { slot: 0, model: 'old', serves: true, vectors: 130, refused: 0 };
    young.before = async () => {
      const [first, second] = await storedSets(opened.database);
      expect(first).toEqual(serves);
      expect(second).toMatchObject({ slot: 1, model: 'young', serves: false });
    };
    expect(await make(young)).toEqual({ ...DONE, made: 130 });
    expect(young.answered.length).toBe(130);
    await expectServes(young, 1, 130);
  });

  it('of another version, dimensions or provider are of another model', async () => {
    await onlyProducts(opened.database, 2);
    await make(fakeEmbedder());
    for (const [slot, other] of [
      [1, { version: '2' }],
      [0, { dimensions: 9 }],
      [1, { provider: 'openai' }],
    ] as const) {
      const embedder = fakeEmbedder(other);
      expect(await make(embedder)).toEqual({ ...DONE, made: 2 });
      expect(await storedSets(opened.database)).toMatchObject([{ slot, vectors: 2 }]);
    }
  });

  it('of two models never lie in one slot', async () => {
    await onlyProducts(opened.database, 120);
    const serving = fakeEmbedder({ model: 'serving' });
    await make(serving);
    const given = fakeEmbedder({ model: 'given up' });
    given.before = (_, batch) => {
      if (batch === 1) throw new UnavailableError('The provider is down.');
    };
    await expect(make(given)).rejects.toThrow('down');
    expect(await storedSets(opened.database)).toMatchObject([
      { slot: 0, model: 'serving', serves: true, vectors: 120 },
      { slot: 1, model: 'given up', serves: false, vectors: 100 },
    ]);
    const wanted = fakeEmbedder({ model: 'wanted' });
    wanted.before = async () => {
      expect(await wrongVectors(opened.database, 1, wanted.model)).toEqual([]);
    };
    expect(await make(wanted)).toEqual({ ...DONE, made: 120 });
    await expectServes(wanted, 1, 120);
  });

  it('of a worker that has been overtaken do not get into the slot of another model', async () => {
    await onlyProducts(opened.database, 3);
    await make(fakeEmbedder({ model: 'serving' }));
    const late = fakeEmbedder({ model: 'late' });
    late.before = async () => {
      await run('DELETE FROM retail.embedding_work');
      await make(fakeEmbedder({ model: 'other' }));
    };
    await expect(make(late)).rejects.toThrow('replaced by another process');
    await expectServes(fakeEmbedder({ model: 'other' }), 1, 3);
  });

  it('are all made anew when asked for, while the old ones serve, also when that is stopped in between', async () => {
    await onlyProducts(opened.database, 110);
    await make(fakeEmbedder());
    const first = fakeEmbedder();
    first.before = (_, batch) => {
      if (batch === 1) throw new UnavailableError('The provider is down.');
    };
    await expect(make(first, { isWhole: true })).rejects.toThrow('down');
    expect(await storedSets(opened.database)).toMatchObject([
      { slot: 0, serves: true, vectors: 110 },
      { slot: 1, serves: false, vectors: 100 },
    ]);
    // Nobody has asked for all of them here.
    expect(await make(first)).toEqual({ ...DONE, made: 0, upToDate: 110 });
    const second = fakeEmbedder();
    expect(await make(second, { isWhole: true })).toEqual({ ...DONE, made: 10, upToDate: 100 });
    await expectServes(second, 1, 110);
    expect(await make(second, { isWhole: true })).toEqual({ ...DONE, made: 110 });
    await expectServes(second, 0, 110);
  });

  it('that a killed run left of the old set are deleted, and never served again', async () => {
    await onlyProducts(opened.database, 5);
    await make(fakeEmbedder());
    await run(`INSERT INTO retail.embedding_sets (slot, provider, model, version, dimensions, serves_since)
      SELECT 1, provider, model, version, dimensions, now() FROM retail.embedding_sets`);
    await run(`INSERT INTO retail.product_description_embeddings (slot, product_id, description_embedding, fingerprint)
      SELECT 1, product_id, description_embedding, fingerprint FROM retail.product_description_embeddings`);
    const embedder = fakeEmbedder();
    expect(await planEmbeddings(opened.database, embedder, false)).toMatchObject({
      products: 0,
      isDone: false,
    });
    expect(await make(embedder)).toEqual({ ...DONE, made: 0, upToDate: 5 });
    await expectServes(embedder, 0, 5);
  });

  it('are made by one worker at a time', async () => {
    await onlyProducts(opened.database, 2);
    const [begun, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const first = fakeEmbedder();
    first.before = () => {
      begun.resolve();
      return go.promise;
    };
    const running = make(first);
    await begun.promise;
    const second = fakeEmbedder();
    const refused = await make(second).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(BusyError);
    expect((refused as BusyError).retryAfterSeconds).toBeGreaterThan(50);
    go.resolve();
    expect(await running).toEqual({ ...DONE, made: 2 });
    expect(second.answered).toEqual([]);
    expect(await onDatabase(opened.database, 'SELECT FROM retail.embedding_work')).toEqual([]);
  });

  it('of a worker that died are made by the next one when its lease has run out', async () => {
    await onlyProducts(opened.database, 2);
    await run(
      `INSERT INTO retail.embedding_work (worker, leased_until) VALUES (gen_random_uuid(), now() + interval '1 hour')`,
    );
    await expect(make(fakeEmbedder())).rejects.toThrow('another process is making the vectors');
    await run(`UPDATE retail.embedding_work SET leased_until = now()`);
    expect(await make(fakeEmbedder())).toEqual({ ...DONE, made: 2 });
  });

  it('are left to whoever has taken the lease over', async () => {
    await onlyProducts(opened.database, 2);
    const embedder = fakeEmbedder();
    embedder.before = async (_texts, _batch, { signal }) => {
      await run(
        `UPDATE retail.embedding_work SET worker = gen_random_uuid(), leased_until = now() + interval '1 hour'`,
      );
      await new Promise((_, reject) => signal.addEventListener('abort', reject));
    };
    await expect(make(embedder, { leaseSeconds: 0.1 })).rejects.toThrow('has taken over the making');
    expect(await storedSets(opened.database)).toMatchObject([{ vectors: 0, serves: false }]);
  });

  it('of a product that changes, comes or goes while its text is embedded are those of its words at the end', async () => {
    await onlyProducts(opened.database, 3);
    const embedder = fakeEmbedder();
    embedder.before = async (_, batch) => {
      if (batch > 0) return;
      await run(`UPDATE retail.products SET name = 'other' WHERE sku = 'P-2'`);
      await run(`DELETE FROM retail.products WHERE sku = 'P-3'`);
      await addProducts(opened.database, 4, 4);
    };
    expect(await make(embedder)).toEqual({ ...DONE, made: 4 });
    const changed = 'other\nKinds of Toys, Toys';
    expect(embedder.answered.toSorted()).toEqual([changed, ...[1, 2, 3, 4].map((n) => textOf(n))]);
    await expectServes(embedder, 0, 3);
  });

  it('serve though a product changes in each pass, and a run of them ends', async () => {
    await onlyProducts(opened.database, 2);
    const embedder = fakeEmbedder();
    embedder.before = async (_, batch) => {
      await run(`UPDATE retail.products SET name = 'change ${batch}' WHERE sku = 'P-2'`);
      if (batch === 20) throw new UnavailableError('It never ends.');
    };
    expect(await make(embedder)).toEqual({ ...DONE, made: 6 });
    expect(embedder.answered.length).toBe(6);
    const serves = { slot: 0, model: 'fake', serves: true, vectors: 2, refused: 0 };
    expect(await storedSets(opened.database)).toEqual([serves]);
    expect(await planEmbeddings(opened.database, fakeEmbedder(), false)).toMatchObject({
      set: 'serving',
      products: 1,
      upToDate: 1,
    });
    embedder.before = () => {};
    expect(await make(embedder)).toEqual({ ...DONE, made: 1, upToDate: 1 });
    await expectServes(embedder, 0, 2);
  });

  it('do not serve while a product has none', async () => {
    await onlyProducts(opened.database, 2);
    const embedder = fakeEmbedder();
    embedder.before = (_, batch) => addProducts(opened.database, batch + 3, batch + 3);
    expect(await make(embedder)).toEqual({ ...DONE, made: 6, serves: false });
    embedder.before = () => {};
    expect(await make(embedder)).toEqual({ ...DONE, made: 1, upToDate: 6 });
    await expectServes(embedder, 0, 7);
  });

  it('are not waited for where an import has deleted the product and left what was derived of it', async () => {
    await onlyProducts(opened.database, 3);
    await opened.database.asLoader(NEVER, async (session) => {
      await session.query(`SET LOCAL session_replication_role = replica`);
      await session.query(`DELETE FROM retail.products WHERE sku = 'P-3'`);
    });
    expect(await run('SELECT FROM retail.product_search')).toHaveLength(3);
    const embedder = fakeEmbedder();
    const plan = await planEmbeddings(opened.database, embedder, false);
    expect(plan).toMatchObject({ products: 2, upToDate: 0 });
    expect(await make(embedder)).toEqual({ ...DONE, made: 2 });
    await expectServes(embedder, 0, 2);
    const again = await planEmbeddings(opened.database, embedder, false);
    expect(again).toMatchObject({ products: 0, upToDate: 2, isDone: true });
    await run('DELETE FROM retail.product_search');
  });

  it('of a provider that answers too few texts are not taken', async () => {
    await onlyProducts(opened.database, 2);
    const embedder = { ...fakeEmbedder(), embedDocuments: async () => [{ refused: 'x' }] };
    await expect(make(embedder)).rejects.toThrow('answered 1 of 2 texts');
  });
});
