/** What holds of every tool of this module, so that a new one can't forget it. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { NO_EMBEDDERS } from '../../kernel/embedding.ts';
import { PERMISSIONS } from '../../kernel/permission.ts';
import { READ_ONLY } from '../../kernel/tool.ts';
import { createModules } from '../index.ts';
import { clock } from './testing/two-currencies.ts';

const [module] = createModules({
  embedders: NO_EMBEDDERS,
  database: {
    withTenant: async () => expect.unreachable('no data is touched here'),
    audit: { search: async () => expect.unreachable('no data is touched here') },
  },
  guard: {
    check: () => expect.unreachable('no SQL is judged here'),
    fingerprint: () => expect.unreachable('no SQL is judged here'),
    masked: () => expect.unreachable('no SQL is judged here'),
  },
  clock,
  queryTimeoutMs: 30_000,
});
const { tools = [], resources = [] } = module ?? {};

/** Tokens that listing this module may cost a model. */
const BUDGET = 1_800;

test('the module offers what it promises', () => {
  expect(tools.map(({ name }) => name)).toEqual([
    'get_current_utc_date',
    'get_multiple_table_schemas',
    'execute_sales_query',
    'get_store_performance',
    'sales_report',
    'generate_business_insights',
  ]);
  expect(resources.map(({ uri }) => uri)).toEqual([
    'database://schema',
    'database://schema/{table}',
    'retail://stores',
  ]);
});

test(`tools/list costs at most ${BUDGET} tokens`, () => {
  const listed = tools.map(({ name, title, description, input, output, annotations }) => ({
    name,
    title,
    description,
    inputSchema: z.toJSONSchema(input, { io: 'input' }),
    outputSchema: z.toJSONSchema(output, { io: 'output' }),
    annotations,
  }));
  expect(encode(JSON.stringify({ tools: listed })).length).toBeLessThanOrEqual(BUDGET);
});

describe.each(tools.map((tool) => [tool.name, tool] as const))('%s', (name, tool) => {
  test('has a test beside it', () => {
    const file = join(import.meta.dirname, 'tools', name.replaceAll('_', '-'));
    expect(existsSync(`${file}.ts`)).toBe(true);
    expect([`${file}.test.ts`, `${file}.db.test.ts`].some((path) => existsSync(path))).toBe(true);
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
