import type { CallToolResult, Server } from '@modelcontextprotocol/server';
import { NotFoundError } from '../kernel/errors.ts';
import type { RequestContext } from '../kernel/request-context.ts';
import type { AnswerOrigin, Tool } from '../kernel/tool.ts';
import { didYouMean, quotable } from '../pipeline/nearest-name.ts';
import { toolFailure } from './errors.ts';
import { answer, findOrCount, noteRefusal, refuseCursor, requestContext, type Session } from './session.ts';

/** In `_meta` of what a cache was asked for: whether the answer was given again, how old it is, and whether it may be outdated. */
const CACHE_META = 'aisle/cache';

function cacheMeta({ from, ageMs }: AnswerOrigin) {
  return { hit: from !== 'computed', from, age_ms: ageMs, stale: from === 'stale' };
}

/** `tools/list` and `tools/call`. */
export function serveTools(server: Server, session: Session): void {
  server.setRequestHandler('tools/list', async ({ params }, sdk) => {
    const { requestId } = requestContext(session, sdk);
    return answer(session, requestId, async () => {
      refuseCursor(params?.cursor);
      return { tools: visible(session).map(({ definition }) => ({ ...definition })) };
    });
  });
  server.setRequestHandler('tools/call', async ({ params }, sdk) => {
    const context = requestContext(session, sdk);
    return answer(session, context.requestId, () =>
      callTool(session, params.name, params.arguments, context),
    );
  });
}

async function callTool(
  session: Session,
  name: string,
  args: unknown,
  context: RequestContext,
): Promise<CallToolResult> {
  const tool = await findOrCount(session, context, () => find(session, name));
  try {
    const { structured, text, origin } = await session.serving.pipeline.callTool(tool, args, context);
    return {
      content: [{ type: 'text', text }],
      structuredContent: structured as Record<string, unknown>,
      ...(origin && { _meta: { [CACHE_META]: cacheMeta(origin) } }),
    };
  } catch (error) {
    noteRefusal(session, error);
    return toolFailure(error, context.requestId);
  }
}

function find(session: Session, name: string): Tool {
  const entry = session.tools.get(name);
  if (entry !== undefined) return entry.tool;
  const known = visible(session).map(({ tool }) => tool.name);
  throw new NotFoundError('TOOL_NOT_FOUND', `Unknown tool: ${quotable(name)}.${didYouMean(name, known)}`);
}

function visible({ tools, serving, caller }: Session) {
  return [...tools.values()].filter(({ tool }) => serving.pipeline.shows(caller.principal, tool));
}
