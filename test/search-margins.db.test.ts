/** Closes: a change of search that makes it worse than what it is there to beat, unseen. On the demo catalogue, by bench/search. */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseJudgements } from '../bench/search/judgements.ts';
import { ASKING, loadProducts } from '../bench/search/load-products.ts';
import { demoProducts } from '../bench/search/products.ts';
import { ask } from '../bench/search/quality.ts';
import { anyWord } from '../bench/search/searchers.ts';
import { modelSearchers, textSearcher } from '../bench/search/tool-searchers.ts';
import { createLocalEmbedder } from '../src/embedding/local-embedder.ts';
import { databases, type OpenedDatabase } from './harness/databases.ts';

describe.each(databases)('how well products are found on $name', ({ open }) => {
  const ndcg = { ilike: 0, text: 0, hybrid: 0 };
  let opened: OpenedDatabase;

  beforeAll(async () => {
    opened = await open();
    const { database } = opened;
    const products = demoProducts();
    await loadProducts(database, products);
    const judgements = await readFile('bench/search/demo.tsv', 'utf8');
    const judged = parseJudgements(judgements, new Set(products.map(({ sku }) => sku)));
    const meanOf = async (searcher: Parameters<typeof ask>[0]) => {
      const { queries } = await ask(searcher, judged);
      return queries.reduce((sum, { measures }) => sum + measures.ndcg, 0) / queries.length;
    };
    ndcg.ilike = await meanOf(anyWord(database, ASKING));
    ndcg.text = await meanOf(await textSearcher(database));
    ndcg.hybrid = await meanOf((await modelSearchers(database, createLocalEmbedder())).hybrid);
  });
  afterAll(() => opened.close());

  it('words beat ILIKE by .1 of nDCG@10 at least', () => {
    expect(ndcg.text - ndcg.ilike).toBeGreaterThan(0.1);
  });

  it('words and meaning beat words by .01 at least', () => {
    expect(ndcg.hybrid - ndcg.text).toBeGreaterThan(0.01);
  });
});
