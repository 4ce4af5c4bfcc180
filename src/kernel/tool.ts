import type { z } from 'zod';
import type { Content } from './content.ts';
import type { Permission } from './permission.ts';
import type { RequestContext } from './request-context.ts';

/** MCP tool annotations, all stated: a client should not have to guess. */
export interface ToolAnnotations {
  readonly readOnlyHint: boolean;
  readonly destructiveHint: boolean;
  readonly idempotentHint: boolean;
  readonly openWorldHint: boolean;
}

/** What reads and changes nothing, and speaks with nothing but the database. */
export const READ_ONLY: ToolAnnotations = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: false,
};

export interface ToolResult<Structured> {
  /** Goes out as `structuredContent`; matches the tool's output schema. */
  readonly structured: Structured;
  /** The same for a model's eyes, as short as it can be said. */
  readonly text: string;
  /** What text can't say: sent in its place. */
  readonly content?: readonly Content[];
}

/**
 * A tool, whole: nothing about it stands anywhere else. `input` is strict: an unknown argument is an error.
 * `run` gets arguments that have passed `input`, for a principal that has `permission`; it throws `AisleError`s.
 */
export interface Tool<Input extends z.ZodObject = z.ZodObject, Output extends z.ZodObject = z.ZodObject> {
  readonly name: string;
  readonly title: string;
  /** Written for a model: what it gives, when to use it, in as few tokens as possible. */
  readonly description: string;
  readonly input: Input;
  readonly output: Output;
  readonly permission: Permission;
  readonly annotations: ToolAnnotations;
  /** Milliseconds that a call may take in all; the server's default when absent. */
  readonly timeoutMs?: number;
  /** What a call takes from its caller's rate; 1 when absent. Say more for what costs the database more. */
  readonly cost?: number;
  run(args: z.output<Input>, context: RequestContext): Promise<ToolResult<z.output<Output>>>;
}

/** Checks a tool against its own schemas, and forgets them, so that tools of all shapes fit one list. */
export function defineTool<Input extends z.ZodObject, Output extends z.ZodObject>(
  tool: Tool<Input, Output>,
): Tool {
  return tool as unknown as Tool;
}
