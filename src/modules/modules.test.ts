/** What holds of every tool, so that a new one can't forget it. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { systemClock } from '../kernel/clock.ts';
import { NO_EMBEDDERS } from '../kernel/embedding.ts';
import { PERMISSIONS } from '../kernel/permission.ts';
import { READ_ONLY } from '../kernel/tool.ts';
import { createModules } from './index.ts';

const modules = createModules({
  database: {
    withTenant: async () => expect.unreachable('no data is touched here'),
    audit: { search: async () => expect.unreachable('no data is touched here') },
  },
  guard: {
    check: () => expect.unreachable('no SQL is judged here'),
    fingerprint: () => expect.unreachable('no SQL is judged here'),
    masked: () => expect.unreachable('no SQL is judged here'),
  },
  embedders: NO_EMBEDDERS,
  clock: systemClock,
  queryTimeoutMs: 30_000,
});

/** What each module offers, and tokens that listing its tools may cost a model. */
const PROMISED = {
  analytics: {
    budget: 1800,
    tools: [
      ...['get_current_utc_date', 'get_multiple_table_schemas', 'execute_sales_query'],
      ...['get_store_performance', 'sales_report', 'generate_business_insights'],
    ],
    resources: ['database://schema', 'database://schema/{table}', 'retail://stores'],
  },
  catalog: {
    budget: 1500,
    tools: [
      ...['hybrid_product_search', 'semantic_search_products', 'get_product_recommendations'],
      ...['get_product', 'check_inventory'],
    ],
    resources: ['catalog://products/{sku}'],
  },
  audit: { budget: 900, tools: ['search_audit_log'], resources: [] },
};

test('the modules offer what they promise', () => {
  const offered = modules.map(({ name, tools, resources }) => [
    name,
    { tools: tools.map((tool) => tool.name), resources: resources.map(({ uri }) => uri) },
  ]);
  expect(Object.fromEntries(offered)).toEqual(
    Object.fromEntries(
      Object.entries(PROMISED).map(([name, { tools, resources }]) => [name, { tools, resources }]),
    ),
  );
});

test.each(Object.entries(PROMISED))('listing %s costs few tokens', (module, { budget }) => {
  const { tools = [] } = modules.find(({ name }) => name === module) ?? {};
  const listed = tools.map(({ name, title, description, input, output, annotations }) => ({
    name,
    title,
    description,
    inputSchema: z.toJSONSchema(input, { io: 'input' }),
    outputSchema: z.toJSONSchema(output, { io: 'output' }),
    annotations,
  }));
  expect(encode(JSON.stringify({ tools: listed })).length).toBeLessThanOrEqual(budget);
});

const tools = modules.flatMap((module) =>
  module.tools.map((tool) => [tool.name, tool, module.name] as const),
);

describe.each(tools)('%s', (name, tool, module) => {
  test('is a file of its name, and called by a test in its folder', () => {
    const folder = join(import.meta.dirname, module, 'tools');
    const files = readdirSync(folder);
    expect(files).toContain(`${name.replaceAll('_', '-')}.ts`);
    const tests = files.filter((file) => file.endsWith('.test.ts'));
    const own = tests.filter(
      (file) =>
        file.startsWith(`${name.replaceAll('_', '-')}.`) ||
        readFileSync(join(folder, file), 'utf8').includes(`describe('${name}'`),
    );
    expect(own).toHaveLength(1);
  });

  test('is described in few words', () => {
    expect(tool.title).toMatch(/^[A-Z].{3,40}$/);
    expect(tool.description.length).toBeGreaterThan(20);
    expect(tool.description.length).toBeLessThanOrEqual(260);
  });

  test('describes each argument and refuses unknown ones', () => {
    for (const [argument, schema] of Object.entries(tool.input.shape)) {
      expect(z.toJSONSchema(schema as z.ZodType, { io: 'input' }), argument).toHaveProperty('description');
    }
    expect(z.toJSONSchema(tool.input, { io: 'input' })).toMatchObject({ additionalProperties: false });
    const issues = tool.input.safeParse({ no_such_argument: 1 }).error?.issues ?? [];
    expect(issues.map(({ code }) => code)).toContain('unrecognized_keys');
  });

  test('is read-only and says who may call it', () => {
    expect(tool.annotations).toEqual(READ_ONLY);
    expect(PERMISSIONS).toContain(tool.permission);
  });

  test.each([[null], [[]], ['text'], [7], [{ toString: 1 }]])('refuses %j for its arguments', (bad) => {
    expect(tool.input.safeParse(bad).success).toBe(false);
  });
});
