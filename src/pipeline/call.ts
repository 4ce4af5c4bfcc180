import type { z } from 'zod';
import type { Permission } from '../kernel/permission.ts';
import type { RequestContext } from '../kernel/request-context.ts';
import type { CachePolicy } from '../kernel/tool.ts';

/** What is called: a tool, a resource that is read, a prompt that is filled in, or a variable that is completed. */
export interface Target {
  readonly kind: 'tool' | 'resource' | 'prompt' | 'completion';
  readonly name: string;
  readonly permission: Permission;
  readonly timeoutMs?: number | undefined;
  /** Points of the caller's rate; 1 when absent. */
  readonly cost?: number | undefined;
  /** It may change something, and says so. */
  readonly writes?: boolean;
  /** Absent: its answers are not given again. */
  readonly cache?: CachePolicy | undefined;
  /** The arguments' schema; absent where the protocol layer made the arguments itself. */
  readonly input?: z.ZodObject;
  /** What stands for arguments where there is no schema: variables of a URI, what is completed. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Its texts may have any characters. */
  readonly judgesText?: boolean | undefined;
  run(args: unknown, context: RequestContext): Promise<unknown>;
}

/** One call on its way through the pipeline. A concern that changes it hands on a copy. */
export interface Call {
  readonly target: Target;
  readonly args: unknown;
  readonly context: RequestContext;
}

export type Handler = (call: Call) => Promise<unknown>;

/** One thing that happens around every call: made once, wrapped around the next. */
export type Concern = (next: Handler) => Handler;
