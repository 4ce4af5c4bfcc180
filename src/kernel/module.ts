import type { Prompt } from './prompt.ts';
import type { Resource } from './resource.ts';
import type { Tool } from './tool.ts';

/** A business domain: what it offers over MCP. Made by a factory in `src/modules/<domain>/index.ts`. */
export interface Module {
  readonly name: string;
  readonly tools: readonly Tool[];
  readonly resources: readonly Resource[];
  readonly prompts?: readonly Prompt[];
}
