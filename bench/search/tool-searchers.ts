import { z } from 'zod';
import { createEngine } from '../../src/app/engine.ts';
import { loadConfig } from '../../src/config.ts';
import type { Database } from '../../src/data/database.ts';
import { type Embedder, type Embedders, embeddersOf, NO_EMBEDDERS } from '../../src/kernel/embedding.ts';
import { makeEmbeddings } from '../../src/ops/embedding/make-embeddings.ts';
import { catalogue } from '../../src/protocol/catalogue.ts';
import { silentLogger } from '../../src/telemetry/logger.ts';
import { ASKING } from './load-products.ts';
import type { Searcher } from './searchers.ts';

const answer = z.object({
  mode: z.string(),
  degraded: z.string().optional(),
  products: z.array(z.object({ sku: z.string() })),
});

/** The product search as it is where nothing is embedded. */
export async function textSearcher(database: Database): Promise<Searcher> {
  const call = await callsOn(database, NO_EMBEDDERS);
  return { name: 'text', search: hybrid(call, 'text') };
}

/** By meaning alone and by both. Makes the vectors of `embedder` first, which serve from then on. */
export async function modelSearchers(
  database: Database,
  embedder: Embedder,
): Promise<{ readonly vector: Searcher; readonly hybrid: Searcher }> {
  await makeEmbeddings({ database, embedder, signal: ASKING.signal });
  const call = await callsOn(database, embeddersOf(embedder));
  const { provider, model } = embedder.model;
  const name = `${provider} ${model}`;
  return {
    vector: {
      name: `vector, ${name}`,
      search: (query, rows) =>
        call('semantic_search_products', { query_description: query, max_rows: rows }, 'vector'),
    },
    hybrid: { name: `hybrid, ${name}`, search: hybrid(call, 'hybrid') },
  };
}

/** Calls a tool, which must answer in this mode. */
type Call = (tool: string, input: object, mode: string) => Promise<readonly string[]>;

const hybrid =
  (call: Call, mode: string): Searcher['search'] =>
  (query, rows) =>
    call('hybrid_product_search', { query, max_rows: rows }, mode);

/** Through the pipeline, as any caller comes, without a cache. */
async function callsOn(database: Database, embedders: Embedders): Promise<Call> {
  const config = await loadConfig({}, {}, '');
  const { modules, pipeline } = await createEngine(config, database, silentLogger, undefined, { embedders });
  const tools = catalogue(modules);
  return async (name, input, expected) => {
    const tool = tools.get(name)?.tool;
    if (tool === undefined) throw new RangeError(`There is no tool ${name}.`);
    const { structured } = await pipeline.callTool(tool, input, ASKING);
    const { mode, degraded, products } = answer.parse(structured);
    if (mode !== expected) {
      throw new RangeError(
        `${name} answered by ${mode} and not by ${expected}: ${degraded ?? 'it does not say why'}`,
      );
    }
    return products.map(({ sku }) => sku);
  };
}
