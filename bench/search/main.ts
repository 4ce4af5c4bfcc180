/**
 * `npm run bench:search [-- --products file.csv --judgements file.tsv]`: how well each way of searching finds what shoppers
 * mean. README.md beside it has the method and the formats. Prints tables and writes bench/results/search.json.
 */
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { Disposal } from '../../src/app/disposal.ts';
import type { Database } from '../../src/data/database.ts';
import { AisleError, ValidationError } from '../../src/kernel/errors.ts';
import { silentLogger } from '../../src/telemetry/logger.ts';
import { printTable, writeResults } from '../report.ts';
import { type JudgedQuery, parseJudgements } from './judgements.ts';
import { ASKING, loadProducts } from './load-products.ts';
import { models } from './models.ts';
import { onDatabase } from './on-database.ts';
import { demoProducts, parseProducts } from './products.ts';
import { ask, averages, byKind, difference, tunedOn } from './quality.ts';
import { anyWord, substring } from './searchers.ts';
import { modelSearchers, textSearcher } from './tool-searchers.ts';

async function main(): Promise<void> {
  const { products, judged, source } = await material();
  const started = performance.now();
  const { results, differences } = await onDatabase(async (database) => {
    const disposal = new Disposal(silentLogger);
    try {
      await loadProducts(database, products);
      return await compared(database, judged, disposal);
    } finally {
      await disposal.dispose();
    }
  });
  const tables = averages(results);
  for (const [half, rows] of Object.entries(tables)) printTable(`search, ${half}`, rows);
  const kinds = byKind(results);
  printTable('search, nDCG@10 by kind of query', kinds);
  printTable('search, differences with 95 % intervals', differences);
  const seconds = Math.round((performance.now() - started) / 1000);
  writeResults('search', {
    ...{ source, products: products.length, seconds, tables, kinds, differences },
    tunedOn: tunedOn(results),
  });
}

/** Every way to search, and each beside what it must be better than. */
async function compared(database: Database, judged: readonly JudgedQuery[], disposal: Disposal) {
  const whole = await ask(substring(database, ASKING), judged);
  const any = await ask(anyWord(database, ASKING), judged);
  const text = await ask(await textSearcher(database), judged);
  const results = [whole, any, text];
  const differences = { ...difference(text, any) };
  for (const embedder of await models(disposal)) {
    const { vector, hybrid } = await modelSearchers(database, embedder);
    const both = await ask(hybrid, judged);
    results.push(await ask(vector, judged), both);
    Object.assign(differences, difference(both, text));
  }
  return { results, differences };
}

/** The demo catalogue and its judgements, or those that were given: both, as judgements name products. */
async function material() {
  const { values } = parseArgs({
    options: { products: { type: 'string' }, judgements: { type: 'string' } },
  });
  if ((values.products === undefined) !== (values.judgements === undefined)) {
    throw new ValidationError(
      'Give both --products file.csv and --judgements file.tsv, or neither for the demo catalogue.',
    );
  }
  const products =
    values.products === undefined ? demoProducts() : parseProducts(await textOf(values.products));
  const judgements = values.judgements ?? 'bench/search/demo.tsv';
  const judged = parseJudgements(await textOf(judgements), new Set(products.map(({ sku }) => sku)));
  return { products, judged, source: judgements };
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new ValidationError(`${path} can't be read.`, { cause: error });
  }
}

try {
  await main();
} catch (error) {
  if (!(error instanceof AisleError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
