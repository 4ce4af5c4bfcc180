import type {
  CallToolResult,
  InputRequiredResult,
  Server,
  ServerContext,
} from '@modelcontextprotocol/server';
import { ClientAbilityError, InputRequiredError, NotFoundError } from '../kernel/errors.ts';
import type { Principal } from '../kernel/principal.ts';
import type { RequestContext } from '../kernel/request-context.ts';
import type { AnswerOrigin, Tool, ToolResult } from '../kernel/tool.ts';
import { didYouMean, quotable } from '../pipeline/nearest-name.ts';
import { converse } from './conversation.ts';
import { toolFailure } from './errors.ts';
import { answer, findOrCount, type Instance, noteRefusal } from './instance.ts';
import { pageOf } from './paging.ts';
import { PAGE_SIZE } from './serving.ts';

/** In `_meta` of what a cache was asked for: whether the answer was given again, how old it is, and whether it may be outdated. */
const CACHE_META = 'aisle/cache';

/** What `_meta` tells of an answer that a cache was asked for. */
export function cacheMeta({ from, ageMs }: AnswerOrigin) {
  return { [CACHE_META]: { hit: from !== 'computed', from, age_ms: ageMs, stale: from === 'stale' } };
}

/** What tools are listed and called from. */
export type ToolSource = Pick<Instance, 'serving' | 'tools'>;

/** `tools/list` and `tools/call`. */
export function serveTools(server: Server, instance: Instance): void {
  server.setRequestHandler('tools/list', async ({ params }, sdk) =>
    answer(instance, sdk, async ({ principal }) => {
      const { tools, ...next } = listTools(instance, principal, params?.cursor);
      return { tools: tools.map((definition) => ({ ...definition })), ...next };
    }),
  );
  server.setRequestHandler('tools/call', async ({ params: { name, arguments: args } }, sdk) =>
    answer(instance, sdk, async (context) => {
      const tool = await findOrCount(instance, context, () => findTool(instance, name, context.principal));
      return callTool(instance, sdk, tool, args, context);
    }),
  );
}

function callTool(
  instance: Instance,
  sdk: ServerContext,
  tool: Tool,
  args: unknown,
  context: RequestContext,
): Promise<CallToolResult | InputRequiredResult> {
  return converse(instance, sdk, [tool.name, args], context, async (asking) => {
    try {
      return await runTool(instance, tool, args, tool.talks ? asking : context);
    } catch (error) {
      if (error instanceof InputRequiredError) throw error;
      // 2026-07-28 has an error of its own for this; before, the model is told.
      if (error instanceof ClientAbilityError && sdk.mcpReq.envelope !== undefined) throw error;
      noteRefusal(instance, sdk, error);
      return toolFailure(error, context.requestId);
    }
  });
}

/** What a tool answers. Throws what it throws. */
async function runTool(
  { serving }: ToolSource,
  tool: Tool,
  args: unknown,
  context: RequestContext,
): Promise<CallToolResult> {
  const result = await serving.pipeline.callTool(tool, args, context);
  return {
    content: contentOf(result),
    structuredContent: result.structured as Record<string, unknown>,
    ...(result.origin && { _meta: cacheMeta(result.origin) }),
  };
}

export function contentOf({ content, text }: ToolResult<unknown>): CallToolResult['content'] {
  return content === undefined ? [{ type: 'text', text }] : content.map((part) => ({ ...part }));
}

/** Throws `NotFoundError`. */
export function findTool(instance: ToolSource, name: string, principal: Principal): Tool {
  const entry = instance.tools.get(name);
  if (entry !== undefined) return entry.tool;
  const known = visible(instance, principal).map(({ tool }) => tool.name);
  throw new NotFoundError('TOOL_NOT_FOUND', `Unknown tool: ${quotable(name)}.${didYouMean(name, known)}`);
}

/** A page of the tools that somebody may use, perhaps with a token of more scopes. */
export function listTools(source: ToolSource, principal: Principal, cursor?: string) {
  const shown = visible(source, principal);
  const { items, ...next } = pageOf(shown, ({ tool }) => tool.name, cursor, PAGE_SIZE);
  return { tools: items.map(({ definition }) => definition), ...next };
}

function visible({ tools, serving }: ToolSource, principal: Principal) {
  return [...tools.values()].filter(({ tool }) => serving.pipeline.shows(principal, tool));
}
