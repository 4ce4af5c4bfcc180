/**
 * Searching by vectors whose distances are known: exactly the products that are near enough, in exactly their order, with exactly
 * their similarity. Vectors of another set, of what is no longer sold and of refused texts lie in the way.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ASKING, loadProducts } from '../bench/search/load-products.ts';
import { createEngine } from '../src/app/engine.ts';
import { loadConfig } from '../src/config.ts';
import { type Embedder, type EmbeddingModel, embeddersOf } from '../src/kernel/embedding.ts';
import { catalogue } from '../src/protocol/catalogue.ts';
import { silentLogger } from '../src/telemetry/logger.ts';
import { databases, type OpenedDatabase } from './harness/databases.ts';
import { atCosine, plantedEmbedder, plantVectors } from './harness/planted-vectors.ts';

const COUNT = 40;
const DIMENSIONS = 64;
const MODEL: EmbeddingModel = { provider: 'local', model: 'planted', version: '1', dimensions: DIMENSIONS };
const OLD: EmbeddingModel = { ...MODEL, version: '0' };

const numbers = Array.from({ length: COUNT }, (_, index) => index + 1);
const sku = (n: number) => `P-${String(n).padStart(2, '0')}`;
/** P-01 0.985, P-02 0.965 … P-40 0.205: whole thousandths, and none at a threshold. */
const similarity = (n: number) => (1005 - 20 * n) / 1000;
const WORDS: Readonly<Record<number, string>> = { 20: 'Bright lamp holder', 30: 'Lamp' };

const products = [...numbers.map(sku), 'P-GONE', 'P-REFUSED'].map((code, index) => ({
  sku: code,
  name: WORDS[index + 1] ?? `Article ${index + 1}`,
  category: 'Articles',
  type: index % 2 === 0 ? 'Odd' : 'Even',
  description: '',
  price: String(index + 1),
}));

const query = atCosine(1, 1, DIMENSIONS);
const embedder = plantedEmbedder(MODEL, { 'what it is for': query, 'bright lamp': query, qqxzv: query });

const answer = z.object({
  mode: z.string(),
  products: z.array(z.object({ sku: z.string(), similarity: z.number().optional() })),
});

describe.each(databases)('planted vectors on $name', ({ open }) => {
  let opened: OpenedDatabase;
  let find: (tool: string, input: object) => Promise<z.output<typeof answer>>;

  beforeAll(async () => {
    opened = await open();
    const { database } = opened;
    // Stored in an order that says nothing.
    await loadProducts(
      database,
      products.toSorted((one, other) => one.sku.at(-1)?.localeCompare(other.sku.at(-1) ?? '') ?? 0),
    );
    await database.asLoader(ASKING.signal, (session) =>
      session.query(`UPDATE retail.products SET discontinued = true WHERE sku = 'P-GONE'`),
    );
    const near = numbers.map((n) => [sku(n), atCosine(similarity(n), n, DIMENSIONS)] as const);
    await plantVectors(
      database,
      { slot: 1, serves: true, model: MODEL },
      new Map([...near, ['P-GONE', query], ['P-REFUSED', null]]),
    );
    const reversed = numbers.map(
      (n) => [sku(n), atCosine(similarity(COUNT + 1 - n), n, DIMENSIONS)] as const,
    );
    await plantVectors(
      database,
      { slot: 0, serves: false, model: OLD },
      new Map([...reversed, ['P-REFUSED', query]]),
    );
    find = await finderOn(opened, embedder);
  });
  afterAll(() => opened.close());

  it('finds what is near enough by meaning, nearest first', async () => {
    const found = await find('semantic_search_products', {
      query_description: 'what it is for',
      max_rows: 100,
    });
    const expected = numbers.filter((n) => similarity(n) > 0.3);
    expect(expected).toHaveLength(35);
    expect(found).toEqual({
      mode: 'vector',
      products: expected.map((n) => ({ sku: sku(n), similarity: similarity(n) })),
    });
  });

  it.each([
    { similarity_threshold: 20, last: 40 },
    { similarity_threshold: 21, last: 39 },
    { similarity_threshold: 80, last: 10 },
  ])('keeps to a threshold of $similarity_threshold %', async ({ similarity_threshold, last }) => {
    const input = { query_description: 'what it is for', max_rows: 100, similarity_threshold };
    const found = await find('semantic_search_products', input);
    expect(found.products.map((product) => product.sku)).toEqual(numbers.slice(0, last).map(sku));
  });

  it('gives the nearest ones where it may not give all', async () => {
    const found = await find('semantic_search_products', {
      query_description: 'what it is for',
      max_rows: 3,
    });
    expect(found.products.map((product) => product.sku)).toEqual(['P-01', 'P-02', 'P-03']);
  });

  it('goes by meaning alone where no product has the words', async () => {
    const found = await find('hybrid_product_search', { query: 'qqxzv', max_rows: 100 });
    expect(found).toEqual({
      mode: 'hybrid',
      products: numbers.map((n) => ({ sku: sku(n), similarity: similarity(n) })),
    });
  });

  it('puts what words and meaning both find before what one of them finds', async () => {
    const found = await find('hybrid_product_search', { query: 'bright lamp', max_rows: 5 });
    // By words P-20 is first and P-30 second; by meaning the others come in their order.
    expect(found).toEqual({
      mode: 'hybrid',
      products: [20, 30, 1, 2, 3].map((n) => ({ sku: sku(n), similarity: similarity(n) })),
    });
  });

  it('compares what passes a filter and nothing else', async () => {
    const input = { query: 'qqxzv', type: 'even', min_price: 7, max_price: 31, max_rows: 100 };
    const found = await find('hybrid_product_search', input);
    const expected = numbers.filter((n) => n % 2 === 0 && n >= 7 && n <= 31);
    expect(found.products).toEqual(expected.map((n) => ({ sku: sku(n), similarity: similarity(n) })));
  });

  it('compares no vectors of two models', async () => {
    const other = await finderOn(opened, plantedEmbedder(OLD, { 'what it is for': query }));
    const found = await other('semantic_search_products', { query_description: 'what it is for' });
    expect(found).toEqual({ mode: 'text', products: [] });
  });
});

async function finderOn({ database }: OpenedDatabase, only: Embedder) {
  const embedders = embeddersOf(only);
  const config = await loadConfig({}, {}, '');
  const { modules, pipeline } = await createEngine(config, database, silentLogger, undefined, { embedders });
  const tools = catalogue(modules);
  return async (name: string, input: object) => {
    const entry = tools.get(name);
    if (entry === undefined) throw new RangeError(`There is no tool ${name}.`);
    return answer.parse((await pipeline.callTool(entry.tool, input, ASKING)).structured);
  };
}
