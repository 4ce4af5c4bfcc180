/** Whatever arguments a tool is called with: a result, or an error that says what was wrong; and all is well after. */

import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { READABLE_TABLES } from '../src/data/tables.ts';
import { systemClock } from '../src/kernel/clock.ts';
import { NO_EMBEDDERS } from '../src/kernel/embedding.ts';
import { AisleError } from '../src/kernel/errors.ts';
import type { RequestContext } from '../src/kernel/request-context.ts';
import type { Tool } from '../src/kernel/tool.ts';
import { createModules } from '../src/modules/index.ts';
import { createPipeline } from '../src/pipeline/index.ts';
import { createGuard } from '../src/sql/guard.ts';
import { silentLogger } from '../src/telemetry/logger.ts';
import { databases, type OpenedDatabase } from './harness/databases.ts';
import { loadTwoStores, NORTH } from './harness/two-stores.ts';

const VALID: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  get_current_utc_date: { format: 'iso' },
  get_multiple_table_schemas: { table_names: ['orders'] },
  execute_sales_query: { postgresql_query: 'SELECT 1', max_rows: 5, format: 'json' },
  get_store_performance: { store_id: 'north', time_period: '2026-01' },
  sales_report: { template: 'daily_sales', days: 30, limit: 5 },
  generate_business_insights: { kind: 'summary', days: 30 },
  hybrid_product_search: { query: 'hammer', category: 'Tools', max_price: 99, in_stock: true },
  semantic_search_products: { query_description: 'hammer', similarity_threshold: 30 },
  get_product_recommendations: { kind: 'cross_sell', sku: 'HAM-1', days: 365 },
  get_product: { sku: 'HAM-1' },
  check_inventory: { sku: 'HAM-1', quantity: 2, store: 'north' },
  search_audit_log: { from: '2026-01-01T00:00:00Z', subject: 'north', limit: 5 },
};

const hostile = fc.oneof(
  { depthSize: 'small' },
  fc.constantFrom<unknown>(
    null,
    true,
    -1,
    0,
    1.5,
    1e308,
    2 ** 53,
    '',
    ' ',
    '\u0000',
    '\ud800',
    "'; DROP TABLE retail.orders; --",
  ),
  fc.constantFrom(
    'x'.repeat(100_000),
    '('.repeat(5000),
    'SELECT '.repeat(2000),
    '9999-99-99',
    '-infinity',
    '%s%s%n',
  ),
  fc.constantFrom(
    'SELECT pg_sleep(10)',
    'SELECT * FROM access.subjects',
    'SELECT repeat(1::text, 1000000000)',
    'COMMIT',
  ),
  fc.string({ unit: 'binary' }),
  fc.array(fc.string(), { maxLength: 300 }),
  fc.dictionary(fc.string(), fc.integer()),
  fc.double(),
);

/** One thing wrong with valid arguments: a field missing, of another kind, or unknown; or no object at all. */
function spoiled(valid: Readonly<Record<string, unknown>>): fc.Arbitrary<unknown> {
  const field = fc.constantFrom(...Object.keys(valid));
  return fc.oneof(
    field.map((name) => Object.fromEntries(Object.entries(valid).filter(([key]) => key !== name))),
    fc.tuple(field, hostile).map(([name, value]) => ({ ...valid, [name]: value })),
    fc.tuple(fc.string(), hostile).map(([name, value]) => ({ ...valid, [name]: value })),
    hostile,
  );
}

describe.each(databases)('on $name', ({ open }) => {
  let opened: OpenedDatabase;
  let tools: readonly Tool[];
  const pipeline = createPipeline({ logger: silentLogger, checkOutput: true });
  const context: RequestContext = {
    principal: NORTH.principal,
    requestId: 'r',
    signal: new AbortController().signal,
  };

  beforeAll(async () => {
    opened = await open();
    await loadTwoStores(opened.database);
    const guard = await createGuard({ relations: new Set(READABLE_TABLES), searchPath: ['retail'] });
    const deps = {
      database: opened.database,
      embedders: NO_EMBEDDERS,
      guard,
      clock: systemClock,
      queryTimeoutMs: 5000,
    };
    tools = createModules(deps).flatMap((module) => module.tools);
  });
  afterAll(() => opened.close());

  it('there is a valid call of every tool to begin with', async () => {
    expect(Object.keys(VALID)).toEqual(tools.map((tool) => tool.name));
    for (const tool of tools)
      await expect(pipeline.callTool(tool, VALID[tool.name], context)).resolves.toBeDefined();
  });

  const texts = Object.entries(VALID).flatMap(([name, args]) =>
    Object.entries(args).flatMap(([field, value]) =>
      typeof value === 'string' ? [[name, field, value] as const] : [],
    ),
  );
  it.each(texts)('%s with a NUL in %s names it, before PostgreSQL sees it', async (name, field, value) => {
    const tool = tools.find((candidate) => candidate.name === name);
    if (tool === undefined) expect.fail(`no tool ${name}`);
    const asked = pipeline.callTool(tool, { ...VALID[name], [field]: `${value}\0` }, context);
    // Of SQL the guard also says where.
    const isSql = field === 'postgresql_query';
    await expect(asked).rejects.toMatchObject(
      isSql
        ? { code: 'SQL_BAD_CHARACTER', data: { position: value.length } }
        : { code: 'VALIDATION_ERROR', data: { fields: [field] } },
    );
  });

  it.each(Object.keys(VALID))('%s', async (name) => {
    const tool = tools.find((candidate) => candidate.name === name);
    if (tool === undefined) expect.fail(`no tool ${name}`);
    await fc.assert(
      fc.asyncProperty(spoiled(VALID[name] ?? {}), async (args) => {
        const error: unknown = await pipeline.callTool(tool, args, context).then(
          () => undefined,
          (reason: unknown) => reason,
        );
        if (error === undefined) return;
        if (!(error instanceof AisleError)) expect.fail(`not an error of ours: ${String(error)}`);
        expect(error.code).toMatch(
          /^(VALIDATION_ERROR|AUTHORIZATION_ERROR|NOT_FOUND|DATABASE_ERROR|SQL_[A-Z_]+)$/,
        );
        expect(error.message.length).toBeGreaterThan(10);
        expect(error.message.length).toBeLessThan(2000);
      }),
      { numRuns: 120 },
    );
    await expect(pipeline.callTool(tool, VALID[name], context)).resolves.toBeDefined();
  });
});
