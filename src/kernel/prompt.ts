import type { z } from 'zod';
import type { Content } from './content.ts';
import type { Permission } from './permission.ts';
import type { RequestContext } from './request-context.ts';

export interface PromptMessage {
  readonly role: 'user' | 'assistant';
  readonly content: Content;
}

/**
 * A request to a model that a person picks and fills in. Whole, as a tool is: nothing about it stands anywhere else. The
 * fields of `input` are strings, as the protocol has them, each with a description.
 */
export interface Prompt<Input extends z.ZodObject = z.ZodObject> {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly input: Input;
  readonly permission: Permission;
  /** For each argument: the values that begin with what was typed. */
  readonly complete?: Completions;
  /** Gets arguments that have passed `input`. Throws `AisleError`s. */
  render(args: z.output<Input>, context: RequestContext): Promise<readonly PromptMessage[]>;
}

/** Values that begin with what was typed, by the name of what is typed in. */
export type Completions = Readonly<
  Record<string, (typed: string, context: RequestContext) => Promise<readonly string[]>>
>;

/** Checks a prompt against its own arguments, and forgets them, so that all fit one list. */
export function definePrompt<Input extends z.ZodObject>(prompt: Prompt<Input>): Prompt {
  return prompt as unknown as Prompt;
}
