import {
  type CallToolResult,
  type Implementation,
  ProtocolError,
  SERVER_INFO_META_KEY,
} from '@modelcontextprotocol/server';
import { AisleError } from '../kernel/errors.ts';
import type { Principal } from '../kernel/principal.ts';
import type { RequestContext } from '../kernel/request-context.ts';
import { readTraceContext } from '../telemetry/trace-context.ts';
import type { Caller } from './caller.ts';
import { catalogue } from './catalogue.ts';
import { toolFailure } from './errors.ts';
import { contextOf, findOrCount, mapErrors } from './instance.ts';
import { LIST_HINT, serverInfo } from './server-info.ts';
import type { Serving } from './serving.ts';
import { cacheMeta, contentOf, findTool, listTools, type ToolSource } from './tools.ts';

/** Which wording the client understands: that of 2026-07-28, or that of 2025-11-25 and before. */
type Era = 'modern' | 'legacy';

interface DirectCall {
  readonly method: 'tools/call';
  readonly name: string;
  readonly args: unknown;
}

/** What can be answered with one message, to a client that wants to hear of nothing else. */
export type DirectQuestion = { readonly method: 'tools/list' } | DirectCall;

export type DirectRequest = DirectQuestion & {
  readonly era: Era;
  readonly id: string | number;
  readonly traceparent?: unknown;
  readonly tracestate?: unknown;
};

export interface DirectAnswers {
  /** Whether it needs no SDK: what talks with its client while it runs does. */
  takes(request: DirectRequest): boolean;
  /** The JSON-RPC message that the SDK's server would send, byte for byte. */
  answer(request: DirectRequest, caller: Caller): Promise<string>;
}

export function createDirectAnswers(serving: Serving): DirectAnswers {
  const source = { serving, tools: catalogue(serving.modules) };
  const info = serverInfo(serving.version);
  const lists = createLists(source, info);
  return {
    takes: (request) =>
      request.method === 'tools/list' || source.tools.get(request.name)?.tool.talks !== true,
    async answer(request, caller) {
      const { era, traceparent, tracestate } = request;
      const context = contextOf(caller, caller.signal, readTraceContext(traceparent, tracestate));
      const id = JSON.stringify(request.id);
      try {
        const result = await mapErrors(serving, caller, context, async () => {
          if (request.method === 'tools/list') return lists(caller.principal, era);
          const called = await callDirectly(source, request, caller, context);
          return resultText(called, era === 'modern' ? info : undefined);
        });
        return `{"result":${result},"jsonrpc":"2.0","id":${id}}`;
      } catch (error) {
        if (!(error instanceof ProtocolError)) throw error;
        const { code, message, data } = error;
        return `{"jsonrpc":"2.0","id":${id},"error":${JSON.stringify({ code, message, data })}}`;
      }
    },
  };
}

/** What a tool answers, its structure as JSON. */
interface Called extends Pick<CallToolResult, '_meta' | 'content' | 'isError'> {
  readonly structured?: string;
}

async function callDirectly(
  source: ToolSource,
  { name, args }: DirectCall,
  caller: Caller,
  context: RequestContext,
): Promise<Called> {
  const tool = await findOrCount(source, context, () => findTool(source, name, context.principal));
  try {
    const result = await source.serving.pipeline.callTool(tool, args, context);
    return {
      content: contentOf(result),
      structured: result.serialized ?? JSON.stringify(result.structured),
      ...(result.origin && { _meta: cacheMeta(result.origin) }),
    };
  } catch (error) {
    if (error instanceof AisleError) caller.onRefusal?.(error);
    return toolFailure(error, context.requestId);
  }
}

/**
 * In the order of the specification's schema, which is the one that the SDK writes. A result of 2026-07-28, of which `info` is
 * given, says that it is whole, and who made it.
 */
function resultText({ _meta, content, structured, isError }: Called, info?: Implementation): string {
  const meta = JSON.stringify(info === undefined ? _meta : { ..._meta, [SERVER_INFO_META_KEY]: info });
  const members = [
    _meta && `"_meta":${meta}`,
    `"content":${JSON.stringify(content)}`,
    structured && `"structuredContent":${structured}`,
    isError !== undefined && `"isError":${isError}`,
    info && '"resultType":"complete"',
    _meta === undefined && info && `"_meta":${meta}`,
  ];
  return `{${members.filter(Boolean).join(',')}}`;
}

/** Results of `tools/list` as JSON, written once for each set of tools that somebody may see. */
function createLists(source: ToolSource, info: Implementation): (principal: Principal, era: Era) => string {
  const ofPrincipals = { modern: new WeakMap<Principal, string>(), legacy: new WeakMap<Principal, string>() };
  const written = new Map<string, string>();
  const write = (principal: Principal, era: Era): string => {
    const list = listTools(source, principal);
    const key = `${era} ${list.tools.map(({ name }) => name).join(' ')}`;
    const hints = { resultType: 'complete', ...LIST_HINT, _meta: { [SERVER_INFO_META_KEY]: info } };
    const text = written.get(key) ?? JSON.stringify(era === 'modern' ? { ...list, ...hints } : list);
    written.set(key, text);
    return text;
  };
  return (principal, era) => {
    // A principal is made once for some seconds of requests, and never changed.
    const known = ofPrincipals[era];
    const text = known.get(principal) ?? write(principal, era);
    known.set(principal, text);
    return text;
  };
}
