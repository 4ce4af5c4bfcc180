/** Threat: the audit is read by those it watches. Closed here: only read:audit opens it, and a narrowed caller sees less. */

import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { auditOn } from '../../../../test/harness/audited.ts';
import { databases, type OpenedDatabase } from '../../../../test/harness/databases.ts';
import { HEAD_OFFICE, loadTwoStores, NORTH, SOUTH } from '../../../../test/harness/two-stores.ts';
import { systemClock } from '../../../kernel/clock.ts';
import { NO_EMBEDDERS } from '../../../kernel/embedding.ts';
import type { Principal } from '../../../kernel/principal.ts';
import type { Role } from '../../../kernel/role.ts';
import type { Tool } from '../../../kernel/tool.ts';
import { createPipeline, type Pipeline } from '../../../pipeline/index.ts';
import { permissionsOf } from '../../../policy/roles.ts';
import { createGuard } from '../../../sql/guard.ts';
import { silentLogger } from '../../../telemetry/logger.ts';
import { createModules } from '../../index.ts';

interface Found {
  readonly records: readonly Record<string, unknown>[];
  readonly next?: string;
}

describe.each(databases)('search_audit_log on $name', ({ open }) => {
  let opened: OpenedDatabase;
  let tools: ReadonlyMap<string, Tool>;
  let pipeline: Pipeline;
  const as = (principal: Principal, role: Role) => ({
    ...principal,
    roles: [role],
    permissions: permissionsOf([role]),
  });
  const auditor = as(HEAD_OFFICE, 'auditor');
  const call = async (name: string, args: object, principal: Principal) => {
    const tool = tools.get(name);
    if (tool === undefined) expect.fail(`no tool ${name}`);
    const context = { principal, requestId: `of-${principal.name}`, signal: new AbortController().signal };
    return (await pipeline.callTool(tool, args, context)).structured as Found;
  };

  beforeAll(async () => {
    opened = await open();
    await loadTwoStores(opened.database);
    const guard = await createGuard({ relations: new Set(['retail.orders']), searchPath: ['retail'] });
    const modules = createModules({
      embedders: NO_EMBEDDERS,
      database: opened.database,
      guard,
      clock: systemClock,
      queryTimeoutMs: 5000,
    });
    tools = new Map(modules.flatMap((module) => module.tools).map((tool) => [tool.name, tool]));
    const audit = auditOn(opened.database);
    pipeline = createPipeline({ logger: silentLogger, checkOutput: true, audit });
    const query = (where: string) => ({ postgresql_query: `SELECT order_number FROM orders WHERE ${where}` });
    await call('execute_sales_query', query("status = 'Canary-7'"), NORTH.principal);
    await call('execute_sales_query', query("status = 'other'"), {
      ...SOUTH.principal,
      store: SOUTH.storeId,
    });
    await call('execute_sales_query', query("pg_sleep('Canary-7')"), NORTH.principal).catch(() => {});
    await call('execute_sales_query', { ...query("x = 'Canary-7'"), max_rows: 0 }, NORTH.principal).catch(
      () => {},
    );
    await call('sales_report', { template: 'daily_sales' }, NORTH.principal);
    await audit.close();
    pipeline = createPipeline({ logger: silentLogger, checkOutput: true });
  });
  afterAll(() => opened.close());

  it('tells who asked what, with the SQL masked and the tables named', async () => {
    const { records } = await call(
      'search_audit_log',
      { subject: 'north', tool: 'execute_sales_query' },
      auditor,
    );
    expect(records).toHaveLength(3);
    expect(records.find(({ status }) => status === 'ok')).toMatchObject({
      ...{ log: 'call', decision: 'allowed', rows: 0, tables: ['retail.orders'], request_id: 'of-north' },
      sql: 'SELECT order_number FROM orders WHERE status = $1',
    });
    expect(records.find(({ decision }) => decision === 'denied')).toMatchObject({
      ...{ status: 'error', reason: expect.stringMatching(/^SQL_FUNCTION_NOT_ALLOWED: /), rows: null },
      sql: 'SELECT order_number FROM orders WHERE pg_sleep($1)',
    });
    const whole = [];
    for await (const { row } of opened.database.audit.export(new Date(0))) whole.push(JSON.stringify(row));
    expect(whole).toHaveLength(5);
    expect(whole.filter((row) => row.includes('Canary'))).toEqual([]);
  });

  it('gives equal fingerprints to what differs in literals only, and the tables of our own queries', async () => {
    const rows = [];
    for await (const { row } of opened.database.audit.export(new Date(0))) rows.push(row);
    const prints = rows.filter(({ status, sql_text: sql }) => status === 'ok' && sql !== null);
    expect(new Set(prints.map(({ sql_fingerprint: print }) => print)).size).toBe(1);
    expect(prints[0]?.sql_fingerprint).toMatch(/^[0-9a-f]{16}$/);
    const report = rows.find(({ tool_name: tool }) => tool === 'sales_report');
    expect(report?.tables).toEqual(expect.arrayContaining(['retail.orders', 'retail.stores']));
  });

  it('shows somebody confined to a store what was done so confined', async () => {
    const { records } = await call('search_audit_log', {}, { ...auditor, store: SOUTH.storeId });
    expect(records.map(({ subject, store_id: store }) => [subject, store])).toEqual([
      ['south', SOUTH.storeId],
    ]);
  });

  it.each<Role>(['store_readonly', 'store_user', 'store_manager', 'store_admin', 'regional_manager'])(
    'is refused to %s',
    async (role) => {
      await expect(call('search_audit_log', {}, as(NORTH.principal, role))).rejects.toMatchObject({
        code: 'AUTHORIZATION_ERROR',
      });
    },
  );

  it.each([
    { subject: 'a\0b' },
    { tool: 'a\nb' },
    { from: '0000-01-01T00:00:00Z' },
    { to: '2026-01-01T00:00:00+99:99' },
    { store: 'seattle' },
    { cursor: 'x' },
  ])('%j is refused, and does not reach PostgreSQL', async (args) => {
    await expect(call('search_audit_log', args, auditor)).rejects.toMatchObject({ code: 'VALIDATION_ERROR' });
  });

  it('is not reached by a query, whoever asks', async () => {
    const query = { postgresql_query: 'SELECT * FROM audit.tool_calls' };
    await expect(call('execute_sales_query', query, HEAD_OFFICE)).rejects.toMatchObject({
      code: 'SQL_TABLE_NOT_ALLOWED',
    });
  });

  it('costs a model few tokens', () => {
    const { input, output, run: _, ...told } = tools.get('search_audit_log') as Tool;
    const listed = {
      ...told,
      inputSchema: z.toJSONSchema(input, { io: 'input' }),
      outputSchema: z.toJSONSchema(output),
    };
    expect(encode(JSON.stringify(listed)).length).toBeLessThanOrEqual(750);
  });
});
