/** Threat: a call leaves no trace. Closed here: what can't be recorded is not answered, and a write not even run. */
import { expect, it } from 'vitest';
import { z } from 'zod';
import { type FailureKind, fakeModule } from '../../test/harness/fake-module.ts';
import { NORTH } from '../../test/harness/two-stores.ts';
import type { CallRecord } from '../kernel/audit.ts';
import { RateLimitedError, UnavailableError } from '../kernel/errors.ts';
import { defineTool, READ_ONLY, type Tool } from '../kernel/tool.ts';
import { createRateLimiter } from '../resilience/rate-limiter.ts';
import { silentLogger } from '../telemetry/logger.ts';
import { createPipeline } from './index.ts';

const CONTEXT = { principal: NORTH.principal, requestId: 'r', signal: new AbortController().signal };

function audited(isDown = false) {
  const told: string[] = [];
  const records: CallRecord[] = [];
  const take = (how: string) => async (record: CallRecord) => {
    if (isDown) throw new UnavailableError('down');
    told.push(`${how} ${record.status} ${record.decision} ${record.error?.code ?? '-'}`);
    records.push(record);
  };
  const audit = { commit: take('commit'), enqueue: take('enqueue') };
  return { told, records, pipeline: createPipeline({ logger: silentLogger, audit }), take };
}

const toolNamed = (name: string) => fakeModule().tools.find((tool) => tool.name === name) as Tool;

function writing(run: () => void): Tool {
  return defineTool({
    ...{
      name: 'put',
      title: 'Put',
      description: 'Writes.',
      input: z.strictObject({ n: z.int().default(1) }),
    },
    ...{
      output: z.object({}),
      permission: 'write:orders',
      annotations: { ...READ_ONLY, readOnlyHint: false },
    },
    run: async () => {
      run();
      return { structured: {}, text: '' };
    },
  });
}

it('a read is queued, with what it was asked and by whom', async () => {
  const { told, records, pipeline } = audited();
  await pipeline.callTool(toolNamed('echo'), { message: 'x' }, CONTEXT);
  expect(told).toEqual(['enqueue ok allowed -']);
  expect(records).toMatchObject([
    { kind: 'tool', name: 'echo', args: { message: 'x' }, facts: {}, context: { requestId: 'r' } },
  ]);
});

it.each<[FailureKind, string]>([
  ['validation', 'enqueue error allowed VALIDATION_ERROR'],
  ['refused', 'commit error denied GUARD_FUNCTION'],
  ['authorization', 'commit error denied AUTHORIZATION_ERROR'],
  ['database', 'enqueue error allowed DATABASE_ERROR'],
  ['unforeseen', 'enqueue error allowed INTERNAL_ERROR'],
])('a call that fails by %s is told as %s', async (kind, expected) => {
  const { told, pipeline } = audited();
  await expect(pipeline.callTool(toolNamed('fail'), { kind }, CONTEXT)).rejects.toThrow();
  expect(told).toEqual([expected]);
});

it('what the policy and the schema refuse is told too', async () => {
  const { told, pipeline } = audited();
  const nobody = { ...CONTEXT, principal: { ...NORTH.principal, permissions: new Set<never>() } };
  await expect(pipeline.callTool(toolNamed('echo'), { message: 'x' }, nobody)).rejects.toThrow();
  await expect(pipeline.callTool(toolNamed('echo'), { wrong: 1 }, CONTEXT)).rejects.toThrow();
  expect(told).toEqual(['commit error denied AUTHORIZATION_ERROR', 'enqueue error allowed VALIDATION_ERROR']);
});

it('a call beyond its rate costs no record: that is an event of its own, once a minute', async () => {
  const { told, take } = audited();
  const limiter = createRateLimiter({ name: 'caller', limit: 1, periodSeconds: 60 });
  const audit = { commit: take('commit'), enqueue: take('enqueue') };
  const pipeline = createPipeline({ logger: silentLogger, audit, rateLimits: { limiter } });
  await pipeline.callTool(toolNamed('echo'), { message: 'x' }, CONTEXT);
  await expect(pipeline.callTool(toolNamed('echo'), { message: 'x' }, CONTEXT)).rejects.toThrow(
    RateLimitedError,
  );
  expect(told).toEqual(['enqueue ok allowed -']);
});

it('a write is told before it runs and before it is answered; one that is refused never began', async () => {
  const { told, pipeline } = audited();
  const tool = writing(() => told.push('runs'));
  await pipeline.callTool(tool, {}, CONTEXT);
  expect(told.splice(0)).toEqual(['commit begun allowed -', 'runs', 'commit ok allowed -']);
  await expect(pipeline.callTool(tool, { n: 'x' }, CONTEXT)).rejects.toThrow();
  expect(told).toEqual(['commit error allowed VALIDATION_ERROR']);
});

it('while nothing can be recorded a write does not run, and nothing is answered', async () => {
  const { pipeline } = audited(true);
  let ran = false;
  const tool = writing(() => {
    ran = true;
  });
  await expect(pipeline.callTool(tool, {}, CONTEXT)).rejects.toThrow(UnavailableError);
  expect(ran).toBe(false);
  await expect(pipeline.callTool(toolNamed('echo'), { message: 'x' }, CONTEXT)).rejects.toThrow(
    UnavailableError,
  );
  await expect(pipeline.callTool(toolNamed('fail'), { kind: 'authorization' }, CONTEXT)).rejects.toThrow(
    UnavailableError,
  );
});

it('a write whose beginning could not be told in time never runs, is not called done, and its end follows its beginning', async () => {
  const told: string[] = [];
  const queued: (() => void)[] = [];
  const isOver = Promise.withResolvers<void>();
  const audit = {
    enqueue: async () => {},
    commit: ({ status, error }: CallRecord) =>
      new Promise<void>((resolve) => {
        told.push(`${status} ${error?.code ?? '-'}`);
        queued.push(resolve);
        if (queued.length === 2) isOver.resolve();
      }),
  };
  const pipeline = createPipeline({ logger: silentLogger, audit, timeoutMs: 20 });
  const tool = writing(() => told.push('runs'));
  await expect(pipeline.callTool(tool, {}, CONTEXT)).rejects.toThrow('put exceeded 0.02s timeout');
  await isOver.promise;
  for (const committed of queued) committed();
  await new Promise((soon) => setImmediate(soon));
  expect(told).toEqual(['begun -', 'error TIMEOUT']);
});

it('a write whose beginning is refused is answered so, and not that it may have been done', async () => {
  const { pipeline } = audited(true);
  await expect(
    pipeline.callTool(
      writing(() => {}),
      {},
      CONTEXT,
    ),
  ).rejects.toThrow(/^down$/);
});

it('resources and completions are told as what they are', async () => {
  const { records, pipeline } = audited();
  const [, thing] = fakeModule().resources;
  if (thing === undefined) expect.fail('no resource');
  await pipeline.readResource(thing, { name: 'apple' }, CONTEXT);
  await pipeline.complete(thing, 'name', 'a', CONTEXT);
  expect(records.map(({ kind, name }) => [kind, name])).toEqual([
    ['resource', 'thing'],
    ['completion', 'thing'],
  ]);
});
