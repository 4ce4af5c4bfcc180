/**
 * Threat: a tool that forgets to ask, or that answers from another store. Every role, with every tool and resource, in every
 * relation to a store, through the pipeline and a real database: refused for want of a permission, or answered from the
 * stores that the caller has, and from no other.
 */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { READABLE_TABLES } from '../src/data/tables.ts';
import { systemClock } from '../src/kernel/clock.ts';
import { NO_EMBEDDERS } from '../src/kernel/embedding.ts';
import { AisleError } from '../src/kernel/errors.ts';
import type { Module } from '../src/kernel/module.ts';
import type { Principal } from '../src/kernel/principal.ts';
import { ROLES, type Role } from '../src/kernel/role.ts';
import { createModules } from '../src/modules/index.ts';
import { createPipeline } from '../src/pipeline/index.ts';
import { permissionsOf } from '../src/policy/roles.ts';
import { createGuard } from '../src/sql/guard.ts';
import { silentLogger } from '../src/telemetry/logger.ts';
import { databases, type OpenedDatabase } from './harness/databases.ts';
import { MAY_USE } from './harness/may-use.ts';
import { HEAD_OFFICE, loadTwoStores, NORTH, SOUTH, STRANGER } from './harness/two-stores.ts';

/** Whose caller asks, and what of North's and South's rows an answer may hold. The questions are about North. */
const RELATIONS: Readonly<Record<string, { who: Principal; answered: 'from North' | 'from no store' }>> = {
  'own store': { who: NORTH.principal, answered: 'from North' },
  'narrowed to own': { who: { ...HEAD_OFFICE, store: NORTH.storeId }, answered: 'from North' },
  "another's store": { who: SOUTH.principal, answered: 'from no store' },
  'no store': { who: STRANGER, answered: 'from no store' },
};

const PERIOD = { start: '2026-01-01', end: '2026-02-01' };
const ARGUMENTS: Readonly<Record<string, object>> = {
  get_current_utc_date: {},
  get_multiple_table_schemas: { table_names: ['stores'] },
  execute_sales_query: {
    postgresql_query: `SELECT slug FROM stores WHERE store_id = '${NORTH.storeId}'`,
  },
  get_store_performance: { store_id: NORTH.storeId, time_period: '2026-01' },
  sales_report: { template: 'daily_sales', ...PERIOD },
  generate_business_insights: { kind: 'summary', days: 30 },
  hybrid_product_search: { query: 'hammer' },
  semantic_search_products: { query_description: 'hammer' },
  get_product_recommendations: { kind: 'trending' },
  get_product: { sku: 'HAM-1' },
  check_inventory: { sku: 'HAM-1', store: 'north' },
  review_store: { store: 'any' },
  review_category: { category: 'Any' },
  explain_table: { table: 'stores' },
};

/** What tells North in an answer: its slug, the sum of its order. */
const NORTHS = /\bnorth\b|74\.64/;
const SOUTHS = /\bsouth\b|O-1/;
/** These say nothing of any store. */
const STORELESS = new Set([
  ...['get_current_utc_date', 'search_audit_log', 'database://schema'],
  ...['review_store', 'review_category', 'explain_table'],
  ...['hybrid_product_search', 'semantic_search_products', 'get_product_recommendations'],
]);

describe.each(databases)('roles on $name', ({ open }) => {
  let opened: OpenedDatabase;
  let modules: readonly Module[];
  const pipeline = createPipeline({ logger: silentLogger });
  const signal = new AbortController().signal;

  beforeAll(async () => {
    opened = await open();
    await loadTwoStores(opened.database);
    modules = createModules({
      embedders: NO_EMBEDDERS,
      database: opened.database,
      guard: await createGuard({ relations: new Set(READABLE_TABLES), searchPath: ['retail'] }),
      clock: { ...systemClock, now: () => Date.parse('2026-02-01') },
      queryTimeoutMs: 5000,
    });
  });
  afterAll(() => opened.close());

  const ask = (name: string, principal: Principal): Promise<unknown> => {
    const context = { principal, requestId: 'r', signal };
    const tool = modules.flatMap(({ tools }) => tools).find((each) => each.name === name);
    if (tool !== undefined) return pipeline.callTool(tool, ARGUMENTS[name], context);
    const prompt = modules.flatMap(({ prompts = [] }) => prompts).find((each) => each.name === name);
    if (prompt !== undefined) return pipeline.getPrompt(prompt, ARGUMENTS[name], context);
    const resource = modules.flatMap(({ resources }) => resources).find((each) => each.uri === name);
    return pipeline.readResource(
      resource ?? expect.fail(`no ${name}`),
      { table: 'stores', sku: 'HAM-1' },
      context,
    );
  };
  const outcome = async (name: string, who: Principal, role: Role): Promise<string> => {
    const principal = { ...who, roles: [role], permissions: permissionsOf([role]) };
    const answer = await ask(name, principal).catch((error: unknown) => error);
    if (answer instanceof Error && !(answer instanceof AisleError)) throw answer;
    // Such a denial names stores, and may name none but the caller's own.
    const isOfStore = answer instanceof AisleError && answer.message.startsWith('Access denied for store');
    if (answer instanceof AisleError && !isOfStore) return answer.message;
    const text = isOfStore ? answer.message : JSON.stringify(answer);
    const seen = NORTHS.test(text) ? 'from North' : 'from no store';
    // Whoever calls for South may see it, but it was not asked for.
    return who !== SOUTH.principal && SOUTHS.test(text) ? `${seen}, and from South` : seen;
  };
  const required = (name: string) => {
    const all = modules.flatMap(({ tools, resources, prompts = [] }) => [
      ...tools,
      ...prompts,
      ...resources.map((resource) => ({ ...resource, name: resource.uri })),
    ]);
    return all.find((each) => each.name === name)?.permission;
  };

  describe.each(Object.entries(RELATIONS))('%s', (_relation, { who, answered }) => {
    it.each(Object.entries(MAY_USE))('%s', async (name, may) => {
      const outcomes: Record<string, string> = {};
      for (const role of ROLES) outcomes[role] = await outcome(name, who, role);
      const allowed = STORELESS.has(name) ? 'from no store' : answered;
      expect(outcomes).toEqual(
        Object.fromEntries(
          ROLES.map((role, column) => [
            role,
            may[column] === 'y' ? allowed : `Insufficient permissions. Required: ${required(name)}`,
          ]),
        ),
      );
    });
  });

  it('a report of customers takes the right to read customers', async () => {
    const sales = modules.flatMap(({ tools }) => tools).find(({ name }) => name === 'sales_report');
    const report = (role: Role) =>
      pipeline
        .callTool(
          sales ?? expect.fail('no sales_report'),
          { template: 'customer_analysis', ...PERIOD },
          {
            principal: { ...NORTH.principal, permissions: permissionsOf([role]) },
            requestId: 'r',
            signal,
          },
        )
        .then(
          () => 'answered',
          (error: Error) => error.message,
        );
    expect(await report('store_user')).toBe('answered');
    expect(await report('store_readonly')).toBe('Insufficient permissions. Required: read:customers');
  });
});
