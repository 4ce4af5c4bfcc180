/** Where in the pipeline a call is counted, and what for. */
import { expect, test } from 'vitest';
import { z } from 'zod';
import type { Allowance } from '../kernel/allowance.ts';
import { AuthorizationError, RateLimitedError, ValidationError } from '../kernel/errors.ts';
import type { Permission } from '../kernel/permission.ts';
import { defineTool, READ_ONLY } from '../kernel/tool.ts';
import { createRateLimiter } from '../resilience/rate-limiter.ts';
import { silentLogger } from '../telemetry/logger.ts';
import { createPipeline } from './index.ts';

function probe(cost?: number, run: () => Promise<void> = async () => {}) {
  return defineTool({
    ...{ name: 'probe', title: 'Probe', description: 'For tests.', annotations: READ_ONLY },
    ...{ input: z.strictObject({}), output: z.object({}), permission: 'read:analytics' },
    ...(cost !== undefined && { cost }),
    run: async () => {
      await run();
      return { structured: {}, text: '' };
    },
  });
}

function limited(limit: number, maxConcurrent = 100) {
  const limiter = createRateLimiter({ name: 'caller', limit, periodSeconds: 60 });
  const pipeline = createPipeline({
    ...{ logger: silentLogger, maxConcurrent, maxQueued: 0, rateLimits: { limiter } },
  });
  const left: number[] = [];
  const context = (permission: Permission = 'read:analytics') => ({
    principal: {
      ...{ subject: 's', name: 'seattle', roles: [], method: 'development' as const },
      permissions: new Set([permission]),
    },
    ...{ requestId: 'r', signal: new AbortController().signal },
    onAllowance: (allowance: Allowance) => left.push(allowance.remaining),
  });
  return { pipeline, left, context };
}

test('a call takes what its tool costs, one unless it says more', async () => {
  const { pipeline, left, context } = limited(8);
  await pipeline.callTool(probe(), {}, context());
  await pipeline.callTool(probe(5), {}, context());
  await expect(pipeline.callTool(probe(5), {}, context())).rejects.toBeInstanceOf(RateLimitedError);
  expect(left).toEqual([7, 2, 0]);
});

test('what the caller may not do at all is counted too: each refusal is a record in the audit', async () => {
  const { pipeline, left, context } = limited(1);
  await expect(pipeline.callTool(probe(), {}, context('read:audit'))).rejects.toBeInstanceOf(
    AuthorizationError,
  );
  expect(left).toEqual([0]);
});

test('what is malformed counts: refusing it is work too', async () => {
  const { pipeline, context } = limited(1);
  await expect(pipeline.callTool(probe(), { x: 1 }, context())).rejects.toBeInstanceOf(ValidationError);
  await expect(pipeline.callTool(probe(), {}, context())).rejects.toBeInstanceOf(RateLimitedError);
});

test('who is over the limit is refused without waiting for a place', async () => {
  const { pipeline, context } = limited(1, 1);
  const held = Promise.withResolvers<void>();
  const running = pipeline.callTool(
    probe(1, () => held.promise),
    {},
    context(),
  );
  await expect(pipeline.callTool(probe(), {}, context())).rejects.toBeInstanceOf(RateLimitedError);
  held.resolve();
  await running;
});

test('resources and completions are calls too', async () => {
  const { pipeline, left, context } = limited(2);
  const resource = {
    ...{
      name: 'things',
      title: 'Things',
      description: 'Things.',
      mimeType: 'text/plain',
      uri: 'fake://things',
    },
    permission: 'read:analytics' as const,
    read: async () => ({ mimeType: 'text/plain', text: '' }),
  };
  await pipeline.readResource(resource, {}, context());
  await pipeline.complete(resource, 'x', '', context());
  await expect(pipeline.readResource(resource, {}, context())).rejects.toBeInstanceOf(RateLimitedError);
  expect(left).toEqual([1, 0, 0]);
});
