import type { z } from 'zod';
import type { Content } from './content.ts';
import type { Permission } from './permission.ts';
import type { AnswerSource, RequestContext } from './request-context.ts';

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

/**
 * That a tool's answers may be given again, to anybody with the same arguments, stores and permissions. Its answers then
 * depend on nothing else but what its queries read, and the time: not on who calls, nor on the roles. Absent: never.
 */
export interface CachePolicy<Args = unknown> {
  /** Seconds that an answer is kept at most, and no longer than the UTC day: how far `now` in it may be off. */
  readonly ttlSeconds: number;
  /** Seconds after which an answer may still be given, marked as stale, while the database is out of reach. Absent: none. */
  readonly staleSeconds?: number;
  /** Notes in the context what `run` would have noted there for the audit. */
  note?(args: Args, context: RequestContext): void;
}

/** Where an answer came from that a cache had a hand in. */
export interface AnswerOrigin {
  /** `computed`: for this very call. */
  readonly from: AnswerSource | 'computed';
  /** Milliseconds since it was asked for in the database. */
  readonly ageMs: number;
}

export interface ToolResult<Structured> {
  /** Goes out as `structuredContent`; matches the tool's output schema. */
  readonly structured: Structured;
  /** The same for a model's eyes, as short as it can be said. */
  readonly text: string;
  /** What text can't say: sent in its place. */
  readonly content?: readonly Content[];
  /** It holds for the moment only, as when something is out of reach: not to be given again. */
  readonly isPassing?: boolean;
  /** `structured` as JSON, where it has been written down already. */
  readonly serialized?: string;
  /** Absent where no cache was asked. */
  readonly origin?: AnswerOrigin;
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
  readonly cache?: CachePolicy<z.output<Input>>;
  /** It tells its client of its progress, or asks it something, while it runs: only then its context has a client. */
  readonly talks?: boolean;
  /** It has words of its own for texts that PostgreSQL does not take: to others none with a NUL in it comes. */
  readonly judgesText?: boolean;
  run(args: z.output<Input>, context: RequestContext): Promise<ToolResult<z.output<Output>>>;
}

/** Checks a tool against its own schemas, and forgets them, so that tools of all shapes fit one list. */
export function defineTool<Input extends z.ZodObject, Output extends z.ZodObject>(
  tool: Tool<Input, Output>,
): Tool {
  return tool as unknown as Tool;
}
