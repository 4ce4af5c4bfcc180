/**
 * Through the tools and resources, as a caller has them: a store meets nothing of another, with the guard in place and
 * with a guard that lets everything pass. (test/walls/ sends raw SQL past all of this.)
 */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { READABLE_TABLES, TENANT_TABLES } from '../src/data/tables.ts';
import { systemClock } from '../src/kernel/clock.ts';
import { NO_EMBEDDERS } from '../src/kernel/embedding.ts';
import type { Module } from '../src/kernel/module.ts';
import type { RequestContext } from '../src/kernel/request-context.ts';
import { createModules } from '../src/modules/index.ts';
import { createPipeline } from '../src/pipeline/index.ts';
import { createGuard, type Guard } from '../src/sql/guard.ts';
import { silentLogger } from '../src/telemetry/logger.ts';
import { databases, type OpenedDatabase } from './harness/databases.ts';
import { loadTwoStores, NORTH, SOUTH } from './harness/two-stores.ts';

const OPEN_GUARD: Guard = {
  check: () => ({ ok: true, relations: [], isTimeless: true }),
  fingerprint: () => undefined,
  masked: (sql) => sql,
};
const guards = [
  {
    guard: 'the guard on',
    make: () => createGuard({ relations: new Set(READABLE_TABLES), searchPath: ['retail'] }),
  },
  { guard: 'the guard off', make: async () => OPEN_GUARD },
];

/** Whatever stands only in rows of the other store. */
const SOUTHS = [
  SOUTH.storeId,
  'Store South',
  'South Road',
  '"south"',
  '"O-1"',
  '"C-1"',
  '00000001-0000-4000-8000-000000000001',
];
const PERIOD = { start: '2026-01-01', end: '2026-02-01' };

const CALLS: readonly (readonly [tool: string, args: object])[] = [
  ...TENANT_TABLES.map(
    (table) => ['execute_sales_query', { postgresql_query: `SELECT * FROM ${table}` }] as const,
  ),
  ['execute_sales_query', { postgresql_query: `SELECT * FROM orders WHERE store_id = '${SOUTH.storeId}'` }],
  ['execute_sales_query', { postgresql_query: 'SELECT o.*, s.* FROM orders o FULL JOIN stores s ON true' }],
  ['get_multiple_table_schemas', { table_names: READABLE_TABLES }],
  ['get_store_performance', { store_id: NORTH.storeId, time_period: '2026-01' }],
  ...['daily_sales', 'top_products', 'customer_analysis', 'category_performance', 'sales_trends'].map(
    (template) => ['sales_report', { template, ...PERIOD }] as const,
  ),
  ...['summary', 'customer_segmentation', 'product_performance', 'seasonal_trends'].map(
    (kind) => ['generate_business_insights', { kind, days: 365 }] as const,
  ),
  ['hybrid_product_search', { query: 'hammer' }],
  ['semantic_search_products', { query_description: 'hammer' }],
  ['get_product_recommendations', { kind: 'trending', days: 365 }],
  ['get_product_recommendations', { kind: 'cross_sell', sku: 'HAM-1', days: 365 }],
  ['get_product_recommendations', { kind: 'similar_products', sku: 'HAM-1' }],
  ['get_product_recommendations', { kind: 'customer_based', customer: 'C-0' }],
  ['get_product', { sku: 'HAM-1' }],
  ['check_inventory', { sku: 'HAM-1' }],
];

describe.each(databases)('on $name', ({ open }) => {
  describe.each(guards)('with $guard', ({ make }) => {
    let opened: OpenedDatabase;
    let modules: readonly Module[];
    const pipeline = createPipeline({ logger: silentLogger, checkOutput: true });
    const context: RequestContext = {
      principal: NORTH.principal,
      requestId: 'r',
      signal: new AbortController().signal,
    };
    const call = (name: string, args: object) => {
      const tool = modules.flatMap((module) => module.tools).find((candidate) => candidate.name === name);
      if (tool === undefined) throw new RangeError(`no tool ${name}`);
      return pipeline.callTool(tool, args, context);
    };

    beforeAll(async () => {
      opened = await open();
      await loadTwoStores(opened.database);
      modules = createModules({
        embedders: NO_EMBEDDERS,
        database: opened.database,
        guard: await make(),
        clock: systemClock,
        queryTimeoutMs: 5000,
      });
    });
    afterAll(() => opened.close());

    it.each(CALLS)('%s %j shows nothing of another store', async (tool, args) => {
      const answer = JSON.stringify(await call(tool, args));
      expect(
        SOUTHS.filter((secret) => answer.includes(secret) && !JSON.stringify(args).includes(secret)),
      ).toEqual([]);
    });

    it('and its own rows are there', async () => {
      const { text } = await call('execute_sales_query', {
        postgresql_query: 'SELECT order_number FROM orders',
      });
      expect(text).toBe('{"c":["order_number"],"r":[["O-0"]],"n":1}');
    });

    it.each([SOUTH.storeId, SOUTH.slug, 'nowhere'])(
      'the performance of %s is denied like that of a store that is not there',
      async (store) => {
        await expect(
          call('get_store_performance', { store_id: store, time_period: '2026-01' }),
        ).rejects.toMatchObject({
          code: 'AUTHORIZATION_ERROR',
          message: 'Access denied for store',
        });
      },
    );

    it('resources and completions show nothing of another store', async () => {
      const resources = modules.flatMap((module) => module.resources);
      const seen = await Promise.all(
        resources.map(async (resource) => [
          await pipeline.readResource(resource, { table: 'stores', sku: 'HAM-1' }, context),
          await pipeline.complete(resource, 'table', '', context),
        ]),
      );
      expect(resources.map((resource) => resource.uri)).toEqual([
        'database://schema',
        'database://schema/{table}',
        'retail://stores',
        'catalog://products/{sku}',
      ]);
      const answer = JSON.stringify(seen);
      expect(SOUTHS.filter((secret) => answer.includes(secret))).toEqual([]);
      expect(answer).toContain('north');
    });
  });
});
