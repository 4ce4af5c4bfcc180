/** The concerns around a call, through the pipeline that composes them. */
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import {
  AuthorizationError,
  BusyError,
  CancelledError,
  InternalError,
  TimeoutError,
  UnavailableError,
  ValidationError,
} from '../kernel/errors.ts';
import { definePrompt } from '../kernel/prompt.ts';
import { defineTool, READ_ONLY } from '../kernel/tool.ts';
import { silentLogger } from '../telemetry/logger.ts';
import { createPipeline, type PipelineOptions } from './index.ts';

type Run = (args: unknown, signal: AbortSignal) => Promise<unknown>;

function tool(run: Run = async () => 'ran', input: z.ZodObject = z.object({}), timeoutMs?: number) {
  return defineTool({
    name: 'probe',
    title: 'Probe',
    description: 'For tests.',
    input,
    output: z.object({ value: z.unknown() }),
    permission: 'read:analytics',
    annotations: READ_ONLY,
    ...(timeoutMs !== undefined && { timeoutMs }),
    run: async (args, { signal }) => ({ structured: { value: await run(args, signal) }, text: '' }),
  });
}

const context = (
  signal = new AbortController().signal,
  permissions = new Set(['read:analytics'] as const),
) => ({
  principal: { subject: 's', name: 'seattle', roles: [], method: 'development' as const, permissions },
  requestId: 'r',
  signal,
});
const pipeline = (options: Partial<PipelineOptions> = {}) =>
  createPipeline({ logger: silentLogger, ...options });
const never = new Promise<never>(() => {});

test('authorization comes before validation: whoever may not call learns nothing of the arguments', async () => {
  const denied = pipeline().callTool(tool(), { bad: 1 }, context(undefined, new Set()));
  await expect(denied).rejects.toEqual(
    new AuthorizationError('Insufficient permissions. Required: read:analytics', {
      data: { required: 'read:analytics' },
    }),
  );
});

/** Threat: a NUL, which PostgreSQL has in no text: the statement fails for a reason that nobody who called can see. */
describe('a NUL never reaches what is called, and the argument is named', () => {
  const refused = (field: string) =>
    new ValidationError(
      `Field '${field}' is not valid: must not have a NUL character (U+0000) in it. Take it out.`,
      { data: { fields: [field] } },
    );
  const run = vi.fn(async () => []);
  beforeEach(() => run.mockClear());
  afterEach(() => expect(run).not.toHaveBeenCalled());
  const own = { permission: 'read:analytics' as const, name: 'probe', title: 'Probe', description: '' };

  test.each([
    [{ text: 'a\0' }, 'text'],
    [{ list: ['a', '\0'] }, 'list.1'],
    [{ nested: { inner: '\0b' } }, 'nested.inner'],
    [{ open: { 'a\0b': 1 } }, 'open.a?b'],
  ])('of a tool: %j', async (args, field) => {
    const input = z.object({
      text: z.string().optional(),
      list: z.array(z.string()).optional(),
      nested: z.strictObject({ inner: z.string() }).optional(),
      open: z.record(z.string(), z.unknown()).optional(),
    });
    await expect(pipeline().callTool(tool(run, input), args, context())).rejects.toEqual(refused(field));
  });

  test('of a prompt', async () => {
    const prompt = definePrompt({ ...own, input: z.object({ store: z.string() }), render: run });
    await expect(pipeline().getPrompt(prompt, { store: '\0' }, context())).rejects.toEqual(refused('store'));
  });

  test('of a resource', async () => {
    const resource = { ...own, uri: 'a://{sku}', mimeType: 'text/plain', read: run as never };
    const reading = pipeline().readResource(resource, { sku: 'a\0b' }, context());
    await expect(reading).rejects.toEqual(refused('sku'));
  });

  test('of what is completed', async () => {
    const completing = pipeline().complete({ ...own, complete: { sku: run } }, 'sku', 'a\0', context());
    await expect(completing).rejects.toEqual(refused('sku'));
  });
});

test('a tool that judges its text itself is given it as it is', async () => {
  const judging = { ...tool(async (args) => args, z.object({ sql: z.string() })), judgesText: true };
  const { structured } = await pipeline().callTool(judging, { sql: 'a\0' }, context());
  expect(structured).toEqual({ value: { sql: 'a\0' } });
});

describe('arguments', () => {
  const input = z.object({
    message: z.string().max(3),
    count: z.int().min(1).optional(),
    format: z.enum(['json', 'csv']).default('json'),
    id: z.uuid().optional(),
    either: z.union([z.string(), z.number()]).optional(),
    list: z.array(z.string()).max(2).optional(),
    nested: z.strictObject({ inner: z.string() }).optional(),
  });
  test.each([
    [undefined, 'Missing required field: message'],
    [null, 'Missing required field: message'],
    [[], 'Arguments must be an object'],
    ['text', 'Arguments must be an object'],
    [{ message: null }, "Field 'message' has wrong type: expected string, got null"],
    [{ message: 'a', count: '1' }, "Field 'count' has wrong type: expected number, got string"],
    [{ message: 'a', count: true }, "Field 'count' has wrong type: expected number, got boolean"],
    [{ message: 'a', count: 1.5 }, "Field 'count' has wrong type: expected integer, got fraction"],
    [{ message: 'a', count: 0 }, "Field 'count' is not valid: Too small: expected number to be >=1"],
    [{ message: 'abcd' }, "Field 'message' is not valid: Too big: expected string to have <=3 characters"],
    [{ message: 'a', format: 'xml' }, "Field 'format' must be one of: json, csv"],
    [{ message: 'a', id: 'x' }, "Field 'id' is not valid: Invalid UUID"],
    [{ message: 'a', either: true }, "Field 'either' has wrong type: expected string or number, got boolean"],
    [{ message: 'a', list: ['a', 2] }, "Field 'list.1' has wrong type: expected string, got number"],
    [{ message: 'a', nested: {} }, 'Missing required field: nested.inner'],
    [{ message: 'a', nested: { inner: 'b', other: 1 } }, "Unknown field 'nested.other'"],
    [{ message: 'a', mesage: 'b' }, "Unknown field 'mesage'. Did you mean 'message'?"],
    [
      { message: 'a', zzzzzzzz: 1 },
      "Unknown field 'zzzzzzzz'. Known fields: message, count, format, id, either, list, nested",
    ],
    [
      { message: 5, format: 1 },
      "Field 'message' has wrong type: expected string, got number; Field 'format' must be one of: json, csv",
    ],
    [
      { message: 'a', '\u001b[31m\n': 1 },
      "Unknown field '?[31m?'. Known fields: message, count, format, id, either, list, nested",
    ],
  ])('%j: %s', async (args, message) => {
    const run = vi.fn(async () => 'ran');
    const error = await pipeline()
      .callTool(tool(run, input), args, context())
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ValidationError);
    expect((error as ValidationError).message).toBe(message);
    expect(run).not.toHaveBeenCalled();
  });

  test('that pass arrive parsed, with defaults', async () => {
    const run = vi.fn(async () => 'ran');
    await pipeline().callTool(tool(run, input), { message: 'a' }, context());
    expect(run).toHaveBeenCalledWith({ message: 'a', format: 'json' }, expect.any(AbortSignal));
  });

  test('hundreds of unknown fields make a short message', async () => {
    const args = Object.fromEntries(
      Array.from({ length: 500 }, (_, n) => [`field${n}${'x'.repeat(200)}`, n]),
    );
    const error = await pipeline()
      .callTool(tool(), args, context())
      .catch((thrown: Error) => thrown);
    expect((error as Error).message).toMatch(/; 495 more problems$/);
    expect((error as Error).message.length).toBeLessThan(600);
  });
});

describe('the deadline', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test.each([
    ['the default', undefined, 5000, 'probe exceeded 5s timeout'],
    ["the tool's own", 250, 250, 'probe exceeded 0.25s timeout'],
  ])(
    '%s: the signal aborts and the answer does not wait for the tool',
    async (_, timeoutMs, after, message) => {
      let seen: AbortSignal | undefined;
      const run: Run = (_args, signal) => {
        seen = signal;
        return never;
      };
      const slow = tool(run, z.object({}), timeoutMs);
      const call = pipeline().callTool(slow, {}, context());
      const rejected = expect(call).rejects.toEqual(
        new TimeoutError(message, { data: { timeout_ms: after } }),
      );
      await vi.advanceTimersByTimeAsync(after - 1);
      expect(seen?.aborted).toBe(false);
      await vi.advanceTimersByTimeAsync(1);
      await rejected;
      expect(seen?.aborted).toBe(true);
    },
  );

  test('leaves no timer behind', async () => {
    await pipeline().callTool(tool(), {}, context());
    expect(vi.getTimerCount()).toBe(0);
  });

  test('counts the wait for a slot: what is left is less by it, and no turn within half of it is "busy"', async () => {
    const limited = pipeline({ maxConcurrent: 1 });
    const held = Promise.withResolvers<string>();
    void limited.callTool(
      tool(() => held.promise, z.object({}), 60_000),
      {},
      context(),
    );
    const early = limited.callTool(tool(), {}, context());
    const busy = expect(early).rejects.toEqual(new BusyError('no turn came within 2.5 s', 1));
    await vi.advanceTimersByTimeAsync(2499);
    const late = limited.callTool(
      tool(() => never),
      {},
      context(),
    );
    const timedOut = expect(late).rejects.toBeInstanceOf(TimeoutError);
    await vi.advanceTimersByTimeAsync(1);
    await busy;
    await vi.advanceTimersByTimeAsync(2000);
    held.resolve('done');
    await vi.advanceTimersByTimeAsync(2998);
    expect(vi.getTimerCount()).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    await timedOut;
  });

  test('is told to the tool, so that what it waits for can end before', async () => {
    let deadline: number | undefined;
    const asked = performance.now();
    const asking = defineTool({
      ...{ name: 'asking', title: 'Asking', description: 'For tests.', annotations: READ_ONLY },
      ...{ input: z.object({}), output: z.object({}), permission: 'read:analytics', timeoutMs: 700 },
      run: async (_, given) => {
        deadline = given.deadline;
        return { structured: {}, text: '' };
      },
    });
    await pipeline().callTool(asking, {}, context());
    expect(deadline).toBe(asked + 700);
  });
});

describe('cancelling', () => {
  test('ends the call, whatever the tool then throws', async () => {
    const controller = new AbortController();
    const run: Run = async (_, signal) => {
      controller.abort();
      await (signal.aborted || once(signal, 'abort'));
      throw new TypeError('aborted somewhere deep');
    };
    await expect(pipeline().callTool(tool(run), {}, context(controller.signal))).rejects.toBeInstanceOf(
      CancelledError,
    );
  });

  test('with an AisleError as the reason is answered with that', async () => {
    const reason = new UnavailableError('shutting down');
    await expect(pipeline().callTool(tool(), {}, context(AbortSignal.abort(reason)))).rejects.toBe(reason);
  });
});

describe('concurrency', () => {
  function gate() {
    const running: PromiseWithResolvers<string>[] = [];
    const run: Run = () => {
      const held = Promise.withResolvers<string>();
      running.push(held);
      return held.promise;
    };
    return { running, gated: tool(run) };
  }
  /** Enough microtasks for any queued call to have been let in. */
  const settle = () => new Promise((resolve) => setImmediate(resolve));

  test('never more run than may, the queue is first come first served, and what does not fit is refused', async () => {
    const { running, gated } = gate();
    const limited = pipeline({ maxConcurrent: 2, maxQueued: 4, callerShare: 1 });
    const calls = Array.from({ length: 4 }, () => limited.callTool(gated, {}, context()));
    await settle();
    await expect(limited.callTool(gated, {}, context())).rejects.toBeInstanceOf(BusyError);
    expect(running).toHaveLength(2);
    running[0]?.resolve('first');
    await calls[0];
    await settle();
    expect(running).toHaveLength(3);
    running[2]?.resolve('third');
    expect(await calls[2]).toMatchObject({ structured: { value: 'third' } });
    running[1]?.reject(new Error('a slot is freed by a failure too'));
    await expect(calls[1]).rejects.toBeInstanceOf(InternalError);
    await settle();
    running[3]?.resolve('fourth');
    await calls[3];
    const again = limited.callTool(gated, {}, context());
    await settle();
    running[4]?.resolve('fifth');
    await again;
  });

  test('who gives up waiting leaves the queue', async () => {
    const { running, gated } = gate();
    const limited = pipeline({ maxConcurrent: 1, maxQueued: 1 });
    const first = limited.callTool(gated, {}, context());
    const controller = new AbortController();
    const second = limited.callTool(gated, {}, context(controller.signal));
    await settle();
    controller.abort();
    await expect(second).rejects.toBeInstanceOf(CancelledError);
    const third = limited.callTool(gated, {}, context());
    await settle();
    running[0]?.resolve('a');
    await first;
    await settle();
    expect(running).toHaveLength(2);
    running[1]?.resolve('b');
    await third;
  });
});

test('a result outside of the output schema is an internal error, where that is checked', async () => {
  const wrong = { ...tool(), output: z.object({ value: z.number() }) };
  await expect(pipeline({ checkOutput: true }).callTool(wrong, {}, context())).rejects.toBeInstanceOf(
    InternalError,
  );
  await expect(pipeline().callTool(wrong, {}, context())).resolves.toBeDefined();
});
