import type { AnswerCache } from '../cache/answer-cache.ts';
import type { ToolResult } from '../kernel/tool.ts';
import type { Concern } from './call.ts';

/** Gives answers of tools that allow it again. What it can't is computed further in, where a slot is taken. */
export function answerFromCache(cache: AnswerCache): Concern {
  return (next) => async (call) => {
    const { target, args, context } = call;
    const { name: tool, cache: policy } = target;
    if (policy === undefined) return next(call);
    return cache.answer(
      { tool, args, policy, context },
      (own) => next({ ...call, context: own }) as Promise<ToolResult<unknown>>,
    );
  };
}
