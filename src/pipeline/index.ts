import type { AnswerCache } from '../cache/answer-cache.ts';
import type { CallLog } from '../kernel/audit.ts';
import { type Clock, systemClock } from '../kernel/clock.ts';
import { InsufficientScopeError } from '../kernel/errors.ts';
import type { Logger } from '../kernel/logger.ts';
import type { Principal } from '../kernel/principal.ts';
import type { Completions, Prompt, PromptMessage } from '../kernel/prompt.ts';
import type { RequestContext } from '../kernel/request-context.ts';
import type { Resource, ResourceContent } from '../kernel/resource.ts';
import type { Tool, ToolResult } from '../kernel/tool.ts';
import { decide, type Guarded } from '../policy/decide.ts';
import { type CallerRate, spend } from '../resilience/caller-rate.ts';
import { FairGate } from '../resilience/fair-gate.ts';
import { answerFromCache } from './answer-from-cache.ts';
import { auditCalls } from './audit-calls.ts';
import { authorize } from './authorize.ts';
import type { Concern, Handler, Target } from './call.ts';
import { checkOutput } from './check-output.ts';
import { containFailures } from './contain-failures.ts';
import { deadline } from './deadline.ts';
import { limitConcurrency } from './limit-concurrency.ts';
import { limitRate } from './limit-rate.ts';
import { logCalls } from './log-calls.ts';
import { refuseNul } from './refuse-nul.ts';
import { validateArguments } from './validate-arguments.ts';

export interface PipelineOptions {
  readonly logger: Logger;
  readonly clock?: Clock;
  /** Where calls are recorded; absent only where nothing may be changed or nobody is served. */
  readonly audit?: CallLog | undefined;
  /** Milliseconds a call may take, unless its tool says otherwise. Default 5000. */
  readonly timeoutMs?: number;
  /** Calls that run at once. Default 100. */
  readonly maxConcurrent?: number;
  /** Calls that wait beyond those. Default 4 times as many as may run. */
  readonly maxQueued?: number;
  /** Part of the calls that run at once which one principal may have running. Default 0.25. */
  readonly callerShare?: number;
  /** Absent: callers may call as often as they like. */
  readonly rateLimits?: CallerRate | undefined;
  /** Where answers are kept; absent: nowhere. */
  readonly cache?: AnswerCache | undefined;
  /** Check every result against the tool's output schema. Default false. */
  readonly checkOutput?: boolean;
}

/** What has variables or arguments to fill in. */
export interface Completable extends Guarded {
  readonly complete?: Completions;
}

/** The only way to call a tool, read a resource or get a prompt. All of it throws `AisleError`s and nothing else. */
export interface Pipeline {
  callTool(tool: Tool, args: unknown, context: RequestContext): Promise<ToolResult<unknown>>;
  readResource(
    resource: Resource,
    variables: Readonly<Record<string, string>>,
    context: RequestContext,
  ): Promise<ResourceContent>;
  getPrompt(prompt: Prompt, args: unknown, context: RequestContext): Promise<readonly PromptMessage[]>;
  /** Values of a variable or argument that begin with what was typed; none when it has no completion. */
  complete(
    of: Completable,
    variable: string,
    typed: string,
    context: RequestContext,
  ): Promise<readonly string[]>;
  /** Counts a call of something that there is not, which would cost nothing otherwise. Throws `RateLimitedError`. */
  missed(context: RequestContext): Promise<void>;
  /** Whether the principal may use it, perhaps with a token of more scopes: lists show nothing else. */
  shows(principal: Principal, guarded: Guarded): boolean;
  /** Throws `AuthorizationError` where the principal may not use it now. */
  authorize(principal: Principal, guarded: Guarded): void;
}

export function createPipeline(options: PipelineOptions): Pipeline {
  const run = compose(order(options));
  const tools = new WeakMap<Tool, Target>();
  const asTarget = (tool: Tool): Target => {
    const target = tools.get(tool) ?? toolTarget(tool, options.checkOutput ?? false);
    tools.set(tool, target);
    return target;
  };
  return {
    callTool: (tool, args, context) =>
      run({ target: asTarget(tool), args, context }) as Promise<ToolResult<unknown>>,
    readResource: (resource, variables, context) =>
      run({ target: readTarget(resource, variables), args: undefined, context }) as Promise<ResourceContent>,
    getPrompt: (prompt, args, context) =>
      run({ target: promptTarget(prompt), args, context }) as Promise<readonly PromptMessage[]>,
    complete: (of, variable, typed, context) =>
      run({ target: completionTarget(of, variable, typed), args: undefined, context }) as Promise<
        readonly string[]
      >,
    missed: async (context) => {
      if (options.rateLimits !== undefined) await spend(options.rateLimits, context, { action: 'call' });
    },
    shows: (principal, guarded) => {
      const decision = decide(principal, guarded);
      return decision.allowed || decision.refusal instanceof InsufficientScopeError;
    },
    authorize: (principal, guarded) => {
      const decision = decide(principal, guarded);
      if (!decision.allowed) throw decision.refusal;
    },
  };
}

/** What happens around every call, outermost first. This is the only place that says so. */
function order(options: PipelineOptions): readonly Concern[] {
  const { logger, audit, clock = systemClock, maxConcurrent: capacity = 100 } = options;
  const { callerShare = 0.25, maxQueued = 4 * capacity, rateLimits } = options;
  return [
    logCalls({ logger, clock }), // outermost: refusals are logged too
    ...(audit === undefined ? [] : [auditCalls({ log: audit, clock })]), // so are refusals in the audit, by their codes
    containFailures(),
    ...(rateLimits === undefined ? [] : [limitRate(rateLimits)]), // before any work: what is refused counts as well
    authorize(),
    validateArguments(),
    refuseNul(),
    deadline({ timeoutMs: options.timeoutMs ?? 5000, clock }), // outside of the queue: waiting counts
    ...(options.cache === undefined ? [] : [answerFromCache(options.cache)]), // what is known takes no slot
    limitConcurrency(new FairGate({ capacity, callerShare, maxQueued, clock })),
  ];
}

function compose(concerns: readonly Concern[]): Handler {
  const innermost: Handler = async ({ target, args, context }) => target.run(args, context);
  return concerns.reduceRight<Handler>((next, concern) => concern(next), innermost);
}

function toolTarget(tool: Tool, check: boolean): Target {
  const { name, permission, timeoutMs, cost, input, annotations, judgesText } = tool;
  const cache = annotations.readOnlyHint ? (tool.cache as Target['cache']) : undefined;
  return {
    ...{ kind: 'tool', name, permission, timeoutMs, cost, input, cache, writes: !annotations.readOnlyHint },
    judgesText,
    run: async (args, context) => {
      const result = await tool.run(args as Parameters<Tool['run']>[0], context);
      return check ? checkOutput(tool, result) : result;
    },
  };
}

function readTarget(resource: Resource, variables: Readonly<Record<string, string>>): Target {
  const { name, permission } = resource;
  const run: Target['run'] = (_, context) => resource.read(variables, context);
  return { kind: 'resource', name, permission, variables, run };
}

function promptTarget(prompt: Prompt): Target {
  const { name, permission, input } = prompt;
  const run: Target['run'] = (args, context) =>
    prompt.render(args as Parameters<Prompt['render']>[0], context);
  return { kind: 'prompt', name, permission, input, run };
}

function completionTarget(of: Completable, variable: string, typed: string): Target {
  const { name, permission, complete = {} } = of;
  const values = Object.hasOwn(complete, variable) ? complete[variable] : undefined;
  const run: Target['run'] = async (_, context) => values?.(typed, context) ?? [];
  return { kind: 'completion', name, permission, variables: { [variable]: typed }, run };
}
