import type { Clock } from '../kernel/clock.ts';
import { AisleError } from '../kernel/errors.ts';
import type { Logger } from '../kernel/logger.ts';
import type { ToolResult } from '../kernel/tool.ts';
import type { Call, Concern } from './call.ts';

const EVENTS = {
  ...{ tool: 'tool_call', resource: 'resource_read' },
  ...{ prompt: 'prompt_get', completion: 'completion' },
} as const;
const NAMES = {
  ...{ tool: 'tool_name', resource: 'resource_name' },
  ...{ prompt: 'prompt_name', completion: 'resource_name' },
} as const;

/** One line a call, however it ended. Arguments and results are never in it. */
export function logCalls(options: { readonly logger: Logger; readonly clock: Clock }): Concern {
  const { logger, clock } = options;
  return (next) => async (call) => {
    const started = clock.monotonic();
    const facts = (status: 'ok' | 'error') => ({
      ...identify(call),
      status,
      duration_ms: since(started, clock),
    });
    try {
      const result = await next(call);
      if (logger.writes('info'))
        logger.info(EVENTS[call.target.kind], { ...facts('ok'), ...answeredFrom(result) });
      return result;
    } catch (error) {
      const code = error instanceof AisleError ? error.code : 'INTERNAL_ERROR';
      const fields = { ...facts('error'), error_code: code };
      if (code === 'INPUT_REQUIRED') logger.info(EVENTS[call.target.kind], fields);
      else if (code === 'INTERNAL_ERROR') logger.error(EVENTS[call.target.kind], { ...fields, error });
      else logger.warn(EVENTS[call.target.kind], { ...fields, ...causeOf(error) });
      throw error;
    }
  };
}

function identify({ target, context }: Call) {
  return {
    [NAMES[target.kind]]: target.name,
    request_id: context.requestId,
    claude_session_id: context.sessionId,
    trace_id: context.origin?.traceId,
    subject: context.principal.subject,
    subject_name: context.principal.name,
  };
}

/** Which cache had the answer, for answers that one was asked for. */
function answeredFrom(result: unknown): { answered_from?: string } {
  const origin = (result as Partial<ToolResult<unknown>> | undefined)?.origin;
  return origin === undefined ? {} : { answered_from: origin.from };
}

function since(started: number, clock: Clock): number {
  return Math.round((clock.monotonic() - started) * 1000) / 1000;
}

/** The message of a refusal is the caller's to read and may quote the caller; the log gets what is underneath. */
function causeOf(error: unknown): { cause?: unknown } {
  return error instanceof Error && error.cause !== undefined ? { cause: error.cause } : {};
}
