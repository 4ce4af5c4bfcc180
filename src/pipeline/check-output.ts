import { InternalError } from '../kernel/errors.ts';
import type { Tool, ToolResult } from '../kernel/tool.ts';

/** Holds a tool to its own output schema. For development and tests: it costs a parse of every result. */
export function checkOutput(tool: Tool, result: ToolResult<unknown>): ToolResult<unknown> {
  const parsed = tool.output.safeParse(result.structured);
  if (parsed.success) return result;
  throw new InternalError('Internal server error: the tool answered outside of its own output schema.', {
    cause: parsed.error,
  });
}
